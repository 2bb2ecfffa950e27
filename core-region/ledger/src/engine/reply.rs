//! What a caller is told.

use ids::TransferId;
use money::Amount;

use super::account::AccountKey;
use super::intent::Malformed;

/// An account after a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BalanceAfter {
    /// Which account.
    pub account: AccountKey,
    /// What it held right after the command.
    pub balance: Amount,
    /// How many transfers had touched it.
    pub version: u64,
}

/// A command that was carried out, now or at an earlier attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommandReply {
    /// Which.
    pub id: TransferId,
    /// The number of its first row in the shard.
    pub seq: u64,
    /// When its batch was posted, Unix milliseconds.
    pub posted_ms: u64,
    /// The accounts it touched, as they stood after it then.
    pub balances: Vec<BalanceAfter>,
    /// Whether an earlier attempt had carried it out.
    pub replayed: bool,
}

impl CommandReply {
    /// What `account` held right after the command, if it touched it.
    #[must_use]
    pub fn balance_of(&self, account: &AccountKey) -> Option<Amount> {
        self.balances.iter().find(|after| after.account == *account).map(|after| after.balance)
    }
}

/// A unit that was carried out whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// Its commands in order.
    pub commands: Vec<CommandReply>,
    /// The numbers that its events got among their players', in order; empty when replayed.
    pub core_seqs: Vec<u64>,
    /// Whether every command had been carried out before: no event was emitted and no rider written now.
    pub replayed: bool,
}

/// Why a unit has no effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The account to be debited held too little.
    InsufficientFunds,
    /// The id belongs to another command.
    Conflict,
    /// A balance would leave the range of 64 bits.
    Overflow,
    /// It is no command at all.
    Malformed(Malformed),
    /// The unit's rider refused, for the reason that the rider names.
    Rider(&'static str),
}

impl Reason {
    /// A stable name.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::InsufficientFunds => "insufficient_funds",
            Self::Conflict => "conflict",
            Self::Overflow => "overflow",
            Self::Malformed(_) => "malformed",
            Self::Rider(code) => code,
        }
    }
}

/// A unit that has no effect, and which of its commands is why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rejected {
    /// The culprit's place in the unit; 0 when it is the unit or its rider.
    pub index: usize,
    /// The culprit's id.
    pub id: TransferId,
    /// Why.
    pub reason: Reason,
    /// Whether the rejection is recorded: the id is spent, and gets this answer for ever.
    pub is_final: bool,
}

/// The answer to a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UnitReply {
    /// All of it happened, once.
    Applied(Applied),
    /// None of it happened.
    Rejected(Rejected),
}

impl UnitReply {
    /// What was carried out, if it was.
    #[must_use]
    pub fn applied(&self) -> Option<&Applied> {
        match self {
            Self::Applied(applied) => Some(applied),
            Self::Rejected(_) => None,
        }
    }

    /// Why not, if it was not.
    #[must_use]
    pub fn rejected(&self) -> Option<&Rejected> {
        match self {
            Self::Applied(_) => None,
            Self::Rejected(rejected) => Some(rejected),
        }
    }
}
