//! What this room asks of the ledger: a grant, a top-up, a top-up given back. Each under an id derived from the lease, so
//! asking again after a lost answer moves nothing twice.

use ids::LeaseId;
use ledger::{AccountKey, Applied, Command, Intent, Reason, Unit, UnitReply, WalletEvent};
use money::Amount;
use telemetry::Trace;
use wire::v1::wallet::WalletBody;

use crate::entity::Lease;
use crate::error::LeasesError;
use crate::leases::Leases;
use crate::repo::topups::TopUpRow;
use crate::transfer_id::{Movement, transfer_id};

/// Whether the player could pay. Final for the movement's id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Paid {
    Yes,
    No,
}

impl Leases {
    /// What the player could put into a lease now.
    pub(crate) fn cash(&self, lease: &Lease) -> Amount {
        self.ledger.balance(&AccountKey::player_cash(lease.player, lease.currency))
    }

    /// The escrow of a new lease.
    pub(crate) async fn move_grant(&self, lease: &Lease, trace: &Trace) -> Result<Paid, LeasesError> {
        let (player, amount) = (lease.player, lease.escrow_minor);
        let intent = Intent::LeaseGrant { player, lease: lease.id, amount };
        let body = WalletBody::LeaseFunded { lease: lease.id, currency: lease.currency, amount_minor: amount };
        self.move_money(lease, (Movement::Grant, 0), intent, Some(body), trace).await
    }

    /// More of it.
    pub(crate) async fn move_topup(&self, lease: &Lease, topup: &TopUpRow, trace: &Trace) -> Result<Paid, LeasesError> {
        let (player, amount) = (lease.player, topup.amount);
        let intent = Intent::LeaseTopup { player, lease: lease.id, amount };
        let body = WalletBody::ToppedUp { lease: lease.id, currency: lease.currency, amount_minor: amount };
        self.move_money(lease, (Movement::TopUp, topup.attempt), intent, Some(body), trace).await
    }

    /// A top-up that the closed log does not hold goes back. No event: the next balance shows it.
    pub(crate) async fn move_topup_back(
        &self,
        lease: &Lease,
        topup: &TopUpRow,
        trace: &Trace,
    ) -> Result<(), LeasesError> {
        let intent = Intent::LeaseReturn { player: lease.player, lease: lease.id, amount: topup.amount };
        match self.move_money(lease, (Movement::Return, topup.attempt), intent, None, trace).await? {
            Paid::Yes => Ok(()),
            Paid::No => Err(broken(lease.id, "its escrow is smaller than the top-up that it must give back")),
        }
    }

    async fn move_money(
        &self,
        lease: &Lease,
        (movement, number): (Movement, u32),
        intent: Intent,
        event: Option<WalletBody>,
        trace: &Trace,
    ) -> Result<Paid, LeasesError> {
        let id = transfer_id(movement, lease.id, u64::from(number));
        let command = Command { id, currency: lease.currency, intent, event_ms: self.now_ms() };
        let events = event.map(|body| WalletEvent {
            player: lease.player,
            body: String::from_utf8_lossy(&wire::encode(&body)).into_owned(),
        });
        let unit = Unit {
            commands: vec![command],
            events: events.into_iter().collect(),
            rider: None,
            trace: Some(trace.to_traceparent()),
        };
        match self.ledger.submit(unit).await? {
            UnitReply::Applied(Applied { replayed, .. }) => {
                tracing::info!(lease = %lease.id, ?movement, number, replayed, trace_id = trace.trace_id(), "money moved");
                Ok(Paid::Yes)
            }
            UnitReply::Rejected(rejected) if rejected.reason == Reason::InsufficientFunds => Ok(Paid::No),
            UnitReply::Rejected(rejected) => {
                tracing::error!(lease = %lease.id, ?movement, reason = rejected.reason.code(), "the ledger refuses a movement");
                Err(broken(lease.id, "the ledger refuses a movement that it must take"))
            }
        }
    }
}

fn broken(lease: LeaseId, what: &'static str) -> LeasesError {
    LeasesError::Broken { lease, what }
}
