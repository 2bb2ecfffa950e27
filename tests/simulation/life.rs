//! The life of leases: granted, opened, renewed, closed; each step asked again until it is known how it ended.

use ids::{LeaseId, PlayerId};
use leases::{Movement, transfer_id};
use ledger::Intent;
use wire::v1::dealer::CloseLease;
use wire::v1::lease::{CarriedRound, CloseReason};
use wire::v1::wallet::WalletBody;

use crate::cash::event;
use crate::dealers::Ground;
use crate::lease::{Lease, Status, Wanted};
use crate::settler;
use crate::world::World;

/// Time to live of a lease without a heartbeat, milliseconds.
const TTL_MS: u64 = 8_000;
/// Leases of one run at most.
const MOST_LEASES: usize = 60;

impl World {
    /// A player without a running lease asks for one; sometimes for more than he has.
    pub(crate) async fn open_lease(&mut self) {
        let running = |lease: &Lease| matches!(lease.status, Status::Granted | Status::Open);
        let busy: Vec<PlayerId> = self.leases.values().filter(|l| running(l)).map(|l| l.terms.player).collect();
        let idle: Vec<usize> = (0..self.players.len()).filter(|at| !busy.contains(&self.players[*at].id)).collect();
        let Some(at) = self.chance.pick(&idle).copied() else { return };
        if self.leases.len() >= MOST_LEASES {
            return;
        }
        let (player, currency) = (self.players[at].id, self.players[at].currency);
        let escrow = self.chance.amount(200, 12_000);
        let from = self.carried(player);
        let carried = from.as_ref().map(|(_, round)| round.clone());
        let wanted = Wanted { player, currency, escrow, carried, now_ms: self.now_ms() };
        let mut lease = Lease::new(&mut self.chance, wanted, &self.shelf.pins);
        lease.valid_until_ms = self.now_ms() + TTL_MS;
        let intent = Intent::LeaseGrant { player, lease: lease.id, amount: escrow };
        let told = event(player, &WalletBody::LeaseFunded { lease: lease.id, currency, amount_minor: escrow });
        let id = transfer_id(Movement::Grant, lease.id, 0);
        if !self.bank.carry_out(id, currency, intent, told).await {
            self.stats.note("lease unpaid");
            return;
        }
        lease.paid_in = escrow.wide();
        if let Some((from, _)) = from {
            self.stats.note("round carried on");
            self.carried_by.insert(from, lease.id);
        }
        let id = lease.id;
        self.leases.insert(id, lease);
        // Some dealers are never told: the reaper closes such a lease unopened.
        if !self.chance.is(12) {
            self.open_at_dealer(id);
        }
    }

    /// The oldest round that a settled lease of the player left open, and that no other lease has taken up.
    fn carried(&self, player: PlayerId) -> Option<(LeaseId, CarriedRound)> {
        let own = self.leases.values().filter(|lease| lease.terms.player == player);
        let free = own.filter(|lease| !self.carried_by.contains_key(&lease.id));
        let mut left = free.filter_map(|lease| {
            let (progress, _) = settler::progress(&self.bank.store, lease.id)?;
            progress.closed?;
            Some((lease.id, CarriedRound::from(progress.round?)))
        });
        left.next()
    }

    fn open_at_dealer(&mut self, id: LeaseId) {
        let now_ms = self.now_ms();
        let lease = self.leases.get_mut(&id).unwrap();
        let (log, chance, stats) = (&mut self.log, &mut self.chance, &mut self.stats);
        if self.dealers[0].open(&mut Ground { log, chance, stats, now_ms }, lease).is_ok() {
            lease.status = Status::Open;
        }
    }

    /// The edges' heartbeats: most leases live on. The second dealer hears of it now and then.
    pub(crate) fn renew(&mut self) {
        let until = self.now_ms() + TTL_MS;
        for lease in self.leases.values_mut().filter(|lease| lease.status == Status::Open) {
            if self.chance.is(75) {
                lease.valid_until_ms = lease.valid_until_ms.max(until);
                self.dealers[0].learn(lease);
            }
            if self.chance.is(50) {
                self.dealers[1].learn(lease);
            }
        }
    }

    /// Drives on what a lost answer or the time left standing.
    pub(crate) async fn reap(&mut self) {
        let ids: Vec<LeaseId> = self.leases.keys().copied().collect();
        for id in ids {
            let now_ms = self.now_ms();
            let lease = self.leases.get_mut(&id).unwrap();
            let over = now_ms > lease.valid_until_ms || now_ms > lease.terms.opening.expires_ms;
            match lease.status {
                Status::Granted if over || self.chance.is(50) => lease.status = Status::Closing(CloseReason::Unopened),
                Status::Granted => self.open_at_dealer(id),
                Status::Open if over => {
                    self.stats.note("lease expired");
                    lease.status = Status::Closing(CloseReason::Expired);
                }
                _ => {}
            }
            self.close(id);
            self.drive_topup(id).await;
        }
    }

    /// Some open lease ends: its player asks, or another edge has fenced it.
    pub(crate) fn start_closing(&mut self) {
        let open: Vec<LeaseId> =
            self.leases.values().filter(|lease| lease.status == Status::Open).map(|lease| lease.id).collect();
        let Some(id) = self.chance.pick(&open).copied() else { return };
        let fenced = self.chance.is(40);
        if fenced {
            self.stats.note("lease fenced");
        }
        let reason = if fenced { CloseReason::Fenced } else { CloseReason::Asked };
        self.leases.get_mut(&id).unwrap().status = Status::Closing(reason);
        self.close(id);
    }

    /// Has the log of a closing lease ended, by any dealer.
    pub(crate) fn close(&mut self, id: LeaseId) {
        let now_ms = self.now_ms();
        let lease = self.leases.get_mut(&id).unwrap();
        let Status::Closing(reason) = lease.status else { return };
        let (epoch, log_region) = (lease.terms.epoch + 1, lease.terms.log_region.clone());
        let request = CloseLease { lease: id, log_region, epoch, reason };
        let which = usize::from(self.chance.is(15));
        let (log, chance, stats) = (&mut self.log, &mut self.chance, &mut self.stats);
        let ground = &mut Ground { log, chance, stats, now_ms };
        if let Ok(index) = self.dealers[which].close(ground, &request) {
            assert_eq!(index + 1, self.log.len(id), "the closing record is not the last");
            if index == 0 {
                self.stats.note("lease closed unopened");
            }
            lease.status = Status::Closed;
            lease.pending = None;
        }
    }
}
