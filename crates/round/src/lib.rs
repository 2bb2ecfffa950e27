//! The fold: lease state, log record and game result in; new lease state and what became of the money out.
//!
//! Two callers run the same code over the same records: the edge, to answer the player now, and settlement, to decide what is
//! true. So everything in here is a pure function of its arguments: no clock (times come from the records), no chance, no IO,
//! no map with random order.
//!
//! A record is folded in two steps, because a legal deal has to be executed in between:
//! 1. [`LeaseState::plan`] says what the record asks for: a game call, a void deal, or nothing but bookkeeping;
//! 2. [`LeaseState::apply`] takes the record with the game's verdict and gives the next state and an [`Action`].
//!
//! A deal that breaks the lease's terms is void. A record that can't belong to the log (gap, fork, wrong lease, after the end)
//! is a [`LogFault`]: the state stays as it was, and the caller quarantines the record.

mod action;
mod apply;
mod check;
mod fault;
mod plan;
mod state;
mod verdict;

pub use action::{Action, ClosedLease, FoldedDeal};
pub use check::{IntentSignature, verify_intent};
pub use fault::LogFault;
pub use plan::{Call, GameCall, Plan};
pub use state::{LeaseState, OpenRound, Progress};
pub use verdict::{Played, Verdict};
