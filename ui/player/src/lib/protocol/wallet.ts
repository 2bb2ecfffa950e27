// Wallet events: what the ledger says became of the player's money, numbered without a gap.

import { fallback, hex, list, minor, object, str, u64, uuid, variant, type Typed } from './codec';
import { closeReason } from './lease';

export const balance = object({ currency: str, available_minor: minor, in_play_minor: minor });

const amount = object({ currency: str, amount_minor: minor });
const leaseAmount = object({ lease: uuid, currency: str, amount_minor: minor });

export const settledDeal = object({ deal: u64, stake_minor: minor, win_minor: minor, refund_minor: fallback(minor, 0n) });

export const walletEvent = object({
  player: uuid,
  core_seq: u64,
  at_ms: u64,
  body: variant({
    deposited: amount,
    withdrawal_requested: amount,
    lease_funded: leaseAmount,
    topped_up: leaseAmount,
    settled: object({ lease: uuid, currency: str, deals: list(settledDeal) }),
    closed: object({
      lease: uuid,
      currency: str,
      returned_minor: minor,
      deals: u64,
      reason: closeReason,
      last_link: hex(32),
      seed: hex(32),
    }),
  }),
});

export type Balance = Typed<typeof balance>;
export type WalletEvent = Typed<typeof walletEvent>;
