//! The ledger: who owns how much, and the unalterable list of how that came about.
//!
//! **Shape.** A pure engine holds all balances of a shard in memory ([`Engine`]); one writer feeds it and appends what it
//! writes, batch by batch, to a [`Store`] (Postgres, or Memory in simulations). SQL is the durable, fenced log; no logic runs there.
//!
//! **Phases of a unit.** [`Ledger::submit`] checks and hashes it on the caller's thread and puts it in a bounded queue; the writer
//! *cuts* what is there into a batch, *evaluates* it in order, *appends* it, makes it visible to reads, *replies*. While a
//! batch is on its way to the store the next one gathers in the queue: callers share one commit, and a hot account
//! is one row update a batch.
//!
//! **Round trips.** One statement a batch; three plus the riders' own when a unit of it has a [`Rider`]. A replayed id costs none
//! while it is remembered ([`limits::KNOWN_IDS`]), else one look-up for the batch it is in.
//!
//! **Order.** Units take effect in the order of the queue; inside a unit, commands in the order given. Every row has a number
//! without gaps, every batch a later time than the one before, every wallet event a number without gaps for its player.
//!
//! **Answers.** Applied, rejected (with the command that is why: [`Rejected::index`]), or unknown: retry the same id, and it
//! happens at most once. The same id with another body is a conflict. A lone command that its account could not pay is
//! recorded, and its id spent; every other rejection leaves no trace and its ids free.
//!
//! **What may go wrong.** A second writer on the shard: one of them is fenced by the primary key of the batches, and halts
//! ([`Halt::Fenced`]) without having told anybody a success that is not in the log. A lost answer to an append: decided by the
//! batch's number and hash before anybody is told anything. A database that is away: the writer waits, callers get
//! [`SubmitError::Unknown`] at their deadline and [`SubmitError::Busy`] when the queue is full. State that contradicts
//! itself: the shard halts.
//!
//! Not yet: a void before its bet (tombstones), frozen and closed accounts, snapshots with a log-only mode, several shards.

mod engine;
mod index;
pub mod limits;
mod rider;
mod store;
mod unit;
pub mod verify;
mod view;
mod writer;

pub use engine::{
    AccountId, AccountKey, AccountKind, AccountRow, Applied, BalanceAfter, Batch, BatchHead, Command, CommandReply,
    Engine, Evaluated, Hash, Intent, Invariant, Lookup, Malformed, Movement, OutboxRow, PreparedUnit, Reason, Rejected,
    Side, Status, TransferCode, TransferRow, UnitReply, Verdict, derived_id, hash, owner_of_name,
};
pub use rider::{MemoryTables, Rider, RiderError};
pub use store::{AppendError, Fault, Loaded, MIGRATOR, Memory, Postgres, Store, StoreError};
pub use unit::{Unit, WalletEvent};
pub use view::{CurrencyTotal, TrialBalance};
pub use writer::{Halt, Ledger, OpenError, Options, State, SubmitError};
