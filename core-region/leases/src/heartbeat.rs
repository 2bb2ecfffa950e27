//! `heartbeat`: one message for all leases of an edge. What it does not hold any more is named; the rest lives on.
//!
//! Promise: a lease's time is moved on only for the edge and epoch that hold it. Cost: one statement, and one message to each
//! dealer concerned. A renewal that a dealer misses costs deals, not money: the next one comes within seconds.

use std::collections::{BTreeMap, BTreeSet};

use ids::{DealerId, EdgeId, LeaseId};
use wire::v1::RefusalCode;
use wire::v1::core::{Beat, Heartbeat};
use wire::v1::dealer::Renew;

use crate::error::LeasesError;
use crate::leases::Leases;
use crate::{limits, repo};

impl Leases {
    /// Takes an edge's sign of life.
    ///
    /// # Errors
    /// [`LeasesError::Refused`] with `too_long` for more than [`limits::HEARTBEAT_LEASES`] leases, or the database's.
    pub async fn heartbeat(&self, edge: &EdgeId, beat: &Heartbeat) -> Result<Beat, LeasesError> {
        if beat.leases.len() > limits::HEARTBEAT_LEASES {
            return Err(RefusalCode::TooLong.into());
        }
        let now_ms = self.now_ms();
        self.edges.note(edge, &beat.region, &beat.url, beat.draining, now_ms);
        let valid_until_ms = now_ms.saturating_add(self.rules.ttl_ms);
        let held: BTreeMap<LeaseId, u32> = beat.leases.iter().map(|held| (held.lease, held.epoch)).collect();
        let asked: Vec<(LeaseId, u32)> = held.iter().map(|(lease, epoch)| (*lease, *epoch)).collect();
        let renewed = repo::renew(&self.pool, edge, &asked, valid_until_ms).await?;
        let kept: BTreeSet<LeaseId> = renewed.iter().map(|(lease, _)| *lease).collect();
        self.tell_dealers(renewed, valid_until_ms).await;
        let revoked = held.into_keys().filter(|lease| !kept.contains(lease)).collect();
        Ok(Beat { valid_until_ms, revoked, edges: self.edges.others(edge, &beat.region, now_ms) })
    }

    async fn tell_dealers(&self, renewed: Vec<(LeaseId, DealerId)>, valid_until_ms: u64) {
        let mut by_dealer: BTreeMap<DealerId, Vec<LeaseId>> = BTreeMap::new();
        for (lease, dealer) in renewed {
            by_dealer.entry(dealer).or_default().push(lease);
        }
        for (dealer, leases) in by_dealer {
            for part in leases.chunks(limits::RENEW_LEASES) {
                let renew = Renew { leases: part.to_vec(), valid_until_ms };
                if let Err(error) = self.dealers.renew(&dealer, &renew).await {
                    tracing::warn!(%dealer, %error, "leases could not be renewed at their dealer");
                }
            }
        }
    }
}
