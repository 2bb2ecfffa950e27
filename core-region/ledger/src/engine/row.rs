//! A row of the log: one leg of a command, or a command that moved nothing.

use ids::TransferId;
use money::Currency;
use smallvec::SmallVec;

use super::account::{AccountId, AccountKey};
use super::coded::coded;
use super::hash::Hash;
use super::intent::TransferCode;

coded! {
    /// What became of a command. Codes are stored: never reuse one.
    pub enum Status {
        /// It was carried out.
        Applied = 0 "applied",
        /// The account to be debited held too little. Final for the id.
        InsufficientFunds = 1 "insufficient_funds",
    }
}

/// One side of a movement, with what the account holds after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Side {
    /// The account's number.
    pub account: AccountId,
    /// Its name.
    pub key: AccountKey,
    /// Its balance after, minor units.
    pub balance: i64,
    /// Its version after.
    pub version: u64,
}

/// Money that moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Movement {
    /// How much, above zero, minor units.
    pub amount: i64,
    /// Where from.
    pub debit: Side,
    /// Where to.
    pub credit: Side,
}

/// A row of the log, immutable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransferRow {
    /// Its number in the shard, from 1 without a gap.
    pub seq: u64,
    /// The command's id.
    pub id: TransferId,
    /// Which leg of the command, from 0.
    pub leg: u16,
    /// What it is.
    pub code: TransferCode,
    /// What became of it.
    pub status: Status,
    /// The hash of the command's body.
    pub body: Hash,
    /// The lease, or the player where there is no lease.
    pub subject: [u8; 16],
    /// The deal number, or zero.
    pub ref_no: i64,
    /// What the amount counts.
    pub currency: Currency,
    /// When the event behind it happened, Unix milliseconds.
    pub event_ms: u64,
    /// The batch that holds it.
    pub batch: u64,
    /// When that batch was posted, Unix milliseconds, ever rising.
    pub posted_ms: u64,
    /// The money, if any moved.
    pub movement: Option<Movement>,
}

/// An account after a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Touched {
    pub(crate) account: AccountId,
    pub(crate) balance: i64,
    pub(crate) version: u64,
}

/// The accounts that one command's rows touched, each once and as it stood after the last.
pub(crate) fn touched(rows: &[TransferRow]) -> SmallVec<[Touched; 2]> {
    let mut all: SmallVec<[Touched; 2]> = SmallVec::new();
    for side in
        rows.iter().filter_map(|row| row.movement.as_ref()).flat_map(|movement| [movement.debit, movement.credit])
    {
        let after = Touched { account: side.account, balance: side.balance, version: side.version };
        match all.iter_mut().find(|seen| seen.account == side.account) {
            Some(seen) => *seen = after,
            None => all.push(after),
        }
    }
    all
}
