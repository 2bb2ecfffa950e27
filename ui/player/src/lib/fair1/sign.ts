// The session's signing key, and the check of everybody else's signatures: Ed25519, strictly as RFC 8032 says.
// Browsers differ in what their own cryptography offers, so the key is made and used here; P-256 is only ever checked by the core.

import { ed25519 } from '@noble/curves/ed25519.js';
import { fromHex, toHex } from './bytes';
import { openingFields, openingHash, openingOf } from './opening';
import { intentBetHash, intentMessage } from './bet';
import type { LeaseOffer, OpenRequest, SignedIntent } from '../protocol/lease';

export interface SessionKey {
  publicHex: string;
  sign(message: Uint8Array): string;
}

export function sessionKey(secret: Uint8Array): SessionKey {
  const publicHex = toHex(ed25519.getPublicKey(secret));
  return { publicHex, sign: (message) => toHex(ed25519.sign(message, secret)) };
}

/** Whether `signature` is `publicKey`'s over `message`; false for anything that is no key or no signature. */
export function verifies(publicKeyHex: string, message: Uint8Array, signatureHex: string): boolean {
  try {
    return ed25519.verify(fromHex(signatureHex), message, fromHex(publicKeyHex), { zip215: false });
  } catch {
    return false;
  }
}

/** What takes an offer up: the client computes O by itself and signs it. */
export function openRequest(offer: LeaseOffer, clientSeed: Uint8Array, clientMode: number, key: SessionKey): OpenRequest {
  const open = openingHash(openingFields(openingOf(offer, clientSeed, clientMode)));
  return {
    lease: offer.lease,
    client_seed: toHex(clientSeed),
    client_mode: clientMode,
    client_key: { alg: 'ed25519', public: key.publicHex },
    signature: key.sign(open),
  };
}

/** The intent, signed for the lease whose opening's hash is `open`. */
export function signIntent(intent: Omit<SignedIntent, 'signature'>, open: Uint8Array, key: SessionKey): SignedIntent {
  return { ...intent, signature: key.sign(intentMessage(open, intentBetHash(intent))) };
}
