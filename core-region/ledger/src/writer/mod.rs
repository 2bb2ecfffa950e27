//! The handle that rooms hold: submit, read, relay the outbox, close.

mod append;
mod observe;
mod open;
mod run;

use std::sync::Arc;
use std::time::Duration;

use clock::SharedClock;
use ids::{PlayerId, TransferId};
use money::{Amount, Currency};
use parking_lot::RwLock;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{mpsc, oneshot, watch};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::engine::{AccountKey, AccountKind, AccountRow, Invariant, OutboxRow, PreparedUnit, TransferRow, UnitReply};
use crate::limits;
use crate::store::{Store, StoreError};
use crate::unit::Unit;
use crate::verify::{self, Fault};
use crate::view::{TrialBalance, View};

use run::Pending;

/// How a ledger behaves. The defaults are [`limits`]'s.
#[derive(Clone, Debug)]
pub struct Options {
    /// Units that may wait in the queue.
    pub queue_units: usize,
    /// Commands after which a batch is cut.
    pub batch_commands: usize,
    /// Ids remembered for replays.
    pub known_ids: usize,
    /// Transfers read back at opening.
    pub preload_transfers: u64,
    /// How long [`Ledger::submit`] waits.
    pub deadline: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            queue_units: limits::QUEUE_UNITS,
            batch_commands: limits::BATCH_COMMANDS,
            known_ids: limits::KNOWN_IDS,
            preload_transfers: limits::PRELOAD_TRANSFERS,
            deadline: limits::SUBMIT_DEADLINE,
        }
    }
}

/// Why a writer takes no more work. Open a new ledger on the store to go on.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Halt {
    /// It was closed.
    #[error("the ledger is closed")]
    Closed,
    /// Another writer has appended to the shard.
    #[error("another writer has taken the shard")]
    Fenced,
    /// State that contradicts itself.
    #[error("the ledger contradicts itself: {0}")]
    Broken(Invariant),
    /// The store refused a batch for good; the log of the process says why.
    #[error("the store refuses the batch")]
    StoreRefused,
}

/// Whether a writer is at work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// It takes work.
    Running,
    /// It does not.
    Halted(Halt),
}

/// Why there is no answer to a unit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SubmitError {
    /// Too much is waiting. Nothing was done: try later.
    #[error("the ledger is busy")]
    Busy,
    /// It may have been done or may yet be: retry with the same ids.
    #[error("the outcome is unknown: retry the same id")]
    Unknown,
    /// The writer has halted, and did not do it.
    #[error("the ledger has halted: {0}")]
    Halted(Halt),
}

/// Why a ledger does not open.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The store cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Its state contradicts itself.
    #[error(transparent)]
    Broken(#[from] Invariant),
    /// Its last batch is not what its hash says.
    #[error(transparent)]
    Tampered(#[from] Fault),
}

/// A running ledger of one shard. Clones are the same one; it ends when it is closed or the last clone is gone.
#[derive(Clone, Debug)]
pub struct Ledger {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    store: Arc<dyn Store>,
    clock: SharedClock,
    options: Options,
    queue: mpsc::Sender<Pending>,
    view: Arc<RwLock<View>>,
    state: watch::Receiver<State>,
    last_event: watch::Receiver<u64>,
    stop: CancellationToken,
    tasks: TaskTracker,
}

impl Ledger {
    /// Loads the shard's state, checks its last batch, and starts the writer.
    ///
    /// # Errors
    /// [`OpenError`]: nothing was started.
    pub async fn open(store: Arc<dyn Store>, clock: SharedClock, options: Options) -> Result<Self, OpenError> {
        open::open(store, clock, options).await.map(|inner| Self { inner: Arc::new(inner) })
    }

    /// Has `unit` carried out once, and waits for the outcome until [`Options::deadline`].
    ///
    /// # Errors
    /// [`SubmitError`]. Dropping the future does not take the unit back.
    pub async fn submit(&self, unit: Unit) -> Result<UnitReply, SubmitError> {
        self.submit_within(unit, self.inner.options.deadline).await
    }

    /// As [`Ledger::submit`], waiting until `deadline` has passed. A unit that has waited that long in the queue is not begun.
    ///
    /// # Errors
    /// [`SubmitError`].
    pub async fn submit_within(&self, unit: Unit, deadline: Duration) -> Result<UnitReply, SubmitError> {
        let Unit { commands, events, rider, trace } = unit;
        let unit = match PreparedUnit::try_new(&commands, events, trace) {
            Ok(unit) => unit,
            Err(rejected) => return Ok(UnitReply::Rejected(rejected)),
        };
        let (reply, answer) = oneshot::channel();
        let expires = self.inner.clock.monotonic().saturating_add(deadline);
        self.inner.queue.try_send(Pending { unit, rider, reply, expires }).map_err(|refused| match refused {
            TrySendError::Full(_) => SubmitError::Busy,
            TrySendError::Closed(_) => SubmitError::Halted(self.halt()),
        })?;
        match tokio::time::timeout(deadline, answer).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(_)) | Err(_) => Err(SubmitError::Unknown),
        }
    }

    /// What `account` holds, as of the last batch; zero when it was never used. A caller who has a reply sees its effect.
    #[must_use]
    pub fn balance(&self, account: &AccountKey) -> Amount {
        self.inner.view.read().balance(account)
    }

    /// What `player` may withdraw or play with, by currency.
    #[must_use]
    pub fn cash_of(&self, player: PlayerId) -> Vec<(Currency, Amount)> {
        self.inner.view.read().of_owner(AccountKind::PlayerCash, player.to_bytes()).collect()
    }

    /// What `player` has asked to be paid out, by currency.
    #[must_use]
    pub fn pending_of(&self, player: PlayerId) -> Vec<(Currency, Amount)> {
        self.inner.view.read().of_owner(AccountKind::WithdrawalPending, player.to_bytes()).collect()
    }

    /// The accounts of `owner`, by kind and currency, as of the last batch.
    #[must_use]
    pub fn accounts_of(&self, owner: [u8; 16]) -> Vec<AccountRow> {
        self.inner.view.read().rows_of(owner)
    }

    /// The rows of a transfer, in order; none when the log has none.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn transfer(&self, id: TransferId) -> Result<Vec<TransferRow>, StoreError> {
        self.inner.store.lookup_ids(&[id]).await
    }

    /// Replays the whole log while the writer is at work. Cost: one pass over all rows.
    ///
    /// # Errors
    /// The first [`Fault`].
    pub async fn verify(&self) -> Result<verify::Report, Fault> {
        verify::replay(self.inner.store.as_ref()).await
    }

    /// All balances added up, of one moment. Cost: a walk over all accounts while the writer waits to publish a batch.
    #[must_use]
    pub fn trial_balance(&self) -> TrialBalance {
        self.inner.view.read().trial_balance()
    }

    /// Up to `limit` wallet events that are not yet marked as published, in the order in which they must be published.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn next_unpublished(&self, limit: u32) -> Result<Vec<OutboxRow>, StoreError> {
        self.inner.store.next_unpublished(limit).await
    }

    /// Marks all wallet events up to `event_no` as published.
    ///
    /// # Errors
    /// [`StoreError`]; then they will be handed out, and published, again.
    pub async fn mark_published(&self, event_no: u64) -> Result<(), StoreError> {
        self.inner.store.mark_published(event_no).await
    }

    /// Up to `limit` wallet events of `player` after number `after`: what a resuming client has missed.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn wallet_events(&self, player: PlayerId, after: u64, limit: u32) -> Result<Vec<OutboxRow>, StoreError> {
        self.inner.store.read_wallet(player, after, limit).await
    }

    /// The number of the last wallet event in the log, as it rises: what wakes the outbox's relay.
    #[must_use]
    pub fn last_event(&self) -> watch::Receiver<u64> {
        self.inner.last_event.clone()
    }

    /// Whether the writer is at work, as it changes: what wakes a supervisor.
    #[must_use]
    pub fn state(&self) -> watch::Receiver<State> {
        self.inner.state.clone()
    }

    /// Takes no more units, carries out those in the queue, and waits until the writer has ended.
    pub async fn close(&self) {
        self.inner.stop.cancel();
        self.inner.tasks.close();
        self.inner.tasks.wait().await;
    }

    fn halt(&self) -> Halt {
        match &*self.inner.state.borrow() {
            State::Halted(halt) => halt.clone(),
            State::Running => Halt::Closed,
        }
    }
}
