//! How far settlement is behind, for the process's own pages: what each shard's hub still held after its last batch.
//!
//! Costs one atomic store a batch. What it says is as old as that batch: a shard that can't reach its stream keeps its last
//! number, and [`ShardLag::settled_ms`] shows its age.

use std::sync::atomic::{AtomicU64, Ordering};

use wire::subjects::ROUND_SHARDS;

/// What nobody has looked at yet.
const UNKNOWN: u64 = u64::MAX;

/// The lag of all shards and of the comparer, shared by them and whoever shows it.
#[derive(Debug)]
pub struct Lag {
    shards: Vec<Slot>,
    told: AtomicU64,
}

#[derive(Debug, Default)]
struct Slot {
    pending: AtomicU64,
    settled_ms: AtomicU64,
}

/// The lag of one shard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShardLag {
    /// Which.
    pub shard: u16,
    /// Records that waited at the hub after the last batch.
    pub pending: u64,
    /// When that batch was settled, Unix milliseconds; 0 before the first since the process began.
    pub settled_ms: u64,
}

impl Default for Lag {
    fn default() -> Self {
        Self { shards: (0..ROUND_SHARDS).map(|_| Slot::default()).collect(), told: AtomicU64::new(UNKNOWN) }
    }
}

impl Lag {
    /// A batch of `shard` was settled at `now_ms`, and `pending` records are left.
    pub(crate) fn note(&self, shard: u16, pending: u64, now_ms: u64) {
        if let Some(slot) = self.shards.get(usize::from(shard)) {
            slot.pending.store(pending, Ordering::Relaxed);
            slot.settled_ms.store(now_ms, Ordering::Relaxed);
        }
    }

    /// `pending` reports of edges are not compared.
    pub(crate) fn note_told(&self, pending: u64) {
        self.told.store(pending, Ordering::Relaxed);
    }

    /// Reports of what edges told that are not compared yet; `None` before the first look.
    #[must_use]
    pub fn told(&self) -> Option<u64> {
        Some(self.told.load(Ordering::Relaxed)).filter(|pending| *pending != UNKNOWN)
    }

    /// Every shard's, by number.
    #[must_use]
    pub fn shards(&self) -> Vec<ShardLag> {
        let of = |(shard, slot): (u16, &Slot)| ShardLag {
            shard,
            pending: slot.pending.load(Ordering::Relaxed),
            settled_ms: slot.settled_ms.load(Ordering::Relaxed),
        };
        (0..).zip(&self.shards).map(of).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_shard_shows_its_last_batch_and_an_unknown_one_is_left_out() {
        let lag = Lag::default();
        lag.note(2, 7, 1_000);
        lag.note(ROUND_SHARDS, 9, 9_999);
        let shards = lag.shards();
        assert_eq!(shards.len(), usize::from(ROUND_SHARDS));
        assert_eq!(shards[2], ShardLag { shard: 2, pending: 7, settled_ms: 1_000 });
        assert_eq!(lag.told(), None);
        lag.note_told(0);
        assert_eq!(lag.told(), Some(0));
        assert!(shards.iter().all(|one| one.shard == 2 || (one.pending, one.settled_ms) == (0, 0)));
    }
}
