//! Settlement: the hub's round log in, money out. Every settled cent is backed by an execution made here.
//!
//! ```text
//! shard.rs   a batch of records from ROUNDS_ALL_<s>
//!   books.rs   terms, progress, seed of each lease: from the core's own rows, never from the log
//!   verify.rs  the player's and the dealer's signatures
//!   settle.rs  fold and execute (crates/execution): pure
//!   rider.rs   watermark, progress, deals: rows in the ledger's own transaction
//!   ledger     bets, wins, refunds, returns, wallet events
//! told.rs    what the edges told, compared
//! replay.rs  one lease again: for a player who missed deals, and for bundles
//! ```
//! Promises: each bound deal is settled exactly once, whatever is redelivered, crashed or doubled; a record that can't belong
//! to its log is kept, alarms and freezes its lease only. Costs per deal: two signature checks and one execution, about
//! 100 us of one core, and its share of one transaction. What may go wrong: [`SettleError`]; then nothing of the batch stands, or
//! all of it and the answer was lost, and the same batch is tried again.

mod announce;
mod books;
pub mod bundle;
mod entry;
mod error;
mod gaps;
mod lag;
pub mod limits;
mod logs;
mod missed;
mod observe;
mod replay;
mod repo;
mod rider;
mod service;
mod settle;
mod shard;
pub mod testing;
mod told;
pub mod transfer;
mod verify;

pub use announce::events;
pub use books::Books;
pub use entry::Entry;
pub use error::SettleError;
pub use lag::{Lag, ShardLag};
pub use logs::Logs;
pub use replay::{Replayed, Replayer};
pub use repo::{HistoryRow, MIGRATOR, Totals, history, totals};
pub use rider::SettleRider;
pub use service::Settlement;
pub use settle::{DealRow, Delivered, Ended, Fault, SetAside, Settled, settle};
pub use shard::{OnBroken, Shard};
pub use told::ToldReader;
pub use verify::check;
