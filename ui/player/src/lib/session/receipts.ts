// The player's own proofs: of every answered bet its hash, the dealer's receipt and the link, to be held against the bundle
// once the lease is closed. The newest 600 are kept in this browser.

import { hex, list, object, optional, str, u64, uuid, type Typed } from '../protocol/codec';
import { load, save } from '../store';

const record = object({
  lease: uuid,
  deal: u64,
  bet: hex(32),
  played_ms: u64,
  dealer_signature: hex(64),
  own_signature: optional(hex(64)),
  link: hex(32),
  game: optional(str),
});
const KEPT = 600;

export type ReceiptRecord = Typed<typeof record>;

export function receiptsOf(player: string): ReceiptRecord[] {
  return load(`receipts.${player}`, (json) => list(record).decode(json, 'receipts')) ?? [];
}

export function keepReceipts(player: string, records: ReceiptRecord[]): void {
  save(`receipts.${player}`, list(record).encode(records.slice(0, KEPT)));
}
