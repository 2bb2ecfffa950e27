//! The core region as one program: which rooms run, from which configuration, and how they end.
//!
//! ```text
//! main.rs       command line, signals
//! config.rs     one TOML file          keys.rs    secrets in files
//! compose.rs    the rooms, in order: database, ledger, bus, seeds, games, leases, settlement, relay, pages
//! stores.rs     database and ledger    games.rs   components    pages.rs   listeners
//! relay.rs      the ledger's outbox -> wallet.<player>
//! health.rs     /readyz                shutdown.rs  the way out
//! ```
//! Promises: nothing serves before everything it needs is there and checked; a ledger whose chain does not verify stops the
//! start; a ledger that halts ends the process, so that whoever runs it starts it anew. Costs: at start one pass over the
//! ledger's log. What may go wrong at the start is one line that names the part.

pub mod compose;
pub mod config;
mod games;
mod health;
pub mod keys;
pub mod limits;
mod pages;
pub mod relay;
mod shutdown;
mod stores;
mod web;

pub use compose::{Running, start};
