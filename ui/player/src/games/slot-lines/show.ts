// What a deal's events say, in the order in which they are shown.

import type { ShownEvent } from '../../lib/protocol/frames';
import { field, minorOf } from '../events';
import type { Highlight } from './reels';
import { letterOf, LINES, type Letter } from './symbols';

export interface LineWin {
  line: number;
  count: number;
  multiplier: number;
  paidMinor: bigint;
  letter: Letter | undefined;
}

export interface Shown {
  /** Three letters a reel; null when the deal has no reels, as the purchase of a bonus. */
  window: string[] | null;
  lines: LineWin[];
  scatter: { count: number; paidMinor: bigint } | null;
  free: { added: number; left: number; total: number } | null;
}

export function read(events: ShownEvent[]): Shown {
  const shown: Shown = { window: null, lines: [], scatter: null, free: null };
  for (const { name, data } of events) {
    const number = (of: string): number => Number(field(data, of) ?? 0);
    if (name === 'reels') {
      const reels = field(data, 'reels');
      shown.window = Array.isArray(reels) ? reels.map(String) : null;
    } else if (name === 'line') {
      const letter = letterOf(String(field(data, 'symbol')));
      shown.lines.push({ line: number('line'), count: number('count'), multiplier: number('multiplier'), paidMinor: minorOf(data, 'paid_minor'), letter });
    } else if (name === 'scatter') {
      shown.scatter = { count: number('count'), paidMinor: minorOf(data, 'paid_minor') };
    } else if (name === 'free_spins') {
      shown.free = { added: number('added'), left: number('left'), total: number('total') };
    }
  }
  return shown;
}

/** What to light, one after the other: each line, then the lanterns. */
export function highlights({ window, lines, scatter, free }: Shown): { light: Highlight; of: LineWin | 'scatter' }[] {
  const lit = lines.map((win) => {
    const rows = LINES[win.line - 1] ?? [];
    const cells = rows.slice(0, win.count).map((row, reel): [number, number] => [reel, row]);
    return { light: { line: win.line, cells }, of: win as LineWin | 'scatter' };
  });
  if (!window || (!scatter && !(free && free.added > 0))) return lit;
  const lanterns = window.flatMap((reel, at) => [...reel].flatMap((letter, row): [number, number][] => (letter === 'L' ? [[at, row]] : [])));
  return [...lit, { light: { line: null, cells: lanterns }, of: 'scatter' as const }];
}
