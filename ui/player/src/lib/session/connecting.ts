// Reaching an edge, losing it, and going on at the next: back-off, token renewal, another tab.

import { closeCode } from '../protocol/frames';
import { limits, type Edge } from './state';
import type { Turn } from './turn';

/** Opens a connection to the edge whose turn it is. */
export function connect(turn: Turn): void {
  const { s } = turn;
  const edge = s.edges[s.at % Math.max(s.edges.length, 1)];
  if (!edge) {
    s.phase = 'waiting';
    turn.timer('retry', pause(s.attempt));
    return;
  }
  s.connection += 1;
  s.phase = 'connecting';
  s.helloRef = null;
  turn.timer('connect', limits.connectMs);
  turn.do({ kind: 'connect', connection: s.connection, url: edge.url });
}

/** The socket is open: says who it is and where it left off. */
export function greet(turn: Turn): void {
  const { s } = turn;
  s.phase = 'greeting';
  s.helloRef = turn.ref();
  turn.timer('connect', limits.answerMs);
  turn.do({ kind: 'hello', ref: s.helloRef, cursor: s.cursor });
}

/** Forgets the connection and all that was in flight on it; the bet itself is kept, to be sent again. */
function hangUp(turn: Turn): void {
  const { s } = turn;
  s.connection += 1;
  s.helloRef = null;
  s.closeRef = null;
  s.opening = null;
  s.resuming = null;
  s.rttMs = null;
  if (s.pending) s.pending = { ...s.pending, ref: null };
  turn.cancel('connect', 'answer', 'resend', 'seat', 'pulse', 'silence', 'retry');
  turn.do({ kind: 'disconnect' });
}

/** Drops the connection and tries again after a while, at the next edge unless `same`. */
export function reconnect(turn: Turn, where: 'same' | 'next', at: 'once' | 'later' = 'later'): void {
  const { s } = turn;
  hangUp(turn);
  if (where === 'next') s.at += 1;
  s.phase = 'waiting';
  turn.timer('retry', at === 'once' ? 0 : pause(s.attempt));
  s.attempt += 1;
}

function pause(attempt: number): number {
  return limits.backoffMs[Math.min(attempt, limits.backoffMs.length - 1)] as number;
}

export function park(turn: Turn, why: 'other_tab' | 'replaced'): void {
  hangUp(turn);
  turn.s.phase = 'parked';
  turn.s.parked = why;
}

export function renew(turn: Turn): void {
  hangUp(turn);
  turn.s.phase = 'renewing';
  turn.do({ kind: 'refresh_token' });
}

export function signOut(turn: Turn): void {
  hangUp(turn);
  turn.s.phase = 'signed_out';
}

/** The connection ended with a close code. */
export function lost(turn: Turn, code: number): void {
  if (code === closeCode.unauthenticated) renew(turn);
  else if (code === closeCode.replaced) park(turn, 'replaced');
  else if (code === closeCode.draining) reconnect(turn, 'next', 'once');
  else if (code === closeCode.slowConsumer) reconnect(turn, 'same', 'once');
  // The first loss is tried again at the same edge; what fails there again goes on at the next.
  else reconnect(turn, turn.s.attempt === 0 && turn.s.phase === 'live' ? 'same' : 'next');
}

/** The edge is stopping and names others. */
export function drain(turn: Turn, named: { edge: string; url: string }[]): void {
  const { s } = turn;
  const known = new Map(s.edges.map((edge) => [edge.name, edge]));
  const first: Edge[] = named.map(({ edge, url }) => known.get(edge) ?? { name: edge, url, rttMs: null });
  const others = s.edges.filter((edge) => edge.name !== s.edgeName && !first.some(({ name }) => name === edge.name));
  const own = s.edges.filter((edge) => edge.name === s.edgeName);
  s.edges = [...first.filter(({ name }) => name !== s.edgeName), ...others, ...own];
  s.at = 0;
  reconnect(turn, 'same', 'once');
}
