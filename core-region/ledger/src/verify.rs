//! Replaying a whole log: does it say what its hashes, balances and numbers say?
//!
//! Reads every batch and row in order and checks: numbers without gaps, each batch chained to the one before, its time later, its
//! root that of its rows, each row's balances and versions the fold of those before, no account below zero that must not
//! be, every currency zero-sum after every batch, and the store's balances the end of the fold. Names the first fault.
//! Cost: one pass over the log, in pages; memory for the accounts.

use std::collections::{BTreeMap, VecDeque};

use money::Currency;

use crate::engine::{AccountId, AccountRow, BatchHead, Hash, Side, TransferRow, hash};
use crate::limits;
use crate::store::{Store, StoreError};

/// What a sound log holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Batches.
    pub batches: u64,
    /// Rows.
    pub transfers: u64,
    /// Accounts.
    pub accounts: usize,
    /// The hash of the last batch.
    pub hash: Hash,
}

/// What is wrong, and where first.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The log could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A batch that its neighbours or its rows contradict.
    #[error("batch {no}: {what}")]
    Batch {
        /// Which.
        no: u64,
        /// What is wrong with it.
        what: &'static str,
    },
    /// A row that the rows before contradict.
    #[error("transfer {seq}: {what}")]
    Transfer {
        /// Which.
        seq: u64,
        /// What is wrong with it.
        what: &'static str,
    },
    /// A balance that the log contradicts.
    #[error("account {id} is not what the log says")]
    Account {
        /// Which.
        id: AccountId,
    },
}

#[derive(Default)]
struct Fold {
    accounts: BTreeMap<AccountId, AccountRow>,
    sums: BTreeMap<Currency, i128>,
}

/// The log's rows in order, read ahead in pages.
struct Rows<'a> {
    store: &'a dyn Store,
    next: u64,
    end: u64,
    ahead: VecDeque<TransferRow>,
}

impl Rows<'_> {
    /// All rows that are numbered before the end of `head` and were not taken before.
    async fn of(&mut self, head: &BatchHead) -> Result<Vec<TransferRow>, StoreError> {
        let end = head.next_seq();
        while self.next < end && self.next < self.end {
            let n = limits::PAGE_ROWS.min(self.end - self.next);
            self.ahead.extend(self.store.read_transfers(self.next, n).await?);
            self.next += n;
        }
        let count = self.ahead.partition_point(|row| row.seq < end);
        Ok(self.ahead.drain(..count).collect())
    }
}

/// Replays the log of `store`. A writer may be at work: what it appends meanwhile is not looked at.
///
/// # Errors
/// The first [`Fault`].
pub async fn replay(store: &dyn Store) -> Result<Report, Fault> {
    let loaded = store.load().await?;
    let mut fold = Fold::default();
    let mut rows = Rows { store, next: 1, end: loaded.head.next_seq(), ahead: VecDeque::new() };
    let mut previous = BatchHead::genesis(store.shard());
    while previous.no < loaded.head.no {
        let page = store.read_batches(previous.no + 1, limits::PAGE_ROWS / 16).await?;
        if page.is_empty() {
            return Err(Fault::Batch { no: previous.no + 1, what: "is missing" });
        }
        for head in page.into_iter().filter(|head| head.no <= loaded.head.no) {
            check_head(&previous, &head)?;
            let rows = rows.of(&head).await?;
            check_rows(&head, &rows)?;
            rows.iter().try_for_each(|row| fold.add(row))?;
            if fold.sums.values().any(|sum| *sum != 0) {
                return Err(Fault::Batch { no: head.no, what: "does not sum to zero" });
            }
            previous = head;
        }
    }
    if previous != loaded.head {
        return Err(Fault::Batch { no: loaded.head.no, what: "is not the head" });
    }
    for row in &loaded.accounts {
        if fold.accounts.get(&row.id) != Some(row) {
            return Err(Fault::Account { id: row.id });
        }
    }
    if let Some(id) = fold.accounts.keys().nth(loaded.accounts.len()) {
        return Err(Fault::Account { id: *id });
    }
    let transfers = previous.next_seq() - 1;
    Ok(Report { batches: previous.no, transfers, accounts: fold.accounts.len(), hash: previous.hash })
}

fn check_head(previous: &BatchHead, head: &BatchHead) -> Result<(), Fault> {
    let fault = |what| Err(Fault::Batch { no: head.no, what });
    if head.no != previous.no + 1 || head.first_seq != previous.next_seq() {
        return fault("is not numbered after the one before");
    }
    if head.prev_hash != previous.hash {
        return fault("is not chained to the one before");
    }
    if head.posted_ms <= previous.posted_ms || head.epoch < previous.epoch || head.last_event < previous.last_event {
        return fault("goes back in time");
    }
    if head.is_sound() { Ok(()) } else { fault("has another hash than its header") }
}

/// Whether a batch has all its rows, numbered, and its root is theirs.
pub(crate) fn check_rows(head: &BatchHead, rows: &[TransferRow]) -> Result<(), Fault> {
    let fault = |what| Err(Fault::Batch { no: head.no, what });
    let numbered = rows.iter().zip(head.first_seq..).all(|(row, seq)| row.seq == seq && row.batch == head.no);
    if rows.len() != usize::try_from(head.n).unwrap_or(usize::MAX) || !numbered {
        return fault("lacks rows");
    }
    if hash::root(rows) == head.root { Ok(()) } else { fault("has other rows than its root") }
}

impl Fold {
    fn add(&mut self, row: &TransferRow) -> Result<(), Fault> {
        let Some(movement) = &row.movement else { return Ok(()) };
        let fault = |what| Fault::Transfer { seq: row.seq, what };
        if movement.amount <= 0 || movement.debit.account == movement.credit.account {
            return Err(fault("moves nothing"));
        }
        let amount = i128::from(movement.amount);
        self.step(&movement.debit, -amount).map_err(fault)?;
        self.step(&movement.credit, amount).map_err(fault)
    }

    fn step(&mut self, side: &Side, change: i128) -> Result<(), &'static str> {
        let fresh = AccountRow { id: side.account, key: side.key, balance: 0, version: 0 };
        let row = self.accounts.entry(side.account).or_insert(fresh);
        if row.key != side.key {
            return Err("names another account");
        }
        if i128::from(row.balance) + change != i128::from(side.balance) || row.version + 1 != side.version {
            return Err("does not follow from the rows before");
        }
        if side.balance < 0 && side.key.kind.no_negative() {
            return Err("takes an account below zero");
        }
        *self.sums.entry(side.key.currency).or_default() += change;
        (row.balance, row.version) = (side.balance, side.version);
        Ok(())
    }
}
