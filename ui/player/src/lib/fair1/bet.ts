// The bet's hash B_r, what the client signs, and the dealer's receipt (fairness.md section 6).

import type { SignedIntent } from '../protocol/lease';
import { ascii, concat, fromHex, label, padded, sha256, u64 } from './bytes';

export interface BetFields {
  deal: bigint;
  game: Uint8Array;
  params: Uint8Array;
  /** Eight bytes: the code in ASCII, padded with zeros. */
  currency: Uint8Array;
  stake: bigint;
  payload: Uint8Array;
  nonce: Uint8Array;
}

/** B_r. */
export function betHash(bet: BetFields): Uint8Array {
  return sha256(label('bet'), u64(bet.deal), bet.game, bet.params, bet.currency, u64(bet.stake), sha256(bet.payload), bet.nonce);
}

/** B_r of an intent as it goes over the wire. */
export function intentBetHash(intent: Omit<SignedIntent, 'signature'>): Uint8Array {
  return betHash({
    deal: intent.deal,
    game: fromHex(intent.game),
    params: fromHex(intent.params),
    currency: padded(intent.currency, 8),
    stake: intent.stake_minor,
    payload: ascii(intent.payload),
    nonce: fromHex(intent.client_nonce),
  });
}

/** What the client signs. */
export const intentMessage = (open: Uint8Array, bet: Uint8Array): Uint8Array => concat(label('intent'), open, bet);

/** What the dealer signs. */
export const bindMessage = (open: Uint8Array, bet: Uint8Array, playedMs: bigint): Uint8Array =>
  concat(label('bind'), open, bet, u64(playedMs));
