//! The pure machine: state and commands in, rows and replies out. No clock, no chance, no waiting, no store.
//!
//! Phases of a batch: [`Engine::evaluate`] carries units out in order on the balances in memory and seals what they wrote into
//! a hashed batch; then either [`Engine::commit`] keeps it, once the store has it, or [`Engine::undo`] takes all of it back.
//! Nothing else may happen in between. The same units, times and history give the same bytes, on every machine.

mod account;
mod batch;
mod coded;
mod command;
mod evaluate;
pub mod hash;
mod intent;
mod known;
mod prepared;
mod reply;
mod row;
mod state;
mod work;

pub use account::{AccountId, AccountKey, AccountKind, AccountRow, owner_of_name};
pub use batch::{Batch, BatchHead, OutboxRow};
pub use command::{Command, derived_id};
pub use evaluate::{Engine, Evaluated, Lookup, Verdict};
pub use hash::Hash;
pub use intent::{Intent, Malformed, TransferCode};
pub use prepared::PreparedUnit;
pub use reply::{Applied, BalanceAfter, CommandReply, Reason, Rejected, UnitReply};
pub use row::{Movement, Side, Status, TransferRow};
pub use state::Invariant;
