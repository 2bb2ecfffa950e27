//! One lease in memory: its folded log and its key under one lock, its time to live beside it.

use std::sync::atomic::{AtomicU64, Ordering};

use fairness::{LeaseKey, RoundKey};
use ids::LeaseId;
use tokio::sync::{Mutex, MutexGuard};

use crate::lease::{Bound, DealerLease};

/// A lease that the dealer knows.
#[derive(Debug)]
pub(crate) struct Entry {
    slot: Mutex<Slot>,
    /// Outside the lock: renewals must not wait for appends.
    valid_until_ms: AtomicU64,
}

/// What the lock guards. One deal at a time: the next waits until this one stands.
#[derive(Debug)]
pub(crate) struct Slot {
    pub(crate) lease: DealerLease,
    /// KL, wiped when it is dropped: at the close.
    pub(crate) key: Option<LeaseKey>,
    /// Whether the log may hold more than is folded here: it is read before anything is decided.
    pub(crate) stale: bool,
}

impl Entry {
    /// A lease of which nothing is known yet.
    pub(crate) fn new(lease: LeaseId) -> Self {
        let slot = Slot { lease: DealerLease::new(lease), key: None, stale: true };
        Self { slot: Mutex::new(slot), valid_until_ms: AtomicU64::new(0) }
    }

    pub(crate) async fn lock(&self) -> MutexGuard<'_, Slot> {
        self.slot.lock().await
    }

    /// The lease lives until then, or longer if that was said before: messages may overtake each other.
    pub(crate) fn renew(&self, valid_until_ms: u64) {
        self.valid_until_ms.fetch_max(valid_until_ms, Ordering::AcqRel);
    }

    pub(crate) fn valid_until_ms(&self) -> u64 {
        self.valid_until_ms.load(Ordering::Acquire)
    }
}

impl Slot {
    /// K_r of a bound deal, numbered from 1.
    pub(crate) fn round_key(&self, deal: u64) -> Option<RoundKey> {
        let nth = usize::try_from(deal.checked_sub(1)?).ok()?;
        self.derive(deal, self.lease.deals.get(nth)?)
    }

    /// K_r of every bound deal, in order.
    pub(crate) fn round_keys(&self) -> Option<Vec<RoundKey>> {
        (1..).zip(&self.lease.deals).map(|(deal, bound)| self.derive(deal, bound)).collect()
    }

    fn derive(&self, deal: u64, bound: &Bound) -> Option<RoundKey> {
        let game = self.lease.terms.as_ref()?.terms.games.get(bound.game)?;
        let key = self.key.as_ref()?;
        Some(fairness::round_key(key, deal, game.digest.as_bytes(), game.params.as_bytes(), &bound.nonce.0))
    }
}
