//! One deal executed: the fold's call in, the sandbox's verdict out.
//!
//! `round` and `sandbox` don't know each other; this is the only place that joins them. Edge and settlement run
//! these same lines, so neither can read a game's answer differently; `house verify` knows no leases and runs the sandbox by itself.
//!
//! Costs what the sandbox costs, some microseconds. A deterministic verdict is a [`round::Verdict`]; trouble of this
//! machine is an [`ExecuteError`] and says nothing about the deal: try again.

mod fold;
mod tables;
mod translate;

pub use fold::{DecidedDeal, FoldError, Folded, fold, result_of};
pub use sandbox::{HostError, HostOptions, Table};
pub use tables::{TableError, Tables};
pub use translate::{BetRefused, ExecuteError, Executed, check_bets, execute};
