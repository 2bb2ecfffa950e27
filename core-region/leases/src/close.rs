//! `close`, and everything else that ends a lease: fence, tell the dealer, keep its last record.
//!
//! Promise: from the first step on the edge has lost the lease (its epoch rose); money stays in the escrow until settlement
//! has read the closing record. Asking again gives the same record. Cost: two statements and one request to the dealer.

use ids::EdgeId;
use telemetry::Trace;
use wire::v1::RefusalCode;
use wire::v1::core::{Close, ClosedReply};
use wire::v1::dealer::CloseLease;
use wire::v1::lease::CloseReason;
use wire::v1::record::{Record, RecordBody};

use crate::entity::{Lease, Status};
use crate::error::LeasesError;
use crate::leases::Leases;
use crate::money_moves::Paid;
use crate::repo;
use crate::repo::steps;

impl Leases {
    /// Ends a lease at the wish of its player or of its edge.
    ///
    /// # Errors
    /// [`LeasesError::Refused`] with `lease_unknown` for a lease of another player, or of another edge unless its player asks:
    /// he may have come there while the core could not be asked, and then the old edge is fenced. `malformed` for a reason
    /// that is not an edge's to give, `lease_closed` for an offer, which is thereby declined; anything else leaves the lease
    /// closing, and the reaper goes on.
    pub async fn close(&self, edge: &EdgeId, ask: &Close, trace: &Trace) -> Result<ClosedReply, LeasesError> {
        if !may_ask(ask.reason) {
            return Err(RefusalCode::Malformed.because("not an edge's reason to close").into());
        }
        let found = repo::find(&self.pool, ask.lease).await?;
        let mut lease = found.filter(|lease| lease.player == ask.player).ok_or(RefusalCode::LeaseUnknown)?;
        let reason = match ask.reason {
            reason if lease.edge == *edge => reason,
            CloseReason::Asked => CloseReason::Fenced,
            _ => return Err(RefusalCode::LeaseUnknown.into()),
        };
        if lease.status == Status::Offered {
            if self.decline(&lease).await? {
                return Err(RefusalCode::LeaseClosed.into());
            }
            // It was taken up, or had lapsed, a moment ago.
            lease = self.reload(lease.id).await?;
        }
        let record = self.end(lease, reason, trace).await?;
        Ok(ClosedReply { record })
    }

    /// Ends a lease for `reason`, or goes on with an ending that has begun, and gives the log's last record.
    pub(crate) async fn end(&self, lease: Lease, reason: CloseReason, trace: &Trace) -> Result<Record, LeasesError> {
        let mut lease = lease;
        if matches!(lease.status, Status::Granted | Status::Open) {
            steps::start_closing(&self.pool, lease.id, reason, self.now_ms()).await?;
            lease = self.reload(lease.id).await?;
        }
        match (lease.status, &lease.closed) {
            (Status::Closing, _) => self.drive_close(&lease, trace).await,
            (Status::Closed | Status::Settled, Some(record)) => Ok(record.clone()),
            (Status::Settled, None) => self.read_closing_record(&lease).await,
            _ => Err(RefusalCode::LeaseUnknown.into()),
        }
    }

    /// The last record of a log that settlement has read to its end, before the dealer's own answer came.
    pub(crate) async fn read_closing_record(&self, lease: &Lease) -> Result<Record, LeasesError> {
        let log = self.dealers.read_log(&lease.log_region, lease.id).await?;
        let last = log.into_iter().next_back().filter(|record| matches!(record.body, RecordBody::Closed(_)));
        last.ok_or(LeasesError::Broken { lease: lease.id, what: "it is settled and its log has no end" })
    }

    /// Tells the dealer of a closing lease to close the log.
    async fn drive_close(&self, lease: &Lease, trace: &Trace) -> Result<Record, LeasesError> {
        // Whether the escrow is there must be settled first: a closing record gives back what the terms say.
        if lease.opened.is_none() && self.move_grant(lease, trace).await? == Paid::No {
            self.refuse_unpaid(lease).await?;
            return Err(RefusalCode::LeaseUnknown.into());
        }
        let ask = CloseLease {
            lease: lease.id,
            log_region: lease.log_region.clone(),
            epoch: lease.epoch,
            reason: lease.reason.unwrap_or(CloseReason::Fenced),
        };
        let record = self.dealers.close(&lease.dealer, &ask, trace).await?;
        if !matches!(record.body, RecordBody::Closed(_)) || record.lease != lease.id {
            return Err(LeasesError::Broken { lease: lease.id, what: "its dealer's closing record closes nothing" });
        }
        steps::close(&self.pool, lease.id, &record, self.now_ms()).await?;
        tracing::info!(lease = %lease.id, reason = ?ask.reason, trace_id = trace.trace_id(), "lease closed");
        Ok(record)
    }
}

/// The reasons that an edge may give. The others are the core's own.
fn may_ask(reason: CloseReason) -> bool {
    match reason {
        CloseReason::Asked | CloseReason::DealsUsedUp | CloseReason::Cap | CloseReason::Draining => true,
        CloseReason::Expired | CloseReason::Release | CloseReason::Fenced | CloseReason::Unopened => false,
    }
}
