//! The ids that the engine remembers, oldest forgotten first. What it forgets, the store's primary key still knows.

use std::collections::VecDeque;

use ids::TransferId;
use smallvec::SmallVec;

use super::hash::Hash;
use super::row::{Status, Touched, TransferRow, touched};
use crate::index::Index;

/// What became of an id.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) body: Hash,
    pub(super) status: Status,
    pub(super) seq: u64,
    pub(super) posted_ms: u64,
    pub(super) touched: SmallVec<[Touched; 2]>,
}

impl Known {
    /// From the rows of one command, in the order of its legs; nothing from none.
    pub(super) fn from_rows(rows: &[TransferRow]) -> Option<Self> {
        let first = rows.first()?;
        let (body, status, seq, posted_ms) = (first.body, first.status, first.seq, first.posted_ms);
        Some(Self { body, status, seq, posted_ms, touched: touched(rows) })
    }
}

/// A bounded memory of ids.
#[derive(Debug)]
pub(super) struct KnownIds {
    by_id: Index<TransferId, Known>,
    order: VecDeque<TransferId>,
    capacity: usize,
    complete: bool,
}

impl KnownIds {
    /// Remembers `capacity` ids.
    pub(super) fn new(capacity: usize) -> Self {
        Self { by_id: Index::default(), order: VecDeque::new(), capacity, complete: false }
    }

    /// Whether an id that is not here is nowhere.
    pub(super) fn is_complete(&self) -> bool {
        self.complete
    }

    pub(super) fn is_complete_now(&mut self) {
        self.complete = true;
        self.trim();
    }

    pub(super) fn get(&self, id: &TransferId) -> Option<&Known> {
        self.by_id.get(id)
    }

    pub(super) fn insert(&mut self, id: TransferId, known: Known) {
        if self.by_id.insert(id, known).is_none() {
            self.order.push_back(id);
        }
    }

    pub(super) fn mark(&self) -> usize {
        self.order.len()
    }

    /// Forgets what was inserted since `mark`.
    pub(super) fn roll_back(&mut self, mark: usize) {
        while self.order.len() > mark {
            if let Some(id) = self.order.pop_back() {
                self.by_id.remove(&id);
            }
        }
    }

    /// Forgets the oldest beyond the capacity. Only between batches: marks do not survive it.
    pub(super) fn trim(&mut self) {
        while self.order.len() > self.capacity {
            if let Some(id) = self.order.pop_front() {
                self.by_id.remove(&id);
                self.complete = false;
            }
        }
    }
}
