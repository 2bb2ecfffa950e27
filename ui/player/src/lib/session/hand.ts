// The player's hand in a lease: makes its secrets, takes offers up, signs bets. Its own chunk, for it brings the cryptography.

import { randomBytes } from '../api/http';
import { intentBetHash } from '../fair1/bet';
import { ascii, fromHex, sha256, toHex, zeros32 } from '../fair1/bytes';
import { chainFrom, type Chain } from '../fair1/chain';
import { MODE_CHAIN, MODE_STATIC } from '../fair1/opening';
import { openRequest, sessionKey, signIntent, type SessionKey } from '../fair1/sign';
import type { OpenedLease } from '../protocol/frames';
import type { LeaseOffer, OpenRequest, PinnedGame, SignedIntent } from '../protocol/lease';
import type { Secret } from './secrets';

export interface Hand {
  lease: string;
  mode: number;
  key: SessionKey;
  clientSeed: Uint8Array;
  nonce(deal: bigint): Uint8Array;
}

/** The player's own text as a client seed: its bytes, or their hash when they are not 16 to 64. */
export function seedOfText(text: string): Uint8Array {
  const bytes = ascii(text);
  return bytes.length < 16 || bytes.length > 64 ? sha256(bytes) : bytes;
}

/** A fresh key, and a hash chain or the player's own seed. */
export function freshSecret(lease: string, ownSeed: string | null, deals: number): Secret {
  const key = toHex(randomBytes(32));
  if (ownSeed === null) return { lease, key, mode: MODE_CHAIN, seed: toHex(randomBytes(32)), deals };
  return { lease, key, mode: MODE_STATIC, seed: toHex(seedOfText(ownSeed)), deals };
}

export function handOf(of: Secret): Hand {
  const chain: Chain | null = of.mode === MODE_CHAIN ? chainFrom(fromHex(of.seed), of.deals) : null;
  return {
    lease: of.lease,
    mode: of.mode,
    key: sessionKey(fromHex(of.key)),
    clientSeed: chain ? chain.seed : fromHex(of.seed),
    nonce: (deal) => (chain ? chain.nonce(deal) : zeros32()),
  };
}

export const opened = (hand: Hand, offer: LeaseOffer): OpenRequest => openRequest(offer, hand.clientSeed, hand.mode, hand.key);

/** The signed intent of the lease's next deal, and its hash. */
export function signedBet(hand: Hand, lease: OpenedLease, game: PinnedGame, payload: string, stake: bigint): { intent: SignedIntent; bet: string } {
  const unsigned = {
    lease: hand.lease,
    deal: lease.next_deal,
    game: game.digest,
    params: game.params,
    currency: lease.terms.currency,
    stake_minor: stake,
    payload,
    client_nonce: toHex(hand.nonce(lease.next_deal)),
  };
  const intent = signIntent(unsigned, fromHex(lease.terms.open), hand.key);
  return { intent, bet: toHex(intentBetHash(intent)) };
}
