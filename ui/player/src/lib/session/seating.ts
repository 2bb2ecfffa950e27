// Sitting down at a table and leaving it: a lease is asked for, opened, closed, and asked for again when its time is over.

import type { OpenedLease, Refusal } from '../protocol/frames';
import { isRetryable } from '../protocol/frames';
import type { CloseReason, LeaseOffer } from '../protocol/lease';
import { limits } from './state';
import type { Turn } from './turn';

/** Asks for an offer if a seat is wanted, there is no lease, and there is money for one. */
export function seek(turn: Turn, tries = 0): void {
  const { s } = turn;
  if (s.phase !== 'live' || s.lease || s.opening || s.resuming || !s.seat) return;
  const free = s.available[s.seat.currency] ?? 0n;
  const escrow = free < s.seat.escrowMinor ? free : s.seat.escrowMinor;
  if (escrow <= 0n) {
    // What is still being settled comes back and is tried then.
    if (Object.keys(s.settling).length > 0) return;
    s.seat = null;
    turn.tell({ kind: 'refused', word: 'insufficient_funds' });
    return;
  }
  const placement = s.seat.strict ? ('strict' as const) : ('regional' as const);
  const ref = turn.send({ kind: 'offer', value: { currency: s.seat.currency, escrow_minor: escrow, placement } });
  s.opening = { stage: 'offer', ref, tries };
  turn.timer('answer', limits.answerMs);
}

export function offered(turn: Turn, re: number | null, offer: LeaseOffer): void {
  const { s } = turn;
  if (s.opening?.stage !== 'offer' || s.opening.ref !== re || !s.seat) return;
  s.opening = { stage: 'signing', offer, tries: s.opening.tries };
  turn.do({ kind: 'sign_opening', offer, seat: s.seat });
}

/** The client's half is signed and its secrets are kept: takes the offer up. */
export function take(turn: Turn, request: import('../protocol/lease').OpenRequest): void {
  const { s } = turn;
  if (s.opening?.stage !== 'signing' || s.opening.offer.lease !== request.lease) return;
  s.own = [...s.own, request.lease].slice(-16);
  const ref = turn.send({ kind: 'open', value: request });
  s.opening = { stage: 'open', ref, request, tries: s.opening.tries };
  turn.timer('answer', limits.answerMs);
}

export function seated(turn: Turn, opened: OpenedLease): void {
  const { s } = turn;
  const { currency, opening } = opened.terms;
  s.opening = null;
  s.lease = opened;
  s.known = { ...s.known, [opening.lease]: opened.next_deal - 1n };
  s.currencies = { ...s.currencies, [opening.lease]: currency };
  s.roundGame = opened.offers.length > 0 ? (opened.terms.carried?.digest ?? null) : null;
  turn.cancel('answer', 'seat');
  turn.do({ kind: 'read_balances' });
}

/** The answer to an offer or an opening is no. */
export function notSeated(turn: Turn, { code }: Refusal): void {
  const { s } = turn;
  const opening = s.opening;
  if (!opening) return;
  turn.cancel('answer');
  const again = code === 'lease_exists' || code === 'offer_unknown' || isRetryable(code);
  if (!again || opening.tries >= limits.seatTries) {
    s.opening = null;
    s.seat = null;
    turn.tell({ kind: 'refused', word: code });
    return;
  }
  const tries = opening.tries + 1;
  const same = opening.stage === 'open' && isRetryable(code);
  s.opening = same ? { ...opening, ref: null, tries } : { stage: 'offer', ref: null, tries };
  turn.timer('seat', limits.reseatMs);
}

/** The pause after a refusal, or after the end of a lease, is over. */
export function seatAgain(turn: Turn): void {
  const { s } = turn;
  if (s.phase !== 'live') return;
  if (s.opening?.stage === 'open' && s.opening.ref === null) {
    const ref = turn.send({ kind: 'open', value: s.opening.request });
    s.opening = { ...s.opening, ref };
    turn.timer('answer', limits.answerMs);
    return;
  }
  const tries = s.opening?.tries ?? 0;
  if (s.opening && !(s.opening.stage === 'offer' && s.opening.ref === null)) return;
  s.opening = null;
  seek(turn, tries);
}

export function leave(turn: Turn): void {
  const { s } = turn;
  s.seat = null;
  if (s.lease && s.phase === 'live') s.closeRef = turn.send({ kind: 'close', value: { lease: s.lease.terms.opening.lease } });
}

/** The lease's log is closed, or another edge's affair: its escrow stays in play until it is settled. */
export function leaseEnded(turn: Turn, lease: string): void {
  const { s } = turn;
  if (s.lease?.terms.opening.lease !== lease) return;
  s.settling = { ...s.settling, [lease]: { currency: s.lease.terms.currency, minor: s.lease.in_play_minor } };
  s.lease = null;
  s.closeRef = null;
  s.roundGame = null;
  if (s.pending?.intent.lease === lease) {
    s.orphan = { lease, deal: s.pending.intent.deal };
    s.pending = null;
    turn.cancel('answer', 'resend');
  }
}

/**
 * A table that somebody ended, the player or the house, is not opened again unasked; one whose time was over is. A fence
 * ends a table that the player has moved away from, unless it comes while he still sits there: then it was the house.
 */
export function endedByHand(turn: Turn, lease: string, reason: CloseReason): void {
  const { s } = turn;
  const sits = s.lease?.terms.opening.lease === lease;
  if (reason === 'asked' || (reason === 'fenced' && sits)) s.seat = null;
}

export function closing(turn: Turn, lease: string, deals: bigint, reason: CloseReason): void {
  const { s } = turn;
  endedByHand(turn, lease, reason);
  leaseEnded(turn, lease);
  unbound(turn, lease, deals);
  if (s.seat) turn.timer('seat', limits.reseatMs);
}

/** A lease had `deals` deals: a bet beyond them never arrived. */
export function unbound(turn: Turn, lease: string, deals: bigint): void {
  const { orphan } = turn.s;
  if (orphan?.lease !== lease || orphan.deal <= deals) return;
  turn.s.orphan = null;
  turn.tell({ kind: 'bet_not_taken' });
}
