//! A lease as pages show it.

use ids::{DealerId, EdgeId, LeaseId, PlayerId, RegionId};
use leases::Lease;
use money::{Amount, Currency};
use serde::Serialize;
use utoipa::ToSchema;
use wire::v1::lease::CloseReason;
use wire::v1::record::RecordBody;

/// A lease.
#[derive(Serialize, ToSchema)]
#[schema(as = Lease)]
pub(crate) struct ShownLease {
    /// The lease.
    #[schema(value_type = String, format = "uuid")]
    lease: LeaseId,
    /// Whose.
    #[schema(value_type = String, format = "uuid")]
    player: PlayerId,
    /// `offered`, `granted`, `open`, `closing`, `closed`, `settled`, or `refused`.
    #[schema(example = "open")]
    state: &'static str,
    /// Fencing number.
    epoch: u32,
    /// The edge that holds it.
    #[schema(value_type = String, example = "west-1")]
    edge: EdgeId,
    /// The edge's region.
    #[schema(value_type = String, example = "west")]
    region: RegionId,
    /// The dealer that binds its deals.
    #[schema(value_type = String, example = "dealer-west")]
    dealer: DealerId,
    /// The currency.
    #[schema(value_type = String, example = "EUR")]
    currency: Currency,
    /// Escrow at the opening, minor units.
    #[schema(value_type = String, example = "2000")]
    escrow_minor: Amount,
    /// When it was offered, Unix milliseconds.
    offered_ms: u64,
    /// No deal after, Unix milliseconds.
    expires_ms: u64,
    /// Its time to live, Unix milliseconds.
    valid_until_ms: u64,
    /// Deals bound in it, once its log is closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    deals: Option<u64>,
    /// Why it ended, or ends.
    #[schema(value_type = Option<String>, example = "asked")]
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<CloseReason>,
}

/// A page of leases.
#[derive(Serialize, ToSchema)]
#[schema(as = Leases)]
pub(crate) struct ShownLeases {
    /// In the page's order.
    #[schema(value_type = Vec<ShownLease>)]
    pub(crate) leases: Vec<ShownLease>,
}

impl From<&Lease> for ShownLease {
    fn from(lease: &Lease) -> Self {
        let closed = lease.closed.as_ref().and_then(|record| match &record.body {
            RecordBody::Closed(closed) => Some(closed),
            _ => None,
        });
        Self {
            lease: lease.id,
            player: lease.player,
            state: lease.status.as_str(),
            epoch: lease.epoch,
            edge: lease.edge.clone(),
            region: lease.region.clone(),
            dealer: lease.dealer.clone(),
            currency: lease.currency,
            escrow_minor: lease.escrow_minor,
            offered_ms: lease.offer_ms,
            expires_ms: lease.expires_ms,
            valid_until_ms: lease.valid_until_ms,
            deals: closed.map(|closed| closed.deals),
            reason: closed.map(|closed| closed.reason).or(lease.reason),
        }
    }
}
