// The secrets of this browser's leases: the signing key and the client seed. Kept before the opening is sent, so that a lease
// whose `opened` was lost can be played. They are worth nothing once the lease is closed; the newest sixteen are kept.

import { hex, list, object, u32, uuid, type Typed } from '../protocol/codec';
import { load, save } from '../store';

/** `seed` is the end of the hash chain (mode 2), or the client seed itself (mode 1). */
const secret = object({ lease: uuid, key: hex(32), mode: u32, seed: hex(), deals: u32 });
const KEPT = 16;

export type Secret = Typed<typeof secret>;

export function secretsOf(player: string): Secret[] {
  return load(`secrets.${player}`, (json) => list(secret).decode(json, 'secrets')) ?? [];
}

export function keepSecret(player: string, made: Secret): void {
  const others = secretsOf(player).filter(({ lease }) => lease !== made.lease);
  save(`secrets.${player}`, list(secret).encode([made, ...others].slice(0, KEPT)));
}
