// A closed lease as `GET /v1/fairness/bundle/{lease}` gives it (fairness.md section 10), and its commitments.

import { hex, list, nullable, object, optional, str, u32, u64, uuid, type Codec, type Typed } from '../protocol/codec';
import { clientKey, leaseOffer, opening, signature } from '../protocol/lease';
import type { Json } from '../json';

const drawn: Codec<{ stream: bigint; bound: bigint; value: bigint }> = {
  decode(json, path) {
    const [stream, bound, value] = list(u64).decode(json, path);
    return {
      stream: u64.decode(stream as Json, `${path}[0]`),
      bound: u64.decode(bound as Json, `${path}[1]`),
      value: u64.decode(value as Json, `${path}[2]`),
    };
  },
  encode: ({ stream, bound, value }) => [stream, bound, value],
};

export const bundleDeal = object({
  round: u64,
  game: hex(32),
  params: hex(32),
  currency: hex(8),
  stake: u64,
  payload: hex(),
  client_nonce: hex(32),
  outcome: hex(32),
  win: u64,
  played_ms: u64,
  edge: hex(16),
  draws: list(drawn),
  link: hex(32),
  proof: optional(str),
});

export const bundle = object({
  spec: str,
  open: object({
    lease_id: hex(16),
    commit: hex(32),
    player: hex(32),
    client_seed: hex(),
    client_mode: u32,
    beacon_kind: u32,
    beacon_round: u64,
    beacon_value: hex(32),
    issued_ms: u64,
    expires_ms: u64,
    max_rounds: u32,
  }),
  seed: hex(32),
  rounds: list(bundleDeal),
  close: object({ rounds: u64, last_link: hex(32) }),
  vkeys: list(str),
});

export const commitments = object({
  lease: uuid,
  state: str,
  commit: hex(32),
  core_key: hex(32),
  offer: leaseOffer,
  opening: nullable(
    object({
      fields: opening,
      open: hex(32),
      client_key: clientKey,
      client_signature: signature,
      core_signature: signature,
      dealer: str,
      dealer_key: optional(hex(32)),
    }),
  ),
});

export type Bundle = Typed<typeof bundle>;
export type BundleDeal = Typed<typeof bundleDeal>;
export type Commitments = Typed<typeof commitments>;
