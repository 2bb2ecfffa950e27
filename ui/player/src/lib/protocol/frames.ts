// The frames of the WebSocket `/v1/play`: one JSON object a text message, as `docs/asyncapi.json` says.

import { readJson, writeJson } from '../json';
import { any, bool, hex, list, minor, nullable, object, oneOf, optional, str, u32, u64, uuid, variant, type Typed } from './codec';
import { closeReason, leaseOffer, leaseTerms, offered, offerRequest, openRequest, signature, signedIntent } from './lease';
import { balance, walletEvent } from './wallet';

export const cursor = object({ lease: nullable(uuid), deal: u64, core_seq: u64 });

export const clientFrame = object({
  ref: u32,
  body: variant({
    hello: object({ token: str, cursor: optional(cursor) }),
    offer: offerRequest,
    open: openRequest,
    play: signedIntent,
    close: object({ lease: uuid }),
    catch_up: object({ lease: uuid, after_deal: u64 }),
    ping: object({ sent_ms: u64 }),
  }),
});

export const openedLease = object({ terms: leaseTerms, next_deal: u64, in_play_minor: minor, offers: list(offered) });

export const catalogueEntry = object({
  game: str,
  title: str,
  digest: hex(32),
  params: hex(32),
  config: str,
  min_cycle_ms: u64,
  status: oneOf('enabled', 'disabled', 'quarantined'),
});

const tail = oneOf('complete', 'pending');

export const welcome = object({
  player: uuid,
  edge: str,
  region: str,
  wallet: nullable(list(balance)),
  lease: nullable(openedLease),
  left_behind: nullable(object({ lease: uuid, tail })),
  games: list(catalogueEntry),
});

export const receipt = object({ bet: hex(32), played_ms: u64, signature });

export const shownEvent = object({ name: str, data: any });

export const dealResult = object({
  lease: uuid,
  deal: u64,
  stake_minor: minor,
  win_minor: minor,
  void: optional(object({ cause: oneOf('terms', 'game_fault', 'game_broken'), refund_minor: minor })),
  finished: bool,
  offers: list(offered),
  events: list(shownEvent),
  in_play_minor: minor,
  outcome: hex(32),
  link: hex(32),
  receipt,
});

/** The code stays text: a newer server may have codes that this client does not know. */
export const refusal = object({ code: str, detail: optional(str) });

export const serverFrame = object({
  re: optional(u32),
  cursor,
  trace: optional(str),
  body: variant({
    welcome,
    offer: leaseOffer,
    opened: openedLease,
    result: dealResult,
    refused: refusal,
    topped_up: object({ lease: uuid, in_play_minor: minor }),
    closing: object({ lease: uuid, deals: u64, reason: closeReason }),
    wallet: walletEvent,
    caught_up: object({ lease: uuid, tail }),
    resync: object({ wallet: list(balance) }),
    draining: object({ edges: list(object({ edge: str, region: str, url: str })) }),
    pong: object({ sent_ms: u64 }),
  }),
});

export const closeCode = { protocol: 4400, unauthenticated: 4401, replaced: 4409, slowConsumer: 4429, draining: 4503 } as const;

export type Cursor = Typed<typeof cursor>;
export type ClientFrame = Typed<typeof clientFrame>;
export type ClientBody = ClientFrame['body'];
export type ServerFrame = Typed<typeof serverFrame>;
export type ServerBody = ServerFrame['body'];
export type Welcome = Typed<typeof welcome>;
export type OpenedLease = Typed<typeof openedLease>;
export type CatalogueEntry = Typed<typeof catalogueEntry>;
export type DealResult = Typed<typeof dealResult>;
export type ShownEvent = Typed<typeof shownEvent>;
export type Receipt = Typed<typeof receipt>;
export type Refusal = Typed<typeof refusal>;

export function encodeClientFrame(frame: ClientFrame): string {
  return writeJson(clientFrame.encode(frame));
}

export function decodeServerFrame(text: string): ServerFrame {
  return serverFrame.decode(readJson(text), '');
}

/** Refusals after which the same frame may be sent again unchanged. */
export function isRetryable(code: string): boolean {
  return code === 'unavailable' || code === 'too_soon' || code === 'too_fast' || code === 'draining';
}

