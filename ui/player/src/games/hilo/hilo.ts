// The stairs of cards as the events tell them.

import type { ShownEvent } from '../../lib/protocol/frames';
import { field } from '../events';

export const GUESSES = [1, 2, 3] as const;
export const CASH_OUT = 4;

export interface Stairs {
  /** Cards shown, as labels; the last one is guessed from. */
  cards: string[];
  /** What stopping pays now and after each guess, ten-thousandths of the stake; zero where there is nothing. */
  nowE4: number;
  afterE4: Record<number, number>;
  guesses: number;
  missed: boolean;
  ended: boolean;
}

/** A card's number as a label: rank c / 4 from the ace, suit c % 4. */
export const label = (card: number): string => `${'A23456789TJQK'[Math.floor(card / 4)] ?? '?'}${'CDHS'[card % 4] ?? '?'}`;

export function fold(events: ShownEvent[]): Stairs {
  const seen: Stairs = { cards: [], nowE4: 0, afterE4: {}, guesses: 0, missed: false, ended: false };
  for (const { name, data } of events) {
    const number = (of: string): number => Number(field(data, of) ?? 0);
    if (name === 'card' || name === 'guess') {
      seen.cards.push(label(number('card')));
      seen.afterE4 = {};
      if (name === 'guess') seen.missed = field(data, 'won') !== true;
    } else if (name === 'prices') {
      seen.nowE4 = number('now_e4');
      seen.guesses = number('guesses');
      seen.afterE4 = { 1: number('higher_e4'), 2: number('lower_e4'), 3: number('same_e4') };
    } else if (name === 'end') {
      seen.nowE4 = number('price_e4');
      seen.afterE4 = {};
      seen.ended = true;
    }
  }
  return seen;
}
