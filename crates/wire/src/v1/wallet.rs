//! A player's wallet events, from the ledger's outbox: what became of the money, numbered without a gap per player.

use ids::{Digest, LeaseId, PlayerId};
use money::{Amount, Currency};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Hex;
use super::lease::CloseReason;

/// One event on `wallet.<player>`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WalletEvent {
    /// Whose.
    pub player: PlayerId,
    /// 1, 2, 3 … for this player.
    pub core_seq: u64,
    /// When the ledger posted it.
    pub at_ms: u64,
    /// What happened.
    pub body: WalletBody,
}

/// What happened to a player's money. Amounts are minor units.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum WalletBody {
    /// Money came in.
    Deposited { currency: Currency, amount_minor: Amount },
    /// The player asked for money; it waits for its payout.
    WithdrawalRequested { currency: Currency, amount_minor: Amount },
    /// Cash went into a lease's escrow.
    LeaseFunded { lease: LeaseId, currency: Currency, amount_minor: Amount },
    /// More cash went into it.
    ToppedUp { lease: LeaseId, currency: Currency, amount_minor: Amount },
    /// Deals of a lease are settled: the core re-executed them and posted bets and wins.
    Settled { lease: LeaseId, currency: Currency, deals: Vec<SettledDeal> },
    /// The lease's log is settled to its end: what was left came back, and its seed is shown.
    Closed {
        lease: LeaseId,
        currency: Currency,
        returned_minor: Amount,
        deals: u64,
        reason: CloseReason,
        last_link: Digest,
        seed: Hex<32>,
    },
}

/// One settled deal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SettledDeal {
    /// Its number.
    pub deal: u64,
    /// Staked.
    pub stake_minor: Amount,
    /// Won.
    pub win_minor: Amount,
    /// Given back because the deal, or its round, is void.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub refund_minor: Amount,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
fn is_zero(amount: &Amount) -> bool {
    *amount == Amount::ZERO
}
