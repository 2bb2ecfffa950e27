// The field as the events tell it.

import type { ShownEvent } from '../../lib/protocol/frames';
import { field } from '../events';

export const CELLS = 25;
export const PICK = 1;
export const CASH_OUT = 2;

export interface Field {
  /** Cells that were opened and held. */
  safe: Set<number>;
  /** The cell that broke. */
  broke: number | null;
  /** All mines, once the round is over. */
  mines: Set<number>;
  ended: boolean;
  picks: number;
  /** What stopping pays now, and after one more pick, in ten-thousandths of the stake; zero where there is nothing. */
  priceE4: number;
  nextE4: number;
}

export function fold(events: ShownEvent[]): Field {
  const seen: Field = { safe: new Set(), broke: null, mines: new Set(), ended: false, picks: 0, priceE4: 0, nextE4: 0 };
  for (const { name, data } of events) {
    if (name === 'pick') {
      const cell = Number(field(data, 'cell'));
      if (field(data, 'mined') === true) seen.broke = cell;
      else seen.safe.add(cell);
      seen.picks = Number(field(data, 'picks') ?? 0);
      seen.priceE4 = Number(field(data, 'price_e4') ?? 0);
      seen.nextE4 = Number(field(data, 'next_e4') ?? 0);
    } else if (name === 'end') {
      const mines = field(data, 'mines');
      seen.mines = new Set(Array.isArray(mines) ? mines.map(Number) : []);
      seen.ended = true;
      seen.nextE4 = 0;
    }
  }
  return seen;
}

export type Look = 'closed' | 'safe' | 'broke' | 'mine' | 'rest';

export function look({ safe, broke, mines, ended }: Field, cell: number): Look {
  if (cell === broke) return 'broke';
  if (safe.has(cell)) return 'safe';
  return !ended ? 'closed' : mines.has(cell) ? 'mine' : 'rest';
}

export function minesOf(config: string): number {
  const found = /"mines":(\d{1,2})/.exec(config);
  return found ? Number(found[1]) : 0;
}
