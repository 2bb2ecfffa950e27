// One bet in flight. The same signed intent goes out until it is answered; its deal number sees to it that it counts once.

import { isRetryable, type DealResult, type Refusal } from '../protocol/frames';
import type { SignedIntent } from '../protocol/lease';
import { reconnect } from './connecting';
import { leaseEnded } from './seating';
import { limits } from './state';
import { add, backMinor, type Turn } from './turn';

/** A new bet; ignored while another is in flight, which is what makes a double click one bet. */
export function play(turn: Turn, intent: SignedIntent, bet: string): void {
  const { s } = turn;
  const lease = s.lease;
  if (s.pending || s.resuming || !lease || intent.lease !== lease.terms.opening.lease || intent.deal !== lease.next_deal) return;
  s.pending = { intent, bet, ref: null, tries: 0 };
  s.roundGame = intent.game;
  if (s.phase === 'live') sendPending(turn);
}

export function sendPending(turn: Turn): void {
  const { s } = turn;
  if (!s.pending || s.phase !== 'live' || s.resuming) return;
  const ref = turn.send({ kind: 'play', value: s.pending.intent });
  s.pending = { ...s.pending, ref, tries: s.pending.tries + 1 };
  turn.timer('answer', limits.answerMs);
}

/** A deal's result: the answer, or one that was missed. Each counts once, whoever tells it. */
export function result(turn: Turn, deal: DealResult): void {
  const { s } = turn;
  const answers = s.pending !== null && s.pending.intent.lease === deal.lease && s.pending.intent.deal === deal.deal;
  const game = answers ? (s.pending?.intent.game ?? null) : s.roundGame;
  if (answers) {
    s.pending = null;
    turn.cancel('answer', 'resend');
  }
  const fresh = deal.deal > (s.known[deal.lease] ?? 0n);
  if (fresh) note(turn, deal, game);
  follow(turn, deal);
  const waited = answers && !s.resuming;
  if (fresh || answers) s.shown = { result: deal, game, live: waited };
  if (deal.void) turn.tell({ kind: 'bet_void', amountMinor: deal.void.refund_minor, currency: currencyOf(turn, deal.lease), word: deal.void.cause });
  else if (fresh && !waited && !s.resuming) finished(turn, deal.lease, 1, backMinor(deal) - deal.stake_minor);
  if (s.orphan?.lease === deal.lease && s.orphan.deal === deal.deal) s.orphan = null;
  if (s.resuming?.lease === deal.lease) caughtUp(turn, deal, fresh);
}

function note(turn: Turn, deal: DealResult, game: string | null): void {
  const { s } = turn;
  const currency = currencyOf(turn, deal.lease);
  const back = backMinor(deal);
  s.known = { ...s.known, [deal.lease]: deal.deal };
  s.net = add(s.net, currency, back - deal.stake_minor);
  const entry = { lease: deal.lease, deal: deal.deal, game, stakeMinor: deal.stake_minor, backMinor: back, currency, result: deal };
  s.notes = [entry, ...s.notes].slice(0, limits.notes);
}

/** The lease as it stands after the deal. */
function follow(turn: Turn, deal: DealResult): void {
  const { s } = turn;
  if (s.lease?.terms.opening.lease !== deal.lease || deal.deal + 1n < s.lease.next_deal) return;
  s.lease = { ...s.lease, next_deal: deal.deal + 1n, in_play_minor: deal.in_play_minor, offers: deal.offers };
  if (deal.finished) s.roundGame = null;
}

function caughtUp(turn: Turn, deal: DealResult, fresh: boolean): void {
  const { s } = turn;
  if (!s.resuming) return;
  const count = s.resuming.count + (fresh ? 1 : 0);
  const netMinor = s.resuming.netMinor + (fresh ? backMinor(deal) - deal.stake_minor : 0n);
  s.resuming = { ...s.resuming, count, netMinor };
  if (deal.deal >= s.resuming.until) endResume(turn);
}

/** All that was missed is known: says so, and sends the bet again that had not arrived. */
export function endResume(turn: Turn): void {
  const { s } = turn;
  const missed = s.resuming;
  s.resuming = null;
  if (missed && missed.count > 0) finished(turn, missed.lease, missed.count, missed.netMinor);
  if (s.pending) {
    turn.tell({ kind: 'bet_sent_again' });
    sendPending(turn);
  }
}

function finished(turn: Turn, lease: string, count: number, amountMinor: bigint): void {
  turn.tell({ kind: count === 1 ? 'round_finished' : 'rounds_finished', count, amountMinor, currency: currencyOf(turn, lease) });
}

export function currencyOf(turn: Turn, lease: string): string {
  const { s } = turn;
  return s.currencies[lease] ?? s.lease?.terms.currency ?? s.seat?.currency ?? 'EUR';
}

const LEASE_IS_GONE = ['lease_unknown', 'lease_closed', 'lease_expired', 'stale_epoch', 'deals_used_up'];

/** The bet is refused: nothing happened, and no money moved. */
export function betRefused(turn: Turn, { code }: Refusal): void {
  const { s } = turn;
  const pending = s.pending;
  if (!pending) return;
  turn.cancel('answer');
  if (isRetryable(code)) {
    s.pending = { ...pending, ref: null };
    turn.timer('resend', code === 'too_fast' ? limits.tooFastMs : limits.resendMs);
  } else if (code === 'deal_out_of_order' || code === 'deal_taken') {
    // Something is bound that this client was not told of: the resume tells it.
    reconnect(turn, 'same', 'once');
  } else if (LEASE_IS_GONE.includes(code)) {
    // It may have been bound when it went out first: settlement says.
    leaseEnded(turn, pending.intent.lease);
    turn.timer('seat', limits.reseatMs);
  } else {
    s.pending = null;
    if (s.lease && s.lease.offers.length === 0) s.roundGame = null;
    turn.tell({ kind: 'refused', word: code });
  }
}
