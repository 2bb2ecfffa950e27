// One game at the table: its round as the events tell it, shown event by event, its offers, and the bets that can be made.

import { untrack } from 'svelte';
import type { ShownEvent } from '../lib/protocol/frames';
import type { PinnedGame } from '../lib/protocol/lease';
import { session } from '../lib/session/session.svelte';
import { load, save } from '../lib/store';
import { keep, readKept, staked, trail, type Opens, type Step } from './rounds';
import { isStake, ladder, placeOf, type Limits } from './stakes';
import { busy, canBet, mostStake, reducedMotion } from './table.svelte';

export interface Rules<V> {
  limits: Limits;
  /** What is to be seen after these events. */
  fold: (events: ShownEvent[]) => V;
  /** How long an event stands before the next is shown, milliseconds. */
  pace?: (event: ShownEvent) => number;
  opens?: Opens;
}

const FIRST_STAKE = 100n;

export class Play<V> {
  readonly steps: bigint[];
  private at = $state(0);
  private revealed = $state.raw({ key: '', count: 0, done: true });
  private readonly kept: ReturnType<typeof readKept> | null;
  private timer: ReturnType<typeof setTimeout> | null = null;

  /** Deals of the round, as far as they are known. */
  readonly round: Step[] = $derived.by(() => this.findRound());
  private readonly newest = $derived(this.round.at(-1));
  private readonly key = $derived(this.newest ? `${this.newest.lease}/${this.newest.deal}` : '');
  private readonly seen = $derived(this.revealed.key === this.key ? this.revealed.count : this.isLive() ? 1 : Infinity);
  /** True while events are still to be shown. */
  readonly moving = $derived(this.key !== '' && (this.revealed.key === this.key ? !this.revealed.done : this.isLive()));
  readonly events: ShownEvent[] = $derived([...this.round.slice(0, -1).flatMap(({ events }) => events), ...(this.newest?.events.slice(0, this.seen) ?? [])]);
  readonly view: V = $derived.by(() => this.rules.fold(this.events));
  readonly stake: bigint = $derived.by(() => this.steps[this.at] ?? this.rules.limits.min);
  readonly offers = $derived.by(() => {
    const { lease, roundGame } = session.state;
    const digest = this.game()?.digest;
    return lease && digest !== undefined && (roundGame === null || roundGame === digest) ? lease.offers : [];
  });
  /** A round goes on: something is offered. */
  readonly open = $derived(this.offers.length > 0);
  /** Whether the round is known from its beginning. */
  readonly whole = $derived.by(() => this.round[0] !== undefined && this.opens(this.round[0]));
  readonly blocked = $derived(busy() || this.moving);
  /** What the last deal's round gave back, and what it cost, as far as known. */
  readonly back = $derived.by(() => this.round.reduce((sum, { backMinor }) => sum + backMinor, 0n));
  readonly cost = $derived.by(() => this.round.reduce((sum, { stakeMinor }) => sum + stakeMinor, 0n));
  readonly finished = $derived(this.newest?.finished === true && !this.open);

  constructor(readonly game: () => PinnedGame | null, readonly rules: Rules<V>) {
    this.steps = ladder(rules.limits);
    this.at = placeOf(this.steps, FIRST_STAKE);
    const player = untrack(() => session.account?.player ?? '');
    this.kept = load(`round.${player}`, readKept);
    untrack(() => (this.revealed = { key: this.key, count: Infinity, done: true }));
    $effect(() => {
      void this.key;
      untrack(() => this.reveal());
    });
    $effect(() => {
      const digest = this.game()?.digest;
      if (digest === undefined || !this.open || this.round.length === 0) return;
      save(`round.${player}`, keep(digest, this.round));
    });
    $effect(() => () => this.stop());
  }

  private opens(step: Step): boolean {
    return (this.rules.opens ?? staked)(step);
  }

  private findRound(): Step[] {
    const { lease, notes } = session.state;
    const digest = this.game()?.digest;
    if (!lease || digest === undefined) return [];
    const { carried, opening } = lease.terms;
    const told = notes.map((note) => ({ ...note, finished: note.result.finished, events: note.result.events }));
    const standing = { game: digest, lease: opening.lease, nextDeal: lease.next_deal, open: lease.offers.length > 0, carriedDeals: carried?.digest === digest ? carried.deals : null };
    return trail(told, this.kept, standing, (step) => this.opens(step));
  }

  /** The newest deal answers a bet that was made here just now. */
  private isLive(): boolean {
    const { shown } = session.state;
    return shown !== null && shown.live && shown.result.deal === this.newest?.deal && shown.result.lease === this.newest.lease && !reducedMotion();
  }

  private reveal(): void {
    if (this.revealed.key === this.key) return;
    this.stop();
    if (!this.isLive() || !this.newest) this.revealed = { key: this.key, count: Infinity, done: true };
    else this.next(this.key, 1, this.newest.events);
  }

  private next(key: string, count: number, events: ShownEvent[]): void {
    const event = events[count - 1];
    if (!event) {
      this.revealed = { key, count: Infinity, done: true };
      return;
    }
    this.revealed = { key, count, done: false };
    const wait = this.rules.pace?.(event) ?? 0;
    if (wait === 0) return this.next(key, count + 1, events);
    this.timer = setTimeout(() => this.next(key, count + 1, events), wait);
  }

  private stop(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }

  /** Shows at once all that has happened. */
  skip(): void {
    this.stop();
    this.revealed = { key: this.key, count: Infinity, done: true };
  }

  step(by: number): void {
    const to = this.at + by;
    if (to >= 0 && to < this.steps.length) this.at = to;
  }

  canStep(by: number): boolean {
    const to = this.steps[this.at + by];
    return to !== undefined && (by < 0 || this.game() === null || to <= mostStake());
  }

  canDeal(total: bigint): boolean {
    return canBet(this.game()) && !this.blocked && !this.open && total > 0n && total <= mostStake();
  }

  /** Begins a round. */
  deal(bets: [number, bigint][]): boolean {
    const game = this.game();
    const total = bets.reduce((sum, [, amount]) => sum + amount, 0n);
    if (!game || !this.canDeal(total) || !bets.every(([, amount]) => isStake(amount, this.rules.limits))) return false;
    return session.bet(game.digest, { kind: 'bets', value: bets }, total);
  }

  canAct(action: number): boolean {
    const offer = this.offers.find((each) => each.action === action);
    return offer !== undefined && canBet(this.game()) && !this.blocked && offer.extra_minor <= mostStake();
  }

  /** Takes an offer, at its price. */
  act(action: number, argument = 0n): boolean {
    const game = this.game();
    const offer = this.offers.find((each) => each.action === action);
    if (!game || !offer || !this.canAct(action)) return false;
    return session.bet(game.digest, { kind: 'act', value: [action, argument] }, offer.extra_minor);
  }
}
