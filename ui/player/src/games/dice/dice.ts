// The lines of the dice and what they pay, as the game reckons; and what its event says.

import type { ShownEvent } from '../../lib/protocol/frames';
import { field } from '../events';

export type Side = 'under' | 'over';

const RESULTS = 10_000;
export const LINE_STEP = 25;

export function edgeOf(config: string): number {
  const found = /"edge_bp":(\d{1,4})/.exec(config);
  return found ? Number(found[1]) : 100;
}

/** Results of ten thousand that win; a line is in hundredths. */
export const winning = (side: Side, line: number): number => (side === 'under' ? line : RESULTS - line - 1);

/** Ten-thousandths of the stake, rounded down. */
export const multiplierE4 = (edgeBp: number, wins: number): number => Math.floor(((RESULTS - edgeBp) * 10_000) / wins);

export function isOffered(edgeBp: number, side: Side, line: number): boolean {
  const wins = winning(side, line);
  return line % LINE_STEP === 0 && wins >= 100 && wins <= 9800 && multiplierE4(edgeBp, wins) > 10_000;
}

/** Least and most line of a side. */
export function range(edgeBp: number, side: Side): [number, number] {
  const all = Array.from({ length: RESULTS / LINE_STEP }, (_, at) => at * LINE_STEP).filter((line) => isOffered(edgeBp, side, line));
  return [all[0] ?? 100, all.at(-1) ?? 9800];
}

export const spotOf = (side: Side, line: number): number => (side === 'under' ? line : RESULTS + line);

export interface Roll {
  roll: number;
  line: number;
  side: Side;
  won: boolean;
}

export function fold(events: ShownEvent[]): Roll | null {
  const data = events.filter(({ name }) => name === 'roll').at(-1)?.data;
  if (data === undefined) return null;
  return { roll: Number(field(data, 'roll')), line: Number(field(data, 'line')), side: field(data, 'side') === 'over' ? 'over' : 'under', won: field(data, 'won') === true };
}

/** Hundredths with their point. */
export const hundredths = (value: number): string => (value / 100).toFixed(2);
