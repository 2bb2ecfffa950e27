// The client's hash chain: c_(r-1) = H(L("fair1.chain") || c_r), c_0 the client seed (fairness.md section 4).

import { label, sha256 } from './bytes';

const LABEL = label('chain');

export const previousLink = (nonce: Uint8Array): Uint8Array => sha256(LABEL, nonce);

export interface Chain {
  /** c_0. */
  seed: Uint8Array;
  /** c_r of a deal numbered from 1. */
  nonce(deal: bigint): Uint8Array;
}

/** A chain that lasts `deals` deals and ends in `end`, 32 random bytes that only the client knows. Costs one hash a deal. */
export function chainFrom(end: Uint8Array, deals: number): Chain {
  const links: Uint8Array[] = [end];
  for (let made = 0; made < deals; made += 1) links.push(previousLink(links[made] as Uint8Array));
  return {
    seed: links[deals] as Uint8Array,
    nonce(deal) {
      const link = deal >= 1n && deal <= BigInt(deals) ? links[deals - Number(deal)] : undefined;
      if (!link) throw new RangeError(`the chain has no nonce for deal ${deal}`);
      return link;
    },
  };
}
