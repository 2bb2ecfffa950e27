// KL, K_r, the link of a deal, the blinded leaf (fairness.md sections 4 and 6).

import { concat, label, mac, sha256, u64 } from './bytes';

/** KL = MAC(S, L("fair1.lease") || O). */
export const leaseKey = (seed: Uint8Array, open: Uint8Array): Uint8Array => mac(seed, label('lease'), open);

/** K_r. Stake and payload are no part of it. */
export const roundKey = (key: Uint8Array, deal: bigint, game: Uint8Array, params: Uint8Array, nonce: Uint8Array): Uint8Array =>
  mac(key, label('round'), u64(deal), game, params, nonce);

export interface Entry {
  leaseId: Uint8Array;
  deal: bigint;
  bet: Uint8Array;
  draws: Uint8Array;
  outcome: Uint8Array;
  stake: bigint;
  win: bigint;
  playedMs: bigint;
  edge: Uint8Array;
  prev: Uint8Array;
}

/** link_r. */
export function entryLink(entry: Entry): Uint8Array {
  return sha256(
    label('entry'),
    entry.leaseId,
    u64(entry.deal),
    entry.bet,
    entry.draws,
    entry.outcome,
    u64(entry.stake),
    u64(entry.win),
    u64(entry.playedMs),
    entry.edge,
    entry.prev,
  );
}

/** blind_r. */
export const blind = (key: Uint8Array, deal: bigint): Uint8Array => mac(key, label('blind'), u64(deal));

/** The transparency log's entry of a deal. */
export const logEntry = (blinding: Uint8Array, link: Uint8Array): Uint8Array =>
  concat(new Uint8Array([3]), sha256(label('leaf'), blinding, link));

export const leafHash = (entry: Uint8Array): Uint8Array => sha256(new Uint8Array([0]), entry);
