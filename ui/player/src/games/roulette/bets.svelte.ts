// The chips on the cloth before they are bet: placed one by one, undone, doubled, repeated.

import type { Place } from './layout';

export const CHIPS = [10n, 50n, 100n, 500n, 2500n, 10000n];
/** The game's bounds of one place, minor units. */
const MOST_A_NUMBER = 1_000_000n;
export const mostOn = (place: Place): bigint => MOST_A_NUMBER * BigInt(place.numbers.length);

export class Bets {
  private moves = $state.raw<Map<number, bigint>[]>([]);
  on = $state.raw<Map<number, bigint>>(new Map());
  last = $state.raw<Map<number, bigint>>(new Map());

  get total(): bigint {
    return sum(this.on);
  }

  get canUndo(): boolean {
    return this.moves.length > 0;
  }

  /** False when the place or the table takes no more. */
  add(place: Place, chip: bigint, most: bigint): boolean {
    const there = this.on.get(place.id) ?? 0n;
    if (there + chip > mostOn(place) || this.total + chip > most) return false;
    return this.change(new Map(this.on).set(place.id, there + chip));
  }

  remove(place: Place, chip: bigint): void {
    const there = this.on.get(place.id) ?? 0n;
    if (there === 0n) return;
    const next = new Map(this.on);
    if (there > chip) next.set(place.id, there - chip);
    else next.delete(place.id);
    this.change(next);
  }

  undo(): void {
    const before = this.moves.at(-1);
    if (!before) return;
    this.on = before;
    this.moves = this.moves.slice(0, -1);
  }

  clear(): void {
    this.change(new Map());
  }

  double(most: bigint): boolean {
    const next = new Map([...this.on].map(([id, stake]) => [id, stake * 2n] as const));
    return sum(next) <= most && this.change(next);
  }

  repeat(most: bigint): boolean {
    return sum(this.last) <= most && this.change(new Map(this.last));
  }

  /** They are bet now: the cloth is cleared for the next round. */
  taken(): void {
    this.last = this.on;
    this.on = new Map();
    this.moves = [];
  }

  private change(next: Map<number, bigint>): boolean {
    this.moves = [...this.moves, this.on].slice(-100);
    this.on = next;
    return true;
  }
}

function sum(of: Map<number, bigint>): bigint {
  return [...of.values()].reduce((all, stake) => all + stake, 0n);
}
