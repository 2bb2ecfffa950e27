//! The answers to one deal, sorted by fate.
//!
//! | answer | who decides it | the caller |
//! |---|---|---|
//! | [`Deal`] | the guest, deterministically | folds it |
//! | [`NoDeal::Void`] | the guest or the bets, deterministically | voids the deal, refunds; quarantines the digest and alarms if [`Void::quarantines`] |
//! | [`NoDeal::Infra`] | this machine | tries again, here or elsewhere; never a verdict |

use fairness::Draw;

use crate::contract::{Fault, Outcome};
use crate::stakes::{ActionError, BetError};

/// One deal's answer.
pub type Verdict = Result<Deal, NoDeal>;

/// A deal as it was played, everything in it reproducible from the key, the stakes and the component's bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deal {
    /// What the game returned, inside every bound it declared.
    pub outcome: Outcome,
    /// The draws in call order.
    pub draws: Vec<Draw>,
    /// D_r of fair1 section 5.
    pub draws_digest: [u8; 32],
    /// Fuel of the call, its arguments and its result; the same on every backend.
    pub fuel_used: u64,
}

/// The round so far, for the bounds that a game declares per round and not per deal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RoundTotals {
    /// The whole round's stake in minor units: the bets and every `extra` taken, that of this deal included.
    pub stake_minor: u64,
    /// Paid by the round's earlier deals, minor units.
    pub win_minor: u64,
    /// Earlier deals of the round.
    pub deals: u32,
}

/// Why there is no deal.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoDeal {
    /// The deal is void, on every machine that tries it.
    #[error("the deal is void: {0}")]
    Void(#[from] Void),
    /// Nothing is known of the deal: try again.
    #[error("the deal could not be run here: {0}")]
    Infra(#[from] Infra),
}

/// A deterministic refusal.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Void {
    /// The bets break the manifest; the guest was not run.
    #[error("{0}")]
    Stakes(#[from] BetError),
    /// The action breaks the manifest; the guest was not run.
    #[error("{0}")]
    Action(#[from] ActionError),
    /// The game said no, in the contract's words.
    #[error("the game refused: {}", fault_code(*.0))]
    Fault(Fault),
    /// The game trapped or broke a bound.
    #[error("the game misbehaved: {0}")]
    Misbehaved(#[from] Misbehaviour),
}

impl Void {
    /// True when the game itself is at fault: its digest must be quarantined and an alarm raised.
    pub fn quarantines(&self) -> bool {
        matches!(self, Self::Misbehaved(_))
    }

    /// A stable name for records and metrics.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Stakes(error) => error.code(),
            Self::Action(error) => error.code(),
            Self::Fault(fault) => fault_code(*fault),
            Self::Misbehaved(misbehaviour) => misbehaviour.code(),
        }
    }
}

/// The contract's name of a fault.
fn fault_code(fault: Fault) -> &'static str {
    match fault {
        Fault::BadConfig => "bad-config",
        Fault::BadBet => "bad-bet",
        Fault::BadAction => "bad-action",
        Fault::BadState => "bad-state",
        Fault::NotSupported => "not-supported",
        Fault::Internal => "internal",
    }
}

/// What a game did that no certified game does. Texts are for people; [`Misbehaviour::code`] is stable.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Misbehaviour {
    /// Ran longer than its declared fuel.
    #[error("it ran out of fuel")]
    OutOfFuel,
    /// Drew more often than it declared.
    #[error("it drew more than {limit} times")]
    DrawLimit {
        /// The declared limit.
        limit: u32,
    },
    /// `draw` with a bound of 0.
    #[error("it drew below a bound of 0")]
    BadDrawBound,
    /// `draw` from `describe` or from a start function.
    #[error("it drew outside a deal")]
    DrawOutsideDeal,
    /// Asked for more than 4 MiB, or more than its own maximum.
    #[error("it asked for more memory than it may have")]
    Memory,
    /// Asked for a larger table than it may have.
    #[error("it asked for a larger table than it may have")]
    Table,
    /// Recursed too deep.
    #[error("it overflowed its stack")]
    Stack,
    /// `unreachable`: a panic in most languages.
    #[error("it panicked")]
    Unreachable,
    /// Any other trap.
    #[error("it trapped: {trap}")]
    Trap {
        /// wasmtime's words.
        trap: String,
    },
    /// A result the host can't read: too large, a pointer out of bounds, text that isn't UTF-8.
    #[error("it returned what cannot be read: {reason}")]
    BadValue {
        /// wasmtime's words.
        reason: String,
    },
    /// The round would pay more than `max-win-milli` times its stake, or more than money can hold.
    #[error("it paid {win_minor} when {max_minor} is the most")]
    WinOverMaximum {
        /// The round's win with this deal.
        win_minor: u128,
        /// The most the round may pay.
        max_minor: u128,
    },
    /// The last deal allowed left the round open.
    #[error("the round is not over after {deals} deals")]
    TooManyDeals {
        /// The declared limit.
        deals: u32,
    },
    /// Finished, with state or offers.
    #[error("the round is over and yet goes on")]
    FinishedWithMore,
    /// Not finished, without state or offers.
    #[error("the round goes on, but nowhere")]
    NoWayOn,
    /// An offer of an action that isn't in the manifest, twice the same, or too many.
    #[error("it offered action {action}, which it may not")]
    BadOffer {
        /// The action's id.
        action: u32,
    },
    /// More state than declared.
    #[error("its state has {bytes} bytes")]
    StateTooLarge {
        /// Its size.
        bytes: usize,
    },
    /// More events than declared.
    #[error("its {count} events have {bytes} bytes")]
    EventsTooLarge {
        /// How many.
        count: usize,
        /// Of names and data together.
        bytes: usize,
    },
    /// An event with a bad name, or whose data isn't canonical JSON.
    #[error("event {index} is malformed")]
    BadEvent {
        /// Its place in the list.
        index: usize,
    },
    /// Too many jackpot triggers.
    #[error("it reported {count} triggers")]
    TooManyTriggers {
        /// How many.
        count: usize,
    },
}

impl Misbehaviour {
    /// A stable name for records and metrics.
    pub fn code(&self) -> &'static str {
        match self {
            Self::OutOfFuel => "out-of-fuel",
            Self::DrawLimit { .. } => "draw-limit",
            Self::BadDrawBound => "bad-draw-bound",
            Self::DrawOutsideDeal => "draw-outside-deal",
            Self::Memory => "memory-limit",
            Self::Table => "table-limit",
            Self::Stack => "stack-overflow",
            Self::Unreachable => "panic",
            Self::Trap { .. } => "trap",
            Self::BadValue { .. } => "bad-value",
            Self::WinOverMaximum { .. } => "win-over-maximum",
            Self::TooManyDeals { .. } => "too-many-deals",
            Self::FinishedWithMore => "finished-with-more",
            Self::NoWayOn => "no-way-on",
            Self::BadOffer { .. } => "bad-offer",
            Self::StateTooLarge { .. } => "state-too-large",
            Self::EventsTooLarge { .. } => "events-too-large",
            Self::BadEvent { .. } => "bad-event",
            Self::TooManyTriggers { .. } => "too-many-triggers",
        }
    }
}

/// A fault of this machine. It says nothing about the deal.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Infra {
    /// Stuck for more than a quarter of a second: an overloaded machine, or a bug in the engine.
    #[error("the call took longer than its deadline")]
    Deadline,
    /// All instances of the pool are in use.
    #[error("all instances are in use")]
    PoolExhausted,
    /// The system has no memory to give.
    #[error("the system has no memory to give")]
    HostMemory,
    /// An instance could not be made.
    #[error("no instance could be made: {reason}")]
    Instantiate {
        /// wasmtime's words.
        reason: String,
    },
}
