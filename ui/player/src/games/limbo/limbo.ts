// The ladder of targets, and how high the kite got.

import type { ShownEvent } from '../../lib/protocol/frames';
import { field } from '../events';

/** First and last target and the step between, hundredths. */
const BANDS = [[101, 200, 1], [205, 500, 5], [510, 1000, 10], [1050, 2000, 50], [2100, 10_000, 100], [15_000, 100_000, 5000], [150_000, 1_000_000, 50_000], [1_500_000, 10_000_000, 500_000], [15_000_000, 100_000_000, 5_000_000]] as const;

/** Every target, ascending, hundredths: spots have the same ids. */
export const TARGETS: number[] = BANDS.flatMap(([first, last, step]) => Array.from({ length: (last - first) / step + 1 }, (_, at) => first + at * step));

/** The target nearest below what was typed, or the lowest. */
export const nearest = (centi: number): number => Math.max(0, TARGETS.filter((each) => each <= centi).length - 1);

/** The chance of a target, in percent. */
export const chance = (edgeBp: number, centi: number): number => (10_000 - edgeBp) / centi;

export interface Flight {
  /** Where the line snapped, hundredths: it may be beyond 2^53. */
  crashCenti: bigint;
  targetCenti: number;
  won: boolean;
}

export function fold(events: ShownEvent[]): Flight | null {
  const data = events.filter(({ name }) => name === 'crash').at(-1)?.data;
  if (data === undefined) return null;
  const text = String(field(data, 'crash_centi'));
  return { crashCenti: /^\d+$/.test(text) ? BigInt(text) : 100n, targetCenti: Number(field(data, 'target_centi')), won: field(data, 'won') === true };
}

/** Hundredths as a multiplier. */
export const factor = (centi: bigint | number): string => {
  const text = centi.toString().padStart(3, '0');
  return `${text.slice(0, -2)}.${text.slice(-2)}×`;
};

/** How high on the picture, 0 to 1: each tenfold takes as much room. */
export const height = (centi: bigint | number): number => Math.min(1, Math.log10(Math.max(1, Number(centi) / 100)) / 3);
