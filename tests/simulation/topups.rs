//! Top-ups: each ends in the log, or back in the player's cash, or the player could not pay it.

use ids::LeaseId;
use leases::{Movement, transfer_id};
use ledger::Intent;
use wire::v1::dealer::TopUpLease;
use wire::v1::record::RecordBody;
use wire::v1::wallet::WalletBody;

use crate::cash::event;
use crate::dealers::{Failure, Ground};
use crate::lease::{Lease, Status, TopUp};
use crate::world::World;

impl World {
    /// An edge asks for more money.
    pub(crate) async fn top_up(&mut self) {
        let low = |lease: &&Lease| lease.status == Status::Open && lease.topup.is_none();
        let open: Vec<LeaseId> = self.leases.values().filter(low).map(|lease| lease.id).collect();
        let Some(id) = self.chance.pick(&open).copied() else { return };
        let amount = self.chance.amount(50, 5_000);
        let lease = self.leases.get_mut(&id).unwrap();
        lease.attempts += 1;
        let attempt = lease.attempts;
        let (player, currency) = (lease.terms.player, lease.terms.currency);
        let intent = Intent::LeaseTopup { player, lease: id, amount };
        let told = event(player, &WalletBody::ToppedUp { lease: id, currency, amount_minor: amount });
        let transfer = transfer_id(Movement::TopUp, id, u64::from(attempt));
        if !self.bank.carry_out(transfer, currency, intent, told).await {
            self.stats.note("top-up unpaid");
            return;
        }
        let lease = self.leases.get_mut(&id).unwrap();
        lease.paid_in += amount.wide();
        lease.topup = Some(TopUp { attempt, amount });
        // Some wait for the reaper, and may find the log closed by then.
        if self.chance.is(70) {
            self.drive_topup(id).await;
        }
    }

    /// A top-up ends in the log, or, when the closed log does not hold it, in the player's cash.
    pub(crate) async fn drive_topup(&mut self, id: LeaseId) {
        let now_ms = self.now_ms();
        let lease = &self.leases[&id];
        let Some(topup) = lease.topup else { return };
        let request = TopUpLease { lease: id, grant: lease.grants + 1, amount_minor: topup.amount };
        let which = usize::from(self.chance.is(10));
        let (log, chance, stats) = (&mut self.log, &mut self.chance, &mut self.stats);
        match self.dealers[which].top_up(&mut Ground { log, chance, stats, now_ms }, &request) {
            Ok(_) => self.topup_written(id),
            Err(Failure::Refused(_)) if self.is_in_log(id, &request) => self.topup_written(id),
            Err(Failure::Refused(_)) if self.is_log_closed(id) => self.give_back(id, topup).await,
            Err(_) => {}
        }
    }

    fn topup_written(&mut self, id: LeaseId) {
        self.stats.note("top-up written");
        let lease = self.leases.get_mut(&id).unwrap();
        lease.grants += 1;
        lease.topup = None;
    }

    fn is_in_log(&self, id: LeaseId, wanted: &TopUpLease) -> bool {
        let is = |body: &RecordBody| match body {
            RecordBody::ToppedUp(topped) => topped.grant == wanted.grant && topped.amount_minor == wanted.amount_minor,
            _ => false,
        };
        self.log.records(id, 0).iter().any(|record| is(&record.body))
    }

    fn is_log_closed(&self, id: LeaseId) -> bool {
        self.log.of(id).last().is_some_and(|last| matches!(last.record().body, RecordBody::Closed(_)))
    }

    async fn give_back(&mut self, id: LeaseId, topup: TopUp) {
        let (player, currency) = (self.leases[&id].terms.player, self.leases[&id].terms.currency);
        let intent = Intent::LeaseReturn { player, lease: id, amount: topup.amount };
        let transfer = transfer_id(Movement::Return, id, u64::from(topup.attempt));
        assert!(
            self.bank.carry_out(transfer, currency, intent, None).await,
            "the escrow lacks a top-up it must return"
        );
        self.stats.note("top-up given back");
        let lease = self.leases.get_mut(&id).unwrap();
        lease.paid_back += topup.amount.wide();
        lease.topup = None;
    }
}
