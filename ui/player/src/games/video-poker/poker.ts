// Five cards, a draw, and what the events say of them.

import type { ShownEvent } from '../../lib/protocol/frames';
import { cardsOf } from '../cards';
import { field, minorOf } from '../events';

export const DRAW = 1;
export const HANDS = ['royal-flush', 'straight-flush', 'four-of-a-kind', 'full-house', 'flush', 'straight', 'three-of-a-kind', 'two-pairs', 'jacks-or-better'] as const;

export interface Deal {
  cards: string[];
  hand: string;
  /** Which cards were held, once drawn. */
  held: boolean[] | null;
  paidMinor: bigint;
}

export function fold(events: ShownEvent[]): Deal | null {
  let seen: Deal | null = null as Deal | null;
  for (const { name, data } of events) {
    if (name === 'deal') seen = { cards: cardsOf(field(data, 'cards')), hand: String(field(data, 'hand')), held: null, paidMinor: 0n };
    else if (name === 'draw') {
      const held = field(data, 'held');
      seen = { cards: cardsOf(field(data, 'cards')), hand: String(field(data, 'hand')), held: heldOf(held), paidMinor: 0n };
    } else if (name === 'win' && seen) seen.paidMinor = minorOf(data, 'paid_minor');
  }
  return seen;
}

function heldOf(held: unknown): boolean[] {
  const marks = Array.isArray(held) ? held : [...String(held ?? '')];
  return marks.map((mark) => Number(mark) === 1);
}

/** The action's argument: bit n holds card n. */
export const mask = (holds: boolean[]): bigint => holds.reduce((sum, hold, at) => (hold ? sum | (1n << BigInt(at)) : sum), 0n);

/** What each hand pays, in stakes, in the order of `HANDS`. */
export function pays(config: string): number[] {
  const [, house, flush] = /"paytable":"(\d)\/(\d)"/.exec(config) ?? ['', '9', '6'];
  const [, royal] = /"royal":(\d{3,4})/.exec(config) ?? ['', '800'];
  return [Number(royal), 50, 25, Number(house), Number(flush), 4, 3, 2, 1];
}
