//! What an operator may see and do.

use ids::LeaseId;
use money::Currency;
use telemetry::Trace;
use wire::v1::RefusalCode;
use wire::v1::lease::CloseReason;
use wire::v1::record::Record;

use crate::entity::{Lease, Status};
use crate::error::LeasesError;
use crate::leases::Leases;
use crate::repo;

/// How many leases are in one state and currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Census {
    /// The state.
    pub status: Status,
    /// The currency.
    pub currency: Currency,
    /// How many.
    pub leases: u64,
}

impl Leases {
    /// Leases that are neither settled nor refused, counted.
    ///
    /// # Errors
    /// The database's.
    pub async fn census(&self) -> Result<Vec<Census>, LeasesError> {
        let rows = repo::census(&self.pool).await?;
        let row = |(status, code, count): (Status, String, i64)| {
            let currency = code.parse().map_err(|_| LeasesError::BrokenTable("a lease's currency is none"))?;
            Ok(Census { status, currency, leases: u64::try_from(count).unwrap_or(0) })
        };
        rows.into_iter().map(row).collect()
    }

    /// Up to `limit` leases in one state, by id; those after `after` when it is given.
    ///
    /// # Errors
    /// The database's.
    pub async fn in_state(
        &self,
        status: Status,
        after: Option<LeaseId>,
        limit: u32,
    ) -> Result<Vec<Lease>, LeasesError> {
        repo::in_state(&self.pool, status, after, limit).await
    }

    /// Ends a lease whatever its edge does. An offer is declined, and then there is no record.
    ///
    /// # Errors
    /// [`LeasesError::Refused`] with `lease_unknown`; anything else leaves it closing, and the reaper goes on.
    pub async fn close_by_operator(&self, lease: LeaseId, trace: &Trace) -> Result<Option<Record>, LeasesError> {
        let mut lease = self.find(lease).await?.ok_or(RefusalCode::LeaseUnknown)?;
        if lease.status == Status::Offered {
            if self.decline(&lease).await? {
                return Ok(None);
            }
            lease = self.reload(lease.id).await?;
        }
        self.end(lease, CloseReason::Fenced, trace).await.map(Some)
    }
}
