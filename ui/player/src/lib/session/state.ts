// What the client knows of its connection, its money, its lease and its bet in flight; what can happen; what is to be done.
// reduce.ts goes from one to the next. Nothing here reads a clock, a random number or the network.

import type { CatalogueEntry, Cursor, DealResult, OpenedLease, ServerFrame } from '../protocol/frames';
import type { LeaseOffer, OpenRequest, SignedIntent } from '../protocol/lease';
import type { Balance } from '../protocol/wallet';

export interface Edge {
  name: string;
  url: string;
  /** Milliseconds of a round trip as last measured; null when it did not answer. */
  rttMs: number | null;
}

export type Phase = 'idle' | 'connecting' | 'greeting' | 'live' | 'waiting' | 'renewing' | 'parked' | 'signed_out';

/** What the player brings to a table, and how it is seeded. */
export interface Seat {
  currency: string;
  escrowMinor: bigint;
  strict: boolean;
  /** The player's own seed as text; null for a hash chain. */
  ownSeed: string | null;
}

export interface Pending {
  intent: SignedIntent;
  /** B_r, to know the bet again in a receipt. */
  bet: string;
  /** The frame that it went out with; null while it waits to be sent again. */
  ref: number | null;
  tries: number;
}

export type Opening =
  | { stage: 'offer'; ref: number | null; tries: number }
  | { stage: 'signing'; offer: LeaseOffer; tries: number }
  | { stage: 'open'; ref: number | null; request: OpenRequest; tries: number };

export interface Notice {
  id: number;
  kind:
    | 'round_finished'
    | 'rounds_finished'
    | 'bet_sent_again'
    | 'bet_not_taken'
    | 'bet_void'
    | 'moved'
    | 'refused'
    | 'foreign_lease'
    | 'left_pending'
    | 'table_settled'
    | 'resynced'
    | 'deposited';
  /** Minor units, if money is told. */
  amountMinor?: bigint;
  currency?: string;
  count?: number;
  /** A refusal's code, or an edge's name. */
  word?: string;
}

/** A deal that this session was told of. */
export interface DealNote {
  lease: string;
  deal: bigint;
  /** Digest of its game, if that is known. */
  game: string | null;
  stakeMinor: bigint;
  backMinor: bigint;
  currency: string;
  result: DealResult;
}

/** The last result, and whether the player has been waiting for it: only then is it animated. */
export interface Shown {
  result: DealResult;
  game: string | null;
  live: boolean;
}

export interface SessionState {
  phase: Phase;
  parked: 'other_tab' | 'replaced' | null;
  edges: Edge[];
  at: number;
  attempt: number;
  /** Number of the connection: what older ones say is ignored. */
  connection: number;
  nextRef: number;
  nextNotice: number;
  helloRef: number | null;
  cursor: Cursor | null;
  player: string | null;
  edgeName: string | null;
  region: string | null;
  rttMs: number | null;
  games: CatalogueEntry[];
  /** Free money by currency, minor units, as the core last said. */
  available: Record<string, bigint>;
  /** Escrow of leases whose log is closed and that are not settled yet. */
  settling: Record<string, { currency: string; minor: bigint }>;
  lease: OpenedLease | null;
  /** Leases whose secrets this browser holds. */
  own: string[];
  /** The game (digest) whose round is open in the lease. */
  roundGame: string | null;
  seat: Seat | null;
  opening: Opening | null;
  closeRef: number | null;
  pending: Pending | null;
  /** A bet whose lease was lost before its answer came: found among the results or known to be unbound at the closing. */
  orphan: { lease: string; deal: bigint } | null;
  /** Last deal known by lease. */
  known: Record<string, bigint>;
  currencies: Record<string, string>;
  resuming: { lease: string; until: bigint; count: number; netMinor: bigint } | null;
  shown: Shown | null;
  notes: DealNote[];
  /** Wins and refunds less stakes of this log-in, by currency, minor units. */
  net: Record<string, bigint>;
  notices: Notice[];
}

export type Timer = 'connect' | 'answer' | 'retry' | 'resend' | 'seat' | 'pulse' | 'silence';

export type Input =
  | { kind: 'start'; edges: Edge[] }
  | { kind: 'park'; why: 'other_tab' | 'replaced' }
  | { kind: 'resume_here' }
  | { kind: 'sign_out' }
  | { kind: 'wake' }
  | { kind: 'socket_open'; connection: number }
  | { kind: 'socket_closed'; connection: number; code: number }
  | { kind: 'frame'; connection: number; frame: ServerFrame; nowMs: number }
  | { kind: 'timer'; timer: Timer; nowMs: number }
  | { kind: 'token'; ok: boolean }
  | { kind: 'balances'; balances: Balance[] }
  | { kind: 'sit'; seat: Seat }
  | { kind: 'signed_opening'; request: OpenRequest }
  | { kind: 'leave' }
  | { kind: 'play'; intent: SignedIntent; bet: string }
  | { kind: 'dismiss'; notice: number };

export type Effect =
  | { kind: 'connect'; connection: number; url: string }
  | { kind: 'disconnect' }
  | { kind: 'hello'; ref: number; cursor: Cursor | null }
  | { kind: 'send'; ref: number; body: Exclude<import('../protocol/frames').ClientBody, { kind: 'hello' }> }
  | { kind: 'timer'; timer: Timer; ms: number }
  | { kind: 'cancel'; timer: Timer }
  | { kind: 'refresh_token' }
  | { kind: 'read_balances' }
  | { kind: 'sign_opening'; offer: LeaseOffer; seat: Seat };

export const initial: SessionState = {
  phase: 'idle',
  parked: null,
  edges: [],
  at: 0,
  attempt: 0,
  connection: 0,
  nextRef: 1,
  nextNotice: 1,
  helloRef: null,
  cursor: null,
  player: null,
  edgeName: null,
  region: null,
  rttMs: null,
  games: [],
  available: {},
  settling: {},
  lease: null,
  own: [],
  roundGame: null,
  seat: null,
  opening: null,
  closeRef: null,
  pending: null,
  orphan: null,
  known: {},
  currencies: {},
  resuming: null,
  shown: null,
  notes: [],
  net: {},
  notices: [],
};

/** How long things may take, milliseconds, and how many are kept. */
export const limits = {
  connectMs: 3000,
  answerMs: 6000,
  pulseMs: 10000,
  silenceMs: 4000,
  backoffMs: [200, 500, 1000, 2000, 4000, 8000],
  resendMs: 400,
  tooFastMs: 1100,
  reseatMs: 700,
  seatTries: 15,
  notes: 200,
  notices: 4,
} as const;
