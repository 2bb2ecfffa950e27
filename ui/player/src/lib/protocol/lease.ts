// A lease from offer to terms, and the signed intent of one bet: the shapes of `docs/asyncapi.json`.

import { fallback, hex, list, minor, object, oneOf, optional, str, u32, u64, uuid, variant, type Typed, type Codec } from './codec';
import type { Json } from '../json';

export const placement = oneOf('regional', 'strict');
export const closeReason = oneOf('asked', 'expired', 'deals_used_up', 'cap', 'release', 'fenced', 'draining', 'unopened');
export const signature = hex(64);

/** `{"alg": …, "public": …}`. */
export const clientKey = object({ alg: oneOf('ed25519', 'p256'), public: hex() });

export const offered = object({ action: u32, extra_minor: minor });

export const offerRequest = object({ currency: str, escrow_minor: minor, placement: fallback(placement, 'regional') });

export const leaseOffer = object({
  lease: uuid,
  commit: hex(32),
  offer_ms: u64,
  player_tag: hex(32),
  issued_ms: u64,
  expires_ms: u64,
  max_rounds: u32,
  signature,
});

export const openRequest = object({ lease: uuid, client_seed: hex(), client_mode: u32, client_key: clientKey, signature });

export const opening = object({
  lease: uuid,
  commit: hex(32),
  player_tag: hex(32),
  client_seed: hex(),
  client_mode: u32,
  beacon_kind: u32,
  beacon_round: u64,
  beacon_value: hex(32),
  issued_ms: u64,
  expires_ms: u64,
  max_rounds: u32,
});

export const pinnedGame = object({ game: str, digest: hex(32), params: hex(32), config: str, min_cycle_ms: u64 });

export const carriedRound = object({
  digest: hex(32),
  params: hex(32),
  stake_minor: minor,
  win_minor: minor,
  deals: u32,
  state: hex(),
  offers: list(offered),
});

export const leaseTerms = object({
  player: uuid,
  region: str,
  edge: str,
  dealer: str,
  log_region: str,
  epoch: u32,
  currency: str,
  escrow_minor: minor,
  limits: object({ min_stake_minor: minor, max_stake_minor: minor, max_loss_minor: minor }),
  games: list(pinnedGame),
  carried: optional(carriedRound),
  client_key: clientKey,
  opening,
  open: hex(32),
  client_signature: signature,
  core_signature: signature,
});

export const signedIntent = object({
  lease: uuid,
  deal: u64,
  game: hex(32),
  params: hex(32),
  currency: str,
  stake_minor: minor,
  payload: str,
  client_nonce: hex(32),
  signature,
});

const pair = <A, B>(first: Codec<A>, second: Codec<B>): Codec<[A, B]> => ({
  decode(json, path) {
    const [a, b] = list({ decode: (item) => item as Json, encode: (item: Json) => item }).decode(json, path);
    return [first.decode(a, `${path}[0]`), second.decode(b, `${path}[1]`)];
  },
  encode: ([a, b]) => [first.encode(a) ?? null, second.encode(b) ?? null],
});

const i64number: Codec<bigint> = {
  decode: (json) => BigInt(json as number | bigint),
  encode: (value) => value,
};

/** Canonical JSON of what a deal asks of the game: `{"bets":[[spot,"stake"],…]}` or `{"act":[action,arg]}`. */
export const payload = variant({ bets: list(pair(u32, minor)), act: pair(u32, i64number) });

export type Offered = Typed<typeof offered>;
export type LeaseOffer = Typed<typeof leaseOffer>;
export type OpenRequest = Typed<typeof openRequest>;
export type Opening = Typed<typeof opening>;
export type PinnedGame = Typed<typeof pinnedGame>;
export type LeaseTerms = Typed<typeof leaseTerms>;
export type SignedIntent = Typed<typeof signedIntent>;
export type Payload = Typed<typeof payload>;
export type CloseReason = Typed<typeof closeReason>;
