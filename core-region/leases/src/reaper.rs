//! Whatever stands still is driven on: lapsed offers, openings and closings that lost an answer, leases whose time is over,
//! top-ups under way.
//!
//! Promise: every lease that is neither running nor final is looked at again, at growing intervals of at most
//! [`limits::LONGEST_PAUSE_MS`], until it is. Several reapers may run: a row is claimed before it is driven.
//! What may go wrong: a dealer that is gone for good keeps its leases closing, and their escrow held, until an operator acts;
//! the gauges show it.

use database::run_tx;
use futures::StreamExt;
use ids::LeaseId;
use ledger::AccountKind;
use telemetry::{Trace, names};
use tokio_util::sync::CancellationToken;
use wire::v1::lease::CloseReason;

use crate::entity::{Lease, Status};
use crate::error::LeasesError;
use crate::leases::Leases;
use crate::limits;
use crate::repo::{steps, topups};

/// What one pass did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pass {
    /// Offers whose seeds were burnt.
    pub lapsed: usize,
    /// Leases whose time was over.
    pub overdue: usize,
    /// Openings and closings that were tried again.
    pub driven: usize,
    /// Top-ups that were tried again.
    pub topups: usize,
    /// Settled leases whose seeds were marked as revealed.
    pub revealed: usize,
}

impl Leases {
    /// Passes until cancelled.
    pub async fn run_reaper(&self, cancel: CancellationToken) {
        loop {
            tokio::select! {
                () = cancel.cancelled() => return,
                () = tokio::time::sleep(limits::REAPER_PAUSE) => {}
            }
            match self.reap().await {
                Ok(pass) if pass != Pass::default() => tracing::debug!(?pass, "reaper"),
                Ok(_) => {}
                Err(error) => tracing::warn!(%error, "the reaper's pass failed, and is tried again"),
            }
        }
    }

    /// One pass over all that is due.
    ///
    /// # Errors
    /// The database's; what could be driven was.
    pub async fn reap(&self) -> Result<Pass, LeasesError> {
        let pass = Pass {
            lapsed: self.reap_offers().await?,
            overdue: self.reap_overdue().await?,
            driven: self.reap_claimed().await?,
            topups: self.reap_topups().await?,
            revealed: self.reap_settled().await?,
        };
        self.catalogue.publish_pending().await?;
        self.count().await?;
        Ok(pass)
    }

    async fn reap_offers(&self) -> Result<usize, LeasesError> {
        let before = self.now_ms().saturating_sub(self.rules.offer_ttl_ms);
        let mut lapsed = 0;
        for lease in steps::lapsed_offers(&self.pool, before).await? {
            lapsed += usize::from(self.decline(&self.reload(lease).await?).await?);
        }
        Ok(lapsed)
    }

    /// Leases whose edge fell silent, or whose lifetime is over, are fenced; the closing is driven with the others.
    async fn reap_overdue(&self) -> Result<usize, LeasesError> {
        let before = self.now_ms().saturating_sub(limits::GRACE_MS);
        let overdue = steps::overdue(&self.pool, before).await?;
        let ending = futures::stream::iter(overdue).map(|(lease, lifetime_over)| async move {
            let reason = if lifetime_over { CloseReason::Expired } else { CloseReason::Fenced };
            let outcome = async { self.end(self.reload(lease).await?, reason, &Trace::root()).await }.await;
            note(lease, "closing an overdue lease", outcome)
        });
        Ok(ending.buffer_unordered(limits::REAPER_CONCURRENCY).count().await)
    }

    async fn reap_claimed(&self) -> Result<usize, LeasesError> {
        let claimed = steps::claim(&self.pool, self.now_ms()).await?;
        let driving = futures::stream::iter(claimed).map(|lease| async move {
            let outcome = async { self.drive(self.reload(lease).await?).await }.await;
            note(lease, "driving a lease on", outcome)
        });
        Ok(driving.buffer_unordered(limits::REAPER_CONCURRENCY).count().await)
    }

    /// An opening is tried until it is too old, then closed; a closing is tried for ever.
    async fn drive(&self, lease: Lease) -> Result<(), LeasesError> {
        let trace = Trace::root();
        let since_ms = self.now_ms().saturating_sub(lease.granted_ms.unwrap_or(lease.offer_ms));
        if lease.status == Status::Granted && since_ms <= self.rules.unopened_after_ms {
            return self.complete_open(lease, &trace).await.map(|_| ());
        }
        self.end(lease, CloseReason::Unopened, &trace).await.map(|_| ())
    }

    async fn reap_topups(&self) -> Result<usize, LeasesError> {
        let claimed = topups::claim(&self.pool, self.now_ms()).await?;
        let driving = futures::stream::iter(claimed).map(|(id, attempt)| async move {
            let outcome = async {
                let lease = self.reload(id).await?;
                match topups::find(&self.pool, id, attempt).await? {
                    Some(topup) => self.drive_topup(&lease, topup, &Trace::root()).await.map(|_| ()),
                    None => Ok(()),
                }
            };
            note(id, "driving a top-up on", outcome.await)
        });
        Ok(driving.buffer_unordered(limits::REAPER_CONCURRENCY).count().await)
    }

    /// Settlement has shown the seed in the closing event: here it is written down that it was.
    async fn reap_settled(&self) -> Result<usize, LeasesError> {
        let settled = steps::to_reveal(&self.pool).await?;
        let revealing = futures::stream::iter(settled)
            .map(|id| async move { note(id, "revealing a settled lease", self.reveal(id).await) });
        Ok(revealing.buffer_unordered(limits::REAPER_CONCURRENCY).count().await)
    }

    async fn reveal(&self, id: LeaseId) -> Result<(), LeasesError> {
        let lease = self.reload(id).await?;
        let record = match lease.closed.clone() {
            Some(record) => record,
            None => self.read_closing_record(&lease).await?,
        };
        let (randomness, now_ms) = (self.seeds.randomness(), self.now_ms());
        run_tx(&self.pool, "reveal_lease", async move |tx| {
            seeds::reveal_in_tx(tx, &randomness, id, now_ms).await?;
            steps::reveal(tx, id, &record, now_ms).await
        })
        .await
    }

    /// The gauges of what is held.
    #[expect(clippy::as_conversions, reason = "a gauge is a float; nothing is computed from it")]
    async fn count(&self) -> Result<(), LeasesError> {
        let census = self.census().await?;
        for status in Status::ALL.iter().filter(|status| !status.is_final()) {
            let held: u64 = census.iter().filter(|row| row.status == *status).map(|row| row.leases).sum();
            metrics::gauge!(names::LEASES, "state" => status.as_str()).set(held as f64);
        }
        let trial = self.ledger.trial_balance();
        for currency in self.rules.currencies.keys() {
            let escrow = trial.of_kind(*currency, AccountKind::LeaseEscrow);
            metrics::gauge!(names::ESCROW_MINOR, "currency" => currency.to_string()).set(escrow as f64);
        }
        Ok(())
    }
}

/// A refusal here is an outcome, a broken invariant an alarm, anything else is tried again.
fn note<T>(lease: LeaseId, doing: &'static str, outcome: Result<T, LeasesError>) {
    match outcome {
        Ok(_) => {}
        Err(LeasesError::Refused(refusal)) => tracing::info!(%lease, %refusal, doing, "ended"),
        Err(error @ LeasesError::Broken { .. }) => tracing::error!(%lease, %error, doing, "an invariant is broken"),
        Err(error) => tracing::warn!(%lease, %error, doing, "will be tried again"),
    }
}
