//! What an edge told its players, so that the core can find an edge that lies or errs.

use ids::{Digest, LeaseId};
use money::Amount;
use serde::{Deserialize, Serialize};

/// A batch of results on `told.<region>.<edge>`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ToldBatch {
    /// The results, in the order they were told.
    pub told: Vec<Told>,
}

impl ToldBatch {
    /// The most results in one batch.
    pub const MAX: usize = 512;
}

/// One result as it was told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Told {
    /// The lease.
    pub lease: LeaseId,
    /// The deal.
    pub deal: u64,
    /// link_r as the edge computed it.
    pub link: Digest,
    /// The win that the player was told, minor units.
    pub win_minor: Amount,
}
