//! Time that jumps, regions that go dark, processes that forget.

use ids::LeaseId;

use crate::dealers::Dealer;
use crate::edge::Edge;
use crate::lease::Status;
use crate::world::World;

impl World {
    pub(crate) fn pass_time(&mut self) {
        self.clock.advance(self.chance.below(2_500));
        if self.chance.is(3) {
            // An operator sets the clock back.
            self.clock.set_wall(self.now_ms().saturating_sub(self.chance.below(2_000)));
        }
    }

    pub(crate) fn source(&mut self) {
        let ids: Vec<LeaseId> = self.leases.keys().copied().collect();
        for _ in 0..=self.chance.below(6) {
            self.hub.source(&self.log, &ids, &mut self.chance);
        }
    }

    /// A region is cut off, or back.
    pub(crate) fn black_out(&mut self) {
        let ids: Vec<LeaseId> = self.leases.keys().copied().collect();
        let Some(lease) = self.chance.pick(&ids).copied() else { return };
        if !self.hub.dark.remove(&lease) {
            self.hub.dark.insert(lease);
        }
    }

    /// It forgets everything; the core tells it of the leases that are not closed.
    pub(crate) fn restart_a_dealer(&mut self) {
        self.stats.note("dealer restarted");
        let which = usize::from(self.chance.is(20));
        self.dealers[which] = Dealer::new();
        let open = self.leases.values().filter(|lease| lease.status != Status::Closed);
        open.for_each(|lease| self.dealers[which].learn(lease));
    }

    /// It forgets a lease, and takes it up from the log.
    pub(crate) fn restart_an_edge(&mut self) {
        let ids: Vec<LeaseId> = self.leases.keys().copied().collect();
        let Some(id) = self.chance.pick(&ids).copied() else { return };
        self.stats.note("edge restarted");
        let lease = self.leases.get_mut(&id).unwrap();
        let before = std::mem::replace(&mut lease.edge, Edge::new(&lease.terms));
        self.follow(id);
        let after = &self.leases[&id].edge;
        assert!(after.trail.starts_with(&before.trail), "an edge that restarts sees another past");
    }
}
