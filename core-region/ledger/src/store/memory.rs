//! The log in memory: for simulations, which give it faults, and for nothing that must survive its process.
//!
//! Clones share their tables, so that a second ledger can be opened on what a first one left.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use async_trait::async_trait;
use ids::{PlayerId, TransferId};
use parking_lot::Mutex;

use super::{AppendError, Loaded, Store, StoreError};
use crate::engine::{AccountId, AccountRow, Batch, BatchHead, OutboxRow, TransferRow};
use crate::rider::{MemoryTables, Rider};

/// What goes wrong with one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The next append fails before anything is written.
    BeforeCommit,
    /// The next append is written whole, and its answer is lost.
    AfterCommit,
    /// The next read of the head fails.
    HeadUnreadable,
}

#[derive(Debug, Default)]
struct Tables {
    batches: BTreeMap<u64, BatchHead>,
    accounts: BTreeMap<AccountId, AccountRow>,
    transfers: BTreeMap<u64, TransferRow>,
    by_id: BTreeMap<(TransferId, u16), u64>,
    outbox: BTreeMap<u64, OutboxRow>,
    wallets: BTreeMap<(PlayerId, u64), u64>,
    published: u64,
    rooms: MemoryTables,
    faults: VecDeque<Fault>,
}

/// The memory store.
#[derive(Clone, Debug)]
pub struct Memory {
    shard: u16,
    tables: Arc<Mutex<Tables>>,
}

impl Memory {
    /// An empty log.
    #[must_use]
    pub fn new(shard: u16) -> Self {
        Self { shard, tables: Arc::default() }
    }

    /// Orders a fault; several of one kind come one after the other.
    pub fn inject(&self, fault: Fault) {
        self.tables.lock().faults.push_back(fault);
    }

    /// Lets `look` see, or change, the tables of the riders' rooms.
    pub fn rooms<T>(&self, look: impl FnOnce(&mut MemoryTables) -> T) -> T {
        look(&mut self.tables.lock().rooms)
    }
}

impl Tables {
    fn takes(&mut self, fault: Fault) -> bool {
        let at = self.faults.iter().position(|ordered| *ordered == fault);
        at.and_then(|at| self.faults.remove(at)).is_some()
    }

    fn head(&self, shard: u16) -> BatchHead {
        self.batches.last_key_value().map_or(BatchHead::genesis(shard), |(_, head)| *head)
    }

    fn append(&mut self, batch: &Batch, riders: &[Arc<dyn Rider>]) -> Result<(), AppendError> {
        if self.batches.contains_key(&batch.head.no) {
            return Err(AppendError::Collision("batch number".to_owned()));
        }
        if let Some(row) = batch.rows.iter().find(|row| self.by_id.contains_key(&(row.id, row.leg))) {
            return Err(AppendError::Collision(row.id.to_string()));
        }
        let mut rooms = self.rooms.clone();
        for (at, rider) in riders.iter().enumerate() {
            rider.write_memory(&mut rooms).map_err(|why| AppendError::Rider { at, why })?;
        }
        self.rooms = rooms;
        self.batches.insert(batch.head.no, batch.head);
        self.accounts.extend(batch.accounts.iter().map(|row| (row.id, *row)));
        self.by_id.extend(batch.rows.iter().map(|row| ((row.id, row.leg), row.seq)));
        self.transfers.extend(batch.rows.iter().map(|row| (row.seq, row.clone())));
        self.wallets.extend(batch.events.iter().map(|event| ((event.player, event.core_seq), event.event_no)));
        self.outbox.extend(batch.events.iter().map(|event| (event.event_no, event.clone())));
        Ok(())
    }
}

#[async_trait]
impl Store for Memory {
    fn shard(&self) -> u16 {
        self.shard
    }

    async fn load(&self) -> Result<Loaded, StoreError> {
        let tables = self.tables.lock();
        let heads: BTreeMap<PlayerId, u64> = tables.wallets.keys().copied().collect();
        Ok(Loaded {
            head: tables.head(self.shard),
            accounts: tables.accounts.values().copied().collect(),
            wallet_heads: heads.into_iter().collect(),
        })
    }

    async fn load_head(&self) -> Result<BatchHead, StoreError> {
        let mut tables = self.tables.lock();
        if tables.takes(Fault::HeadUnreadable) {
            return Err(StoreError::Injected);
        }
        Ok(tables.head(self.shard))
    }

    async fn lookup_ids(&self, ids: &[TransferId]) -> Result<Vec<TransferRow>, StoreError> {
        let tables = self.tables.lock();
        let legs = ids.iter().flat_map(|id| tables.by_id.range((*id, 0)..=(*id, u16::MAX)));
        Ok(legs.filter_map(|(_, seq)| tables.transfers.get(seq)).cloned().collect())
    }

    async fn append_batch(&self, batch: &Batch, riders: &[Arc<dyn Rider>]) -> Result<(), AppendError> {
        let mut tables = self.tables.lock();
        if tables.takes(Fault::BeforeCommit) {
            return Err(AppendError::Unknown(StoreError::Injected));
        }
        tables.append(batch, riders)?;
        if tables.takes(Fault::AfterCommit) {
            return Err(AppendError::Unknown(StoreError::Injected));
        }
        Ok(())
    }

    async fn read_transfers(&self, first: u64, n: u64) -> Result<Vec<TransferRow>, StoreError> {
        Ok(self.tables.lock().transfers.range(first..first.saturating_add(n)).map(|(_, row)| row.clone()).collect())
    }

    async fn read_batches(&self, first: u64, n: u64) -> Result<Vec<BatchHead>, StoreError> {
        Ok(self.tables.lock().batches.range(first..first.saturating_add(n)).map(|(_, head)| *head).collect())
    }

    async fn next_unpublished(&self, limit: u32) -> Result<Vec<OutboxRow>, StoreError> {
        let tables = self.tables.lock();
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        Ok(tables.outbox.range(tables.published.saturating_add(1)..).take(limit).map(|(_, row)| row.clone()).collect())
    }

    async fn mark_published(&self, event_no: u64) -> Result<(), StoreError> {
        let mut tables = self.tables.lock();
        tables.published = tables.published.max(event_no);
        Ok(())
    }

    async fn read_wallet(&self, player: PlayerId, after: u64, limit: u32) -> Result<Vec<OutboxRow>, StoreError> {
        let tables = self.tables.lock();
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let numbers = tables.wallets.range((player, after.saturating_add(1))..=(player, u64::MAX));
        Ok(numbers.take(limit).filter_map(|(_, event_no)| tables.outbox.get(event_no)).cloned().collect())
    }
}
