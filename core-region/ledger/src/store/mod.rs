//! Where the log is kept. Two implementations, one conformance suite: [`Postgres`] and [`Memory`].
//!
//! Promise of [`Store::append_batch`]: all of a batch, its outbox rows, balances and riders, or nothing; of two batches with one
//! number, one. After any error but [`AppendError::Rider`] the writer asks [`Store::load_head`] before it believes anything.

mod memory;
mod postgres;

use std::fmt::Debug;
use std::sync::Arc;

use async_trait::async_trait;
use database::DbError;
use ids::{PlayerId, TransferId};

use crate::engine::{AccountRow, Batch, BatchHead, OutboxRow, TransferRow};
use crate::rider::{Rider, RiderError};

pub use memory::{Fault, Memory};
pub use postgres::{MIGRATOR, Postgres};

/// Why the store did not answer.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DbError),
    /// A fault that a simulation ordered.
    #[error("the memory store was told to fail")]
    Injected,
    /// A row that the ledger cannot have written.
    #[error("the log holds what the ledger never wrote: {0}")]
    Corrupt(&'static str),
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error.into())
    }
}

impl database::AsDbError for StoreError {
    fn as_db_error(&self) -> Option<&DbError> {
        match self {
            Self::Database(error) => Some(error),
            Self::Injected | Self::Corrupt(_) => None,
        }
    }
}

impl StoreError {
    /// Whether waiting may help.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Injected => true,
            Self::Corrupt(_) => false,
            Self::Database(error) => {
                error.may_run_again() || matches!(error, DbError::NoConnection | DbError::Ambiguous { .. })
            }
        }
    }
}

/// Why a batch may not have been appended.
#[derive(Debug, thiserror::Error)]
pub enum AppendError {
    /// A batch of that number, or a transfer of one of the ids, exists: this batch was not appended now.
    #[error("the batch's number or one of its ids is taken: {0}")]
    Collision(String),
    /// The rider of the unit at that place refused; nothing was appended.
    #[error("rider {at} refused: {why}")]
    Rider {
        /// Its place in what was handed to [`Store::append_batch`].
        at: usize,
        /// Why.
        why: RiderError,
    },
    /// No answer, or one that asks to try again: it may have been appended.
    #[error("the append's outcome is unknown: {0}")]
    Unknown(StoreError),
    /// It was refused for good: an invariant of the database is broken.
    #[error("the append was refused: {0}")]
    Refused(StoreError),
}

/// The state of a shard as of its last batch.
#[derive(Debug)]
pub struct Loaded {
    /// The last batch; [`BatchHead::genesis`] when there is none.
    pub head: BatchHead,
    /// Every account, by number.
    pub accounts: Vec<AccountRow>,
    /// The last event number of every player that has one.
    pub wallet_heads: Vec<(PlayerId, u64)>,
}

/// The durable log of one shard.
#[async_trait]
pub trait Store: Debug + Send + Sync {
    /// Which shard.
    fn shard(&self) -> u16;

    /// Head, balances and event numbers, all of one moment.
    async fn load(&self) -> Result<Loaded, StoreError>;

    /// The last batch; [`BatchHead::genesis`] when there is none.
    async fn load_head(&self) -> Result<BatchHead, StoreError>;

    /// The rows of those of `ids` that are in the log; the legs of one command together and in order.
    async fn lookup_ids(&self, ids: &[TransferId]) -> Result<Vec<TransferRow>, StoreError>;

    /// Appends a batch, and writes `riders` in the same transaction.
    async fn append_batch(&self, batch: &Batch, riders: &[Arc<dyn Rider>]) -> Result<(), AppendError>;

    /// The rows with `first <= seq < first + n`, by `seq`.
    async fn read_transfers(&self, first: u64, n: u64) -> Result<Vec<TransferRow>, StoreError>;

    /// The heads with `first <= no < first + n`, by `no`.
    async fn read_batches(&self, first: u64, n: u64) -> Result<Vec<BatchHead>, StoreError>;

    /// Up to `limit` wallet events that are not marked as published, in the order of publishing.
    async fn next_unpublished(&self, limit: u32) -> Result<Vec<OutboxRow>, StoreError>;

    /// Marks all events up to `event_no` as published. A lower mark than the present one changes nothing.
    async fn mark_published(&self, event_no: u64) -> Result<(), StoreError>;

    /// Up to `limit` wallet events of `player` after number `after`, in order, published or not.
    async fn read_wallet(&self, player: PlayerId, after: u64, limit: u32) -> Result<Vec<OutboxRow>, StoreError>;
}
