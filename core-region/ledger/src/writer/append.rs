//! Appending a batch to a store that may fail at any point, and finding out what it did.
//!
//! After a lost answer the head decides. Same number and hash: the batch is in. The head is still the one before: send the
//! same bytes again. Anything else: another writer has the shard. While the store is away this waits; a ledger that is being
//! closed gives up after some tries, and then nobody is told more than "unknown".

use std::sync::Arc;
use std::time::Duration;

use ids::TransferId;

use super::run::Writer;
use super::{Halt, observe};
use crate::engine::{Batch, Invariant, TransferRow};
use crate::limits;
use crate::rider::{Rider, RiderError};
use crate::store::{AppendError, StoreError};

/// Why the writer cannot go on.
#[derive(Debug)]
pub(super) enum Stop {
    /// For good.
    Halt(Halt),
    /// The ledger is being closed and the store does not answer.
    GaveUp,
}

impl From<Invariant> for Stop {
    fn from(broken: Invariant) -> Self {
        Self::Halt(Halt::Broken(broken))
    }
}

/// What became of a batch.
#[derive(Debug)]
pub(super) enum Appended {
    /// The store has it.
    Yes,
    /// The store has some of its ids already, and nothing of it.
    Collision,
    /// One of its riders refused; the store has nothing of it.
    Rider { at: usize, why: RiderError },
}

/// Where a shard stands as seen from a batch.
enum Standing {
    Before,
    Committed,
    Fenced,
}

/// Growing pauses between tries.
struct Patience {
    pause: Duration,
    tries_while_closing: u32,
}

impl Patience {
    const fn new() -> Self {
        Self { pause: limits::STORE_FIRST_PAUSE, tries_while_closing: 0 }
    }
}

impl Writer {
    pub(super) async fn append(&self, batch: &Batch, riders: &[Arc<dyn Rider>]) -> Result<Appended, Stop> {
        let mut patience = Patience::new();
        let started = self.clock.monotonic();
        loop {
            let is_collision = match self.store.append_batch(batch, riders).await {
                Ok(()) => {
                    observe::appended(self.clock.monotonic().saturating_sub(started));
                    return Ok(Appended::Yes);
                }
                Err(AppendError::Rider { at, why }) => return Ok(Appended::Rider { at, why }),
                Err(AppendError::Refused(error)) => {
                    tracing::error!(batch = batch.head.no, %error, "the store refuses a batch");
                    return Err(Stop::Halt(Halt::StoreRefused));
                }
                Err(AppendError::Collision(_)) => true,
                Err(AppendError::Unknown(error)) => {
                    self.wait(&mut patience, "append", &error).await?;
                    false
                }
            };
            match self.standing(batch).await? {
                Standing::Committed => return Ok(Appended::Yes),
                Standing::Fenced => return Err(Stop::Halt(Halt::Fenced)),
                Standing::Before if is_collision => return Ok(Appended::Collision),
                Standing::Before => {}
            }
        }
    }

    pub(super) async fn find(&self, ids: &[TransferId]) -> Result<Vec<TransferRow>, Stop> {
        let mut patience = Patience::new();
        loop {
            match self.store.lookup_ids(ids).await {
                Ok(rows) => return Ok(rows),
                Err(error) => self.wait(&mut patience, "look-up", &error).await?,
            }
        }
    }

    async fn standing(&self, batch: &Batch) -> Result<Standing, Stop> {
        let mut patience = Patience::new();
        loop {
            match self.standing_once(batch).await {
                Ok(standing) => return Ok(standing),
                Err(error) => self.wait(&mut patience, "head", &error).await?,
            }
        }
    }

    async fn standing_once(&self, batch: &Batch) -> Result<Standing, StoreError> {
        let head = self.store.load_head().await?;
        if head.no < batch.head.no {
            let is_before = head.no + 1 == batch.head.no && head.hash == batch.head.prev_hash;
            return Ok(if is_before { Standing::Before } else { Standing::Fenced });
        }
        // Ours may be in with another writer's on top of it: then ours counts, and the next one is fenced.
        let same = self.store.read_batches(batch.head.no, 1).await?;
        let is_ours = same.first().is_some_and(|stored| stored.hash == batch.head.hash);
        Ok(if is_ours { Standing::Committed } else { Standing::Fenced })
    }

    async fn wait(&self, patience: &mut Patience, doing: &'static str, error: &StoreError) -> Result<(), Stop> {
        if !error.is_passing() {
            tracing::error!(doing, %error, "the store fails for good");
            return Err(Stop::Halt(Halt::StoreRefused));
        }
        if self.stop.is_cancelled() {
            patience.tries_while_closing += 1;
            if patience.tries_while_closing > limits::STORE_TRIES_WHILE_CLOSING {
                tracing::error!(doing, %error, "the store is away while the ledger closes");
                return Err(Stop::GaveUp);
            }
        }
        observe::store_failed(doing);
        tracing::warn!(doing, %error, "the store fails; trying again");
        tokio::time::sleep(patience.pause).await;
        patience.pause = Duration::min(patience.pause * 2, limits::STORE_LONGEST_PAUSE);
        Ok(())
    }
}
