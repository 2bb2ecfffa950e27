// Five places, and a coup as the events tell it.

import type { ShownEvent } from '../../lib/protocol/frames';
import { cardsOf } from '../cards';
import { field, minorOf } from '../events';

export const PLACES = ['player', 'banker', 'tie', 'player-pair', 'banker-pair'] as const;
export type Place = (typeof PLACES)[number];

/** A step that fits every place: Banker's commission is a twentieth. */
export const STEP = 20n;
export const mostOn = (spot: number): bigint => (spot < 2 ? 20_000_000n : 2_000_000n);

export interface Coup {
  player: string[];
  banker: string[];
  totals: { player: number; banker: number } | null;
  winner: 'player' | 'banker' | 'tie' | null;
  /** What each place gets, stake included. */
  paid: Map<number, bigint>;
}

export function fold(events: ShownEvent[]): Coup {
  const coup: Coup = { player: [], banker: [], totals: null, winner: null, paid: new Map() };
  for (const { name, data } of events) {
    if (name === 'deal') {
      coup.player = cardsOf(field(data, 'player'));
      coup.banker = cardsOf(field(data, 'banker'));
    } else if (name === 'third') {
      (field(data, 'side') === 'banker' ? coup.banker : coup.player).push(String(field(data, 'card')));
    } else if (name === 'result') {
      const winner = field(data, 'winner');
      coup.totals = { player: Number(field(data, 'player')), banker: Number(field(data, 'banker')) };
      coup.winner = winner === 'player' || winner === 'banker' ? winner : 'tie';
    } else if (name === 'win' || name === 'push') {
      const spot = field(data, 'spot');
      coup.paid.set(typeof spot === 'string' ? PLACES.indexOf(spot as Place) : Number(spot), minorOf(data, 'paid_minor'));
    }
  }
  return coup;
}

/** What a place pays to one, as a table announces it. */
export function announced(config: string, place: Place): string {
  if (place === 'tie') return `${/"tie_pays":(\d)/.exec(config)?.[1] ?? '8'}:1`;
  if (place === 'player') return '1:1';
  return place === 'banker' ? (config.includes('banker_six_half') ? '1:1*' : '0.95:1') : '11:1';
}

/** Chips with one more on a place, as far as the place and the money go; the same when it can't be. */
export function add(on: Map<number, bigint>, spot: number, chip: bigint, most: bigint): Map<number, bigint> {
  const now = (on.get(spot) ?? 0n) + chip;
  const total = [...on.values()].reduce((sum, each) => sum + each, chip);
  return now > mostOn(spot) || total > most || chip % STEP !== 0n ? on : new Map(on).set(spot, now);
}

export const betsOf = (on: Map<number, bigint>): [number, bigint][] => [...on].filter(([, amount]) => amount > 0n).sort(([a], [b]) => a - b);
