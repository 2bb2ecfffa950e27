// The table of Twenty-One as the events tell it.

import type { ShownEvent } from '../../lib/protocol/frames';
import { cardsOf } from '../cards';
import { field, minorOf } from '../events';
import type { Limits } from '../stakes';

export interface Hand {
  cards: string[];
  doubled: boolean;
  /** What the game says that it ended with. */
  outcome: string | null;
  paidMinor: bigint;
  stood: boolean;
  /** What the last card's event says that it counts: right also when earlier cards are not known. */
  said: { points: number; soft: boolean } | null;
}

export interface Table {
  dealer: string[];
  hands: Hand[];
  /** The hand that is asked; null when none is known to be. */
  active: number | null;
  insuredMinor: bigint;
  insurancePaidMinor: bigint | null;
}

const fresh = (cards: string[]): Hand => ({ cards, doubled: false, outcome: null, paidMinor: 0n, stood: false, said: null });

export function fold(events: ShownEvent[]): Table {
  const table: Table = { dealer: [], hands: [], active: null, insuredMinor: 0n, insurancePaidMinor: null };
  for (const { name, data } of events) {
    const at = Number(field(data, 'hand') ?? 0);
    const hand = (): Hand => (table.hands[at] ??= fresh([]));
    if (name === 'deal') {
      table.dealer = [String(field(data, 'dealer'))];
      table.hands = [fresh(cardsOf(field(data, 'player')))];
      table.active = 0;
    } else if (name === 'card') {
      hand().cards.push(String(field(data, 'card')));
      hand().said = { points: Number(field(data, 'total')), soft: field(data, 'soft') === true };
      table.active = at;
      if (Number(field(data, 'total')) >= 21 || hand().doubled) next(table, at);
    } else if (name === 'double') {
      hand().doubled = true;
    } else if (name === 'stand') {
      hand().stood = true;
      next(table, at);
    } else if (name === 'split') {
      const [left, right] = hand().cards;
      table.hands.splice(at, 1, fresh(left === undefined ? [] : [left]), fresh(right === undefined ? [] : [right]));
      table.active = at;
    } else if (name === 'insured') {
      table.insuredMinor = minorOf(data, 'stake_minor');
    } else if (name === 'insurance') {
      table.insurancePaidMinor = minorOf(data, 'paid_minor');
    } else if (name === 'hole' || name === 'dealer_card') {
      table.dealer.push(String(field(data, 'card')));
      table.active = null;
    } else if (name === 'result') {
      hand().outcome = String(field(data, 'outcome'));
      hand().paidMinor = minorOf(data, 'paid_minor');
      table.active = null;
    }
  }
  // A hand whose earlier events are not known leaves a gap.
  table.hands = Array.from(table.hands, (hand) => hand ?? fresh([]));
  return table;
}

function next(table: Table, at: number): void {
  table.active = at + 1 < table.hands.length ? at + 1 : null;
}

/** What cards count, an ace as eleven where it fits. */
export function total(cards: string[]): { points: number; soft: boolean } {
  const value = (card: string): number => (card[0] === 'A' ? 1 : 'TJQK'.includes(card[0] ?? '') ? 10 : Number(card[0]));
  const hard = cards.reduce((sum, card) => sum + value(card), 0);
  const soft = cards.some((card) => card[0] === 'A') && hard <= 11;
  return { points: soft ? hard + 10 : hard, soft };
}

/** Stakes are even under 3:2 and multiples of ten under 6:5. */
export function limits(config: string): Limits {
  const step = config.includes('"blackjack_pays":"6:5"') ? 10n : 2n;
  return { min: step, max: 10_000_000n, step };
}
