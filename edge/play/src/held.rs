//! The leases that this edge holds, by lease and by player.
//!
//! Each has two locks: `order`, held across the dealer's answer so that deals of one lease run one after the other, and a
//! short one around its state, never held while waiting. The map's own lock is never held while a lease's is taken.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use ids::{LeaseId, PlayerId};
use parking_lot::{Mutex, MutexGuard, RwLock};
use wire::v1::key::{KeyError, Verifies};
use wire::v1::lease::LeaseTerms;
use wire::v1::{Refusal, RefusalCode};

use crate::lease::HeldLease;

/// A held lease with what of it never changes.
#[derive(Debug)]
pub(crate) struct Slot {
    pub(crate) lease: LeaseId,
    pub(crate) player: PlayerId,
    pub(crate) terms: Arc<LeaseTerms>,
    pub(crate) key: Verifies,
    /// Held while a deal is bound, or the lease is closed.
    pub(crate) order: tokio::sync::Mutex<()>,
    pub(crate) topup: TopUpGate,
    held: Mutex<HeldLease>,
}

impl Slot {
    /// # Errors
    /// [`KeyError`] when the terms hold no usable session key.
    pub(crate) fn try_new(held: HeldLease) -> Result<Self, KeyError> {
        let terms = Arc::clone(&held.state().terms);
        let key = terms.client_key.parse()?;
        let (lease, player) = (terms.opening.lease, terms.player);
        let (order, topup) = (tokio::sync::Mutex::new(()), TopUpGate::default());
        Ok(Self { lease, player, terms, key, order, topup, held: Mutex::new(held) })
    }

    pub(crate) fn held(&self) -> MutexGuard<'_, HeldLease> {
        self.held.lock()
    }
}

/// At most one top-up in flight, and pauses after those that failed.
#[derive(Debug, Default)]
pub(crate) struct TopUpGate {
    busy: AtomicBool,
    not_before_ms: AtomicU64,
}

impl TopUpGate {
    /// Whether a top-up may start at monotonic time `now`; if so it has started.
    pub(crate) fn enter(&self, now: Duration) -> bool {
        let now_ms = u64::try_from(now.as_millis()).unwrap_or(u64::MAX);
        now_ms >= self.not_before_ms.load(Ordering::Acquire) && !self.busy.swap(true, Ordering::AcqRel)
    }

    /// It ended at `now`; the next one may start after `pause`.
    pub(crate) fn leave(&self, now: Duration, pause: Duration) {
        let not_before = now.saturating_add(pause).as_millis();
        self.not_before_ms.store(u64::try_from(not_before).unwrap_or(u64::MAX), Ordering::Release);
        self.busy.store(false, Ordering::Release);
    }
}

#[derive(Debug, Default)]
struct Maps {
    by_lease: BTreeMap<LeaseId, Arc<Slot>>,
    by_player: BTreeMap<PlayerId, LeaseId>,
}

/// All held leases.
#[derive(Debug, Default)]
pub(crate) struct Held(RwLock<Maps>);

impl Held {
    /// The player's lease of that id.
    ///
    /// # Errors
    /// [`RefusalCode::LeaseUnknown`] when it is not here, or another player's.
    pub(crate) fn of(&self, player: PlayerId, lease: LeaseId) -> Result<Arc<Slot>, Refusal> {
        let slot = self.0.read().by_lease.get(&lease).cloned();
        slot.filter(|slot| slot.player == player).ok_or_else(|| RefusalCode::LeaseUnknown.into())
    }

    /// The lease that the player holds here.
    pub(crate) fn of_player(&self, player: PlayerId) -> Option<Arc<Slot>> {
        let maps = self.0.read();
        maps.by_player.get(&player).and_then(|lease| maps.by_lease.get(lease)).cloned()
    }

    pub(crate) fn get(&self, lease: LeaseId) -> Option<Arc<Slot>> {
        self.0.read().by_lease.get(&lease).cloned()
    }

    /// Holds `slot`, unless the lease is held already: then that one is given back.
    pub(crate) fn insert(&self, slot: Slot) -> Arc<Slot> {
        let mut maps = self.0.write();
        maps.by_player.insert(slot.player, slot.lease);
        Arc::clone(maps.by_lease.entry(slot.lease).or_insert_with(|| Arc::new(slot)))
    }

    pub(crate) fn remove(&self, slot: &Slot) {
        let mut maps = self.0.write();
        maps.by_lease.remove(&slot.lease);
        if maps.by_player.get(&slot.player) == Some(&slot.lease) {
            maps.by_player.remove(&slot.player);
        }
    }

    pub(crate) fn all(&self) -> Vec<Arc<Slot>> {
        self.0.read().by_lease.values().cloned().collect()
    }

    pub(crate) fn len(&self) -> usize {
        self.0.read().by_lease.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::Sample;

    #[test]
    fn a_lease_of_another_player_looks_like_one_that_is_not_there() {
        let sample = Sample::new();
        let held = Held::default();
        let slot = held.insert(Slot::try_new(sample.held()).unwrap());
        let stranger = PlayerId::from_bytes([200; 16]);
        let unknown = LeaseId::from_bytes([201; 16]);
        assert_eq!(held.of(stranger, slot.lease).unwrap_err(), held.of(slot.player, unknown).unwrap_err());
        assert!(held.of(slot.player, slot.lease).is_ok());
        held.remove(&slot);
        assert!(held.of(slot.player, slot.lease).is_err() && held.of_player(slot.player).is_none());
    }

    #[test]
    fn a_lease_is_held_once_however_often_it_is_taken_up() {
        let sample = Sample::new();
        let held = Held::default();
        let first = held.insert(Slot::try_new(sample.held()).unwrap());
        let second = held.insert(Slot::try_new(sample.held()).unwrap());
        assert!(Arc::ptr_eq(&first, &second));
        assert_eq!(held.len(), 1);
    }

    #[test]
    fn one_top_up_at_a_time_and_none_within_the_pause() {
        let gate = TopUpGate::default();
        let at = Duration::from_millis;
        assert!(gate.enter(at(0)));
        assert!(!gate.enter(at(0)));
        gate.leave(at(10), at(100));
        assert!(!gate.enter(at(109)));
        assert!(gate.enter(at(110)));
    }
}
