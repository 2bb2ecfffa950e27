// The board of pins, its pockets, and the path that an event tells.

import type { ShownEvent } from '../../lib/protocol/frames';
import { field } from '../events';

export type Risk = 'low' | 'medium' | 'high';

/** What a pocket pays, hundredths of the stake, from either edge to the middle; by rows, from eight. */
const PAYS: Record<Risk, string[]> = {
  low: ['610 195 105 85 80', '660 300 155 90 70', '990 360 175 105 80 70', '1050 490 250 140 85 65', '1200 480 230 140 100 80 80', '990 550 310 190 125 85 70', '880 400 220 150 115 95 90 90', '1750 1000 590 350 210 125 80 50', '1850 1050 590 350 220 140 95 70 60'],
  medium: ['1550 310 110 65 55', '1850 570 195 75 40', '2550 610 210 100 65 55', '2850 690 240 115 80 70', '3700 1250 470 200 95 55 40', '5000 1700 650 270 125 65 45', '6600 1950 680 280 145 85 65 60', '9900 2800 950 380 180 105 70 60', '12500 3300 1100 430 210 120 85 70 65'],
  high: ['3400 540 105 30 10', '5100 850 175 45 20', '9000 1400 270 70 25 15', '14500 1700 320 95 50 40', '20000 2750 540 155 65 40 35', '31000 4300 840 230 85 45 40', '49000 7400 1450 370 125 55 35 30', '74000 15000 3200 780 210 60 20 10', '117000 22500 4900 1150 320 100 35 15 10'],
};

export interface Board {
  rows: number;
  risk: Risk;
}

export function readConfig(config: string): Board {
  const rows = Number(/"rows":(\d{1,2})/.exec(config)?.[1] ?? 12);
  const risk = /"risk":"(low|medium|high)"/.exec(config)?.[1] ?? 'medium';
  return { rows: Math.min(16, Math.max(8, rows)), risk: risk as Risk };
}

/** Hundredths of the stake by pocket, from the left. */
export function pockets({ rows, risk }: Board): number[] {
  const half = (PAYS[risk][rows - 8] ?? '').split(' ').map(Number);
  return Array.from({ length: rows + 1 }, (_, at) => half[Math.min(at, rows - at)] ?? 0);
}

export interface Drop {
  path: string;
  pocket: number;
  multiplierCenti: number;
}

export function fold(events: ShownEvent[]): Drop | null {
  const data = events.filter(({ name }) => name === 'drop').at(-1)?.data;
  if (data === undefined) return null;
  return { path: String(field(data, 'path')), pocket: Number(field(data, 'pocket')), multiplierCenti: Number(field(data, 'multiplier_centi')) };
}

/** The cone's places, in halves of a pin's distance from the middle, from the top on: one more than there are rows. */
export function places(path: string): number[] {
  const all = [0];
  for (const way of path) all.push((all.at(-1) ?? 0) + (way === 'R' ? 1 : -1));
  return all;
}
