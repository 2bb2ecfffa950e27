//! One deal executed: the fold's call in, the sandbox's verdict out.
//!
//! `round` and `sandbox` don't know each other; this is the only place that joins them. Edge, settlement and verifier run
//! these same lines, so none of them can read a game's answer differently.
//!
//! Costs what the sandbox costs, some microseconds. A deterministic verdict is a [`round::Verdict`]; trouble of this
//! machine is an [`ExecuteError`] and says nothing about the deal: try again.

mod fold;
mod tables;
mod translate;

pub use fold::{DecidedDeal, FoldError, Folded, fold};
pub use tables::{TableError, Tables};
pub use translate::{BetRefused, ExecuteError, Executed, check_bets, execute};
