// The commitment C and the opening's hash O (fairness.md sections 2 and 3).

import type { LeaseOffer, Opening } from '../protocol/lease';
import { concat, fromHex, label, sha256, u32, u64, uuidBytes, zeros32, toHex } from './bytes';

export const MODE_STATIC = 1;
export const MODE_CHAIN = 2;

/** The fields of an opening as bytes and whole numbers. */
export interface OpeningFields {
  leaseId: Uint8Array;
  commit: Uint8Array;
  player: Uint8Array;
  clientSeed: Uint8Array;
  clientMode: number;
  beaconKind: number;
  beaconRound: bigint;
  beaconValue: Uint8Array;
  issuedMs: bigint;
  expiresMs: bigint;
  maxRounds: number;
}

/** C = H(L("fair1.commit") || S). */
export const commit = (seed: Uint8Array): Uint8Array => sha256(label('commit'), seed);

/** What the core signs when it makes an offer. */
export const offerMessage = (leaseId: Uint8Array, commitment: Uint8Array, offerMs: bigint): Uint8Array =>
  concat(label('offer'), leaseId, commitment, u64(offerMs));

/** O. */
export function openingHash(open: OpeningFields): Uint8Array {
  return sha256(
    label('open'),
    open.leaseId,
    open.commit,
    open.player,
    sha256(label('cseed'), open.clientSeed),
    new Uint8Array([open.clientMode, open.beaconKind]),
    u64(open.beaconRound),
    open.beaconValue,
    u64(open.issuedMs),
    u64(open.expiresMs),
    u32(open.maxRounds),
  );
}

/** The first rule of section 3 that the fields break, in words; null when they keep all. */
export function openingFault(open: OpeningFields): string | null {
  const length = open.clientSeed.length;
  if (![0, 1, 2].includes(open.clientMode)) return `client mode ${open.clientMode} does not exist`;
  const fits = open.clientMode === MODE_CHAIN ? length === 32 : length >= 16 && length <= 64;
  if (!fits) return `a client seed of ${length} bytes does not fit mode ${open.clientMode}`;
  if (![0, 1].includes(open.beaconKind)) return `beacon kind ${open.beaconKind} does not exist`;
  if (open.beaconKind === 0 && (open.beaconRound !== 0n || open.beaconValue.some((byte) => byte !== 0))) return 'no beacon, but a value of one';
  if (open.issuedMs > open.expiresMs) return 'it is issued after it expires';
  return open.maxRounds === 0 ? 'it allows no deal' : null;
}

/** The wire's opening in fair1's own terms. */
export function openingFields(open: Opening): OpeningFields {
  return {
    leaseId: uuidBytes(open.lease),
    commit: fromHex(open.commit),
    player: fromHex(open.player_tag),
    clientSeed: fromHex(open.client_seed),
    clientMode: open.client_mode,
    beaconKind: open.beacon_kind,
    beaconRound: open.beacon_round,
    beaconValue: fromHex(open.beacon_value),
    issuedMs: open.issued_ms,
    expiresMs: open.expires_ms,
    maxRounds: open.max_rounds,
  };
}

/** The opening that follows from an offer and the client's seed. */
export function openingOf(offer: LeaseOffer, clientSeed: Uint8Array, clientMode: number): Opening {
  return {
    lease: offer.lease,
    commit: offer.commit,
    player_tag: offer.player_tag,
    client_seed: toHex(clientSeed),
    client_mode: clientMode,
    beacon_kind: 0,
    beacon_round: 0n,
    beacon_value: toHex(zeros32()),
    issued_ms: offer.issued_ms,
    expires_ms: offer.expires_ms,
    max_rounds: offer.max_rounds,
  };
}
