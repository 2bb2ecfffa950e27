//! Ids of settlement's transfers: derived from the record that they settle, so that posting it again is the same transfer.

use ids::{LeaseId, TransferId};

/// The unix milliseconds in a version 7 id.
fn made_ms(lease: LeaseId) -> u64 {
    let [a, b, c, d, e, f, ..] = lease.to_bytes();
    u64::from_be_bytes([0, 0, a, b, c, d, e, f])
}

/// The transfer of a lease's deal.
#[must_use]
pub fn deal(lease: LeaseId, deal: u64) -> TransferId {
    ledger::derived_id(made_ms(lease), "deal", &[&lease.to_bytes(), &deal.to_be_bytes()])
}

/// The transfer that gives back what a closed lease has left.
#[must_use]
pub fn close(lease: LeaseId) -> TransferId {
    ledger::derived_id(made_ms(lease), "lease-return", &[&lease.to_bytes(), &0_u64.to_be_bytes()])
}
