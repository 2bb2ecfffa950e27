//! The round log: what a dealer appends, one subject a lease, in order and without a gap.
//!
//! `index` counts from 0 and `prev` is the SHA-256 of the bytes of the record before, so a lost, reordered or exchanged
//! record shows. The first record is `opened`, the last one `closed`; nothing follows it.

use ids::{Digest, EdgeId, LeaseId};
use money::Amount;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Signature;
use super::intent::SignedIntent;
use super::lease::{CloseReason, LeaseTerms};

/// One record of a lease's log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// The lease.
    pub lease: LeaseId,
    /// Its place in the log, from 0.
    pub index: u32,
    /// SHA-256 of the bytes of the record before; zeros for the first.
    pub prev: Digest,
    /// The dealer's time: never before that of the record before. For a deal it is `played_ms`.
    pub at_ms: u64,
    /// What happened.
    pub body: RecordBody,
}

impl Record {
    /// SHA-256 of the record's bytes: `prev` of the next one.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::from_bytes(fairness::sha256(&[&crate::encode(self)]))
    }
}

/// What a record says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum RecordBody {
    /// The lease began, on these terms.
    Opened(Box<LeaseTerms>),
    /// A bet is bound.
    Deal(Box<BoundDeal>),
    /// The core put more money into the escrow.
    ToppedUp(ToppedUp),
    /// Nothing follows.
    Closed(Closed),
}

/// A bound bet: from here on it counts, whatever happens to the edge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BoundDeal {
    /// What the player signed.
    pub intent: SignedIntent,
    /// The edge that asked.
    pub edge: EdgeId,
    /// The lease's time to live as the dealer knew it; a deal bound later is void.
    pub valid_until_ms: u64,
    /// The dealer's Ed25519 signature over L("fair1.bind") || O || B_r || played_ms.
    pub signature: Signature,
}

/// More money in the escrow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ToppedUp {
    /// Top-ups of a lease count from 1.
    pub grant: u32,
    /// Minor units.
    pub amount_minor: Amount,
}

/// The end of a lease's log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Closed {
    /// Deals bound in all.
    pub deals: u64,
    /// Why.
    pub reason: CloseReason,
    /// The epoch that fenced the lease.
    pub epoch: u32,
}
