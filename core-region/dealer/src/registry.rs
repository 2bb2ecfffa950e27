//! The leases in memory, in shards so that players don't wait for each other. Closed leases are taken out: the log remembers.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use ids::LeaseId;
use parking_lot::RwLock;
use telemetry::names;

use crate::entry::Entry;
use crate::limits;

type Shard = RwLock<BTreeMap<LeaseId, Arc<Entry>>>;

/// Leases by id.
#[derive(Debug)]
pub(crate) struct Registry {
    first: Shard,
    others: Vec<Shard>,
    count: AtomicUsize,
}

impl Registry {
    pub(crate) fn new() -> Self {
        let others = (1..limits::MAP_SHARDS).map(|_| Shard::default()).collect();
        Self { first: Shard::default(), others, count: AtomicUsize::new(0) }
    }

    fn shard(&self, lease: LeaseId) -> &Shard {
        let [.., last] = lease.to_bytes();
        self.others.get(usize::from(last) % limits::MAP_SHARDS).unwrap_or(&self.first)
    }

    /// The lease, if it is in memory.
    pub(crate) fn get(&self, lease: LeaseId) -> Option<Arc<Entry>> {
        self.shard(lease).read().get(&lease).cloned()
    }

    /// The lease; a new entry if it was not in memory. Only for what the core asks.
    pub(crate) fn get_or_insert(&self, lease: LeaseId) -> Arc<Entry> {
        if let Some(entry) = self.get(lease) {
            return entry;
        }
        let mut shard = self.shard(lease).write();
        let entry = shard.entry(lease).or_insert_with(|| {
            self.set_count(self.count.fetch_add(1, Ordering::AcqRel).saturating_add(1));
            Arc::new(Entry::new(lease))
        });
        entry.clone()
    }

    /// Takes `entry` out, unless another one stands in its place.
    pub(crate) fn remove(&self, lease: LeaseId, entry: &Arc<Entry>) {
        let mut shard = self.shard(lease).write();
        if shard.get(&lease).is_some_and(|held| Arc::ptr_eq(held, entry)) {
            shard.remove(&lease);
            self.set_count(self.count.fetch_sub(1, Ordering::AcqRel).saturating_sub(1));
        }
    }

    /// Leases in memory.
    pub(crate) fn len(&self) -> usize {
        self.count.load(Ordering::Acquire)
    }

    fn set_count(&self, count: usize) {
        metrics::gauge!(names::LEASES).set(f64::from(u32::try_from(count).unwrap_or(u32::MAX)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_lease_has_one_entry_and_only_its_own_is_taken_out() {
        let registry = Registry::new();
        for last in 0..=255 {
            let lease = LeaseId::from_bytes(std::array::from_fn(|i| if i == 15 { last } else { 7 }));
            let entry = registry.get_or_insert(lease);
            assert!(Arc::ptr_eq(&entry, &registry.get(lease).unwrap()));
            registry.remove(lease, &Arc::new(Entry::new(lease)));
            assert!(registry.get(lease).is_some());
            if last % 2 == 0 {
                registry.remove(lease, &entry);
                assert!(registry.get(lease).is_none());
            }
        }
        assert_eq!(registry.len(), 128);
    }
}
