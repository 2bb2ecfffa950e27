//! What an edge asks of the core. The edge's name comes from the subject, which its credentials fix, never from a payload.

use ids::{LeaseId, PlayerId, RegionId};
use money::{Amount, Currency};
use serde::{Deserialize, Serialize};

use super::client::{Cursor, DealResult, EdgeAddress, Tail};
use super::lease::{CloseReason, LeaseTerms, OfferRequest, OpenRequest};
use super::record::Record;
use super::wallet::WalletEvent;

/// `offer`: answered with a [`super::lease::LeaseOffer`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Offer {
    /// Who asks, as the edge verified it.
    pub player: PlayerId,
    /// The edge's region.
    pub region: RegionId,
    /// What for.
    pub request: OfferRequest,
}

/// `open`: answered with [`Opened`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Open {
    /// Who asks, as the edge verified it.
    pub player: PlayerId,
    /// The client's half.
    pub request: OpenRequest,
}

/// The lease is open: money escrowed, key at the dealer, first record in the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opened {
    /// Its first record, with the terms.
    pub record: Record,
    /// Its time to live.
    pub valid_until_ms: u64,
}

/// `heartbeat`: one message for all leases of an edge. Answered with [`Beat`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Heartbeat {
    /// The edge's region.
    pub region: RegionId,
    /// Where players reach it.
    pub url: String,
    /// The leases it holds.
    pub leases: Vec<HeldLease>,
    /// Whether it takes no more players.
    pub draining: bool,
}

/// A lease that an edge holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeldLease {
    /// The lease.
    pub lease: LeaseId,
    /// Its epoch as the edge knows it.
    pub epoch: u32,
}

/// The core's answer to a heartbeat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Beat {
    /// The new time to live of the leases that aren't revoked.
    pub valid_until_ms: u64,
    /// Leases that this edge must let go.
    pub revoked: Vec<LeaseId>,
    /// Where else players can go.
    pub edges: Vec<EdgeAddress>,
}

/// `topup`: more escrow for a lease that runs low. Answered with [`ToppedUpReply`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TopUp {
    /// The lease.
    pub lease: LeaseId,
    /// Its epoch as the edge knows it.
    pub epoch: u32,
    /// How much is wanted, minor units; less is given when the player has less.
    pub amount_minor: Amount,
}

/// The top-up's record in the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ToppedUpReply {
    /// It.
    pub record: Record,
}

/// `close`: let the dealer close the log. Answered with [`ClosedReply`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Close {
    /// Who asks, as the edge verified it.
    pub player: PlayerId,
    /// The lease.
    pub lease: LeaseId,
    /// Why.
    pub reason: CloseReason,
}

/// The log is closed; the money comes back when settlement has read it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClosedReply {
    /// The closing record.
    pub record: Record,
}

/// `resume`: a player appears at this edge with a cursor from before. Answered with [`Resumed`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resume {
    /// Who, as the edge verified it.
    pub player: PlayerId,
    /// The last that the client saw.
    pub cursor: Cursor,
    /// Whether this edge still holds the cursor's lease: then it is left there.
    pub holds_lease: bool,
}

/// All that the player missed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resumed {
    /// The player's money now.
    pub wallet: Vec<Balance>,
    /// The player's newest wallet event.
    pub core_seq: u64,
    /// Wallet events after the cursor, in order.
    pub events: Vec<WalletEvent>,
    /// Whether the cursor was too old for `events` to be all: the client starts anew from `wallet`.
    pub resync: bool,
    /// The cursor's lease, if it had one that is known.
    pub lease: Option<ResumedLease>,
}

/// The lease that the player had.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResumedLease {
    /// The lease.
    pub lease: LeaseId,
    /// Its terms.
    pub terms: LeaseTerms,
    /// Whether it goes on at the edge that asks (it holds it, or can recover it from its dealer).
    pub stays: bool,
    /// What the player missed, recomputed by the core from the log; empty when the lease stays (the edge has it).
    pub missed: Vec<DealResult>,
    /// Whether `missed` is all there will be.
    pub tail: Tail,
}

/// `catch-up`: deals of a closed or pending lease, recomputed by the core. Answered with [`CaughtUp`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CatchUp {
    /// Who asks, as the edge verified it.
    pub player: PlayerId,
    /// The lease.
    pub lease: LeaseId,
    /// The last deal that the client saw.
    pub after_deal: u64,
}

/// The deals after the one named; at most [`CaughtUp::MAX`] at once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaughtUp {
    /// The deals, in order.
    pub missed: Vec<DealResult>,
    /// Whether more may come.
    pub tail: Tail,
}

impl CaughtUp {
    /// The most deals in one answer; a client asks again from the last.
    pub const MAX: usize = 64;
}

/// A player's money in one currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Balance {
    /// The currency.
    pub currency: Currency,
    /// Free to withdraw or to play with, minor units.
    pub available_minor: Amount,
    /// Escrowed in leases, minor units.
    pub in_play_minor: Amount,
}
