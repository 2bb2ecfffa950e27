//! The commitment to a seed and the offer that carries it (fair1 section 2).
//!
//! Promise: C binds S before the client seed exists. Cost: one hash. Nothing can fail.

use crate::hash::{Bytes16, Bytes32, COMMIT, OFFER, concat, sha256};
use crate::keys::Seed;

/// C = H(L("fair1.commit") || S).
#[must_use]
pub fn commit(seed: &Seed) -> Bytes32 {
    sha256(&[&COMMIT, seed.as_bytes()])
}

/// What the core signs for LeaseOffer{lease_id, C, offer_ms}: L("fair1.offer") || lease_id\[16\] || C\[32\] || offer_ms u64.
///
/// fair1 names the fields and leaves the layout open: this is the project's, in its notation. `offer_ms` is milliseconds since
/// the Unix epoch.
#[must_use]
pub fn offer_message(lease_id: &Bytes16, commit: &Bytes32, offer_ms: u64) -> [u8; 72] {
    concat(&[&OFFER, lease_id, commit, &offer_ms.to_be_bytes()])
}
