// The state machine of a session: from what happens to the next state and what is to be done. Pure.

import type { ServerFrame, Welcome } from '../protocol/frames';
import type { Balance, WalletEvent } from '../protocol/wallet';
import { connect, drain, greet, lost, park, reconnect, renew, signOut } from './connecting';
import { betRefused, endResume, play, result, sendPending } from './dealing';
import { closing, endedByHand, leave, leaseEnded, notSeated, offered, seatAgain, seated, seek, take, unbound } from './seating';
import { limits, type Effect, type Input, type SessionState, type Timer } from './state';
import { Turn } from './turn';

export function reduce(state: SessionState, input: Input): { state: SessionState; effects: Effect[] } {
  const turn = new Turn(state);
  handle(turn, input);
  return { state: turn.s, effects: turn.effects };
}

function handle(turn: Turn, input: Input): void {
  const { s } = turn;
  switch (input.kind) {
    case 'start':
      s.edges = input.edges;
      s.at = 0;
      s.parked = null;
      return connect(turn);
    case 'park':
      return park(turn, input.why);
    case 'resume_here':
      s.parked = null;
      s.attempt = 0;
      return connect(turn);
    case 'sign_out':
      return signOut(turn);
    case 'wake':
      return wake(turn);
    case 'socket_open':
      if (input.connection === s.connection && s.phase === 'connecting') greet(turn);
      return;
    case 'socket_closed':
      if (input.connection === s.connection) lost(turn, input.code);
      return;
    case 'frame':
      if (input.connection === s.connection) frame(turn, input.frame, input.nowMs);
      return;
    case 'timer':
      return timer(turn, input.timer, input.nowMs);
    case 'token':
      if (s.phase === 'renewing') input.ok ? connect(turn) : signOut(turn);
      return;
    case 'balances':
      return balances(turn, input.balances);
    case 'sit':
      s.seat = input.seat;
      return seek(turn);
    case 'signed_opening':
      return take(turn, input.request);
    case 'leave':
      return leave(turn);
    case 'play':
      return play(turn, input.intent, input.bet);
    case 'dismiss':
      s.notices = s.notices.filter(({ id }) => id !== input.notice);
  }
}

/** The machine slept, or the network came back: looks at once whether the connection still lives. */
function wake(turn: Turn): void {
  const { s } = turn;
  if (s.phase === 'waiting') {
    turn.cancel('retry');
    connect(turn);
  } else if (s.phase === 'live') {
    turn.timer('pulse', 0);
  }
}

function timer(turn: Turn, name: Timer, nowMs: number): void {
  const { s } = turn;
  switch (name) {
    case 'retry':
      if (s.phase === 'waiting') connect(turn);
      return;
    case 'connect':
      if (s.phase === 'connecting' || s.phase === 'greeting') reconnect(turn, 'next');
      return;
    case 'silence':
      if (s.phase === 'live') reconnect(turn, 'same', 'once');
      return;
    case 'answer':
      if (s.phase === 'live' && (s.pending || s.opening || s.resuming)) reconnect(turn, 'same', 'once');
      return;
    case 'resend':
      return sendPending(turn);
    case 'seat':
      return seatAgain(turn);
    case 'pulse':
      if (s.phase !== 'live') return;
      turn.send({ kind: 'ping', value: { sent_ms: BigInt(Math.floor(nowMs)) } });
      turn.timer('silence', limits.silenceMs);
  }
}

function frame(turn: Turn, { re, cursor, body }: ServerFrame, nowMs: number): void {
  const { s } = turn;
  s.cursor = cursor;
  switch (body.kind) {
    case 'welcome':
      return re === s.helloRef ? welcome(turn, body.value) : undefined;
    case 'offer':
      return offered(turn, re, body.value);
    case 'opened':
      seated(turn, body.value);
      return;
    case 'result':
      return result(turn, body.value);
    case 'refused':
      return refused(turn, re, body.value);
    case 'topped_up':
      if (s.lease?.terms.opening.lease === body.value.lease) s.lease = { ...s.lease, in_play_minor: body.value.in_play_minor };
      return;
    case 'closing':
      return closing(turn, body.value.lease, body.value.deals, body.value.reason);
    case 'wallet':
      return walletEvent(turn, body.value);
    case 'caught_up':
      if (s.resuming?.lease === body.value.lease) endResume(turn);
      return;
    case 'resync':
      return resync(turn, body.value.wallet);
    case 'draining':
      return drain(turn, body.value.edges);
    case 'pong':
      s.rttMs = Math.max(0, nowMs - Number(body.value.sent_ms));
      turn.cancel('silence');
      turn.timer('pulse', limits.pulseMs);
  }
}

function welcome(turn: Turn, greeting: Welcome): void {
  const { s } = turn;
  const moved = s.edgeName !== null && s.edgeName !== greeting.edge;
  s.phase = 'live';
  s.attempt = 0;
  s.helloRef = null;
  Object.assign(s, { player: greeting.player, edgeName: greeting.edge, region: greeting.region, games: greeting.games });
  turn.cancel('connect', 'retry');
  turn.timer('pulse', 0);
  if (moved) turn.tell({ kind: 'moved', word: greeting.edge });
  if (greeting.wallet) balances(turn, greeting.wallet);
  else turn.do({ kind: 'read_balances' });
  welcomeLease(turn, greeting);
  if (greeting.left_behind?.tail === 'pending') turn.tell({ kind: 'left_pending' });
  seek(turn);
}

/** The lease goes on here, or stayed behind, or is another browser's. */
function welcomeLease(turn: Turn, greeting: Welcome): void {
  const { s } = turn;
  const before = s.lease?.terms.opening.lease;
  const opened = greeting.lease;
  const lease = opened?.terms.opening.lease;
  if (before !== undefined && before !== lease) leaseEnded(turn, before);
  if (s.pending && s.pending.intent.lease !== lease) {
    s.orphan = { lease: s.pending.intent.lease, deal: s.pending.intent.deal };
    s.pending = null;
  }
  if (!opened || lease === undefined) return;
  s.currencies = { ...s.currencies, [lease]: opened.terms.currency };
  if (!s.own.includes(lease)) {
    // Its secrets are elsewhere, so nobody here can play in it: it is closed, and its money comes back.
    s.settling = { ...s.settling, [lease]: { currency: opened.terms.currency, minor: opened.in_play_minor } };
    turn.send({ kind: 'close', value: { lease } });
    turn.tell({ kind: 'foreign_lease' });
    return;
  }
  s.lease = opened;
  s.seat ??= { currency: opened.terms.currency, escrowMinor: opened.terms.escrow_minor, strict: opened.terms.log_region === 'core', ownSeed: null };
  if (opened.offers.length === 0) s.roundGame = null;
  else s.roundGame ??= opened.terms.carried?.digest ?? null;
  const last = opened.next_deal - 1n;
  if (!(lease in s.known)) s.known = { ...s.known, [lease]: s.cursor?.lease === lease ? s.cursor.deal : last };
  s.resuming = { lease, until: last, count: 0, netMinor: 0n };
  if ((s.known[lease] ?? 0n) >= last) endResume(turn);
  else turn.timer('answer', limits.answerMs);
}

/** What was missed is too old to be told: everything begins anew from here. A bet that is bound already is found in the history. */
function resync(turn: Turn, wallet: Balance[]): void {
  const { s } = turn;
  balances(turn, wallet);
  s.known = s.lease ? { [s.lease.terms.opening.lease]: s.lease.next_deal - 1n } : {};
  s.orphan = null;
  turn.cancel('answer');
  turn.tell({ kind: 'resynced' });
  if (s.pending && s.lease && s.pending.intent.deal < s.lease.next_deal) s.pending = null;
  if (s.resuming) endResume(turn);
}

function refused(turn: Turn, re: number | null, refusal: { code: string; detail: string | null }): void {
  const { s } = turn;
  if (re !== null && re === s.pending?.ref) betRefused(turn, refusal);
  else if (re !== null && s.opening && 'ref' in s.opening && re === s.opening.ref) notSeated(turn, refusal);
  else if (re !== null && re === s.helloRef) refusal.code === 'unauthenticated' ? renew(turn) : reconnect(turn, 'next');
  else if (re !== null && re === s.closeRef) closeRefused(turn, refusal.code);
  else if (refusal.code === 'unauthenticated') renew(turn);
}

/** A lease that can't be closed because it is no more is as good as closed. */
function closeRefused(turn: Turn, code: string): void {
  const { s } = turn;
  s.closeRef = null;
  if (code === 'lease_unknown' || code === 'lease_closed' || code === 'stale_epoch') {
    if (s.lease) leaseEnded(turn, s.lease.terms.opening.lease);
  } else {
    turn.tell({ kind: 'refused', word: code });
  }
}

function walletEvent(turn: Turn, event: WalletEvent): void {
  const { s } = turn;
  turn.do({ kind: 'read_balances' });
  const { kind, value } = event.body;
  if (kind === 'deposited') turn.tell({ kind: 'deposited', amountMinor: value.amount_minor, currency: value.currency });
  if (kind !== 'closed') return;
  s.currencies = { ...s.currencies, [value.lease]: value.currency };
  endedByHand(turn, value.lease, value.reason);
  leaseEnded(turn, value.lease);
  const { [value.lease]: _gone, ...others } = s.settling;
  s.settling = others;
  unbound(turn, value.lease, value.deals);
  const known = s.known[value.lease];
  if (known !== undefined && known < value.deals) turn.send({ kind: 'catch_up', value: { lease: value.lease, after_deal: known } });
  turn.tell({ kind: 'table_settled', amountMinor: value.returned_minor, currency: value.currency });
  if (s.seat) turn.timer('seat', limits.reseatMs);
}

function balances(turn: Turn, list: Balance[]): void {
  turn.s.available = Object.fromEntries(list.map((each) => [each.currency, each.available_minor]));
}
