//! The ids under which a lease's money moves. The same event has the same id for whoever posts it: leases, settlement, or
//! either of them after a crash. An id keeps the time of its lease, so that a lease's transfers lie together.

use ids::{LeaseId, TransferId};

/// What moves money into, inside or out of a lease.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Movement {
    /// Cash into the escrow at the opening; number 0.
    Grant,
    /// More of it; the number of the attempt, from 1.
    TopUp,
    /// Back to cash: number 0 at the end, or the number of the top-up attempt that did not reach the log.
    Return,
    /// A deal; its number.
    Deal,
}

impl Movement {
    const fn domain(self) -> &'static str {
        match self {
            Self::Grant => "lease-grant",
            Self::TopUp => "lease-topup",
            Self::Return => "lease-return",
            Self::Deal => "deal",
        }
    }
}

/// The id of movement `number` of that kind in `lease`.
#[must_use]
pub fn transfer_id(movement: Movement, lease: LeaseId, number: u64) -> TransferId {
    ledger::derived_id(made_ms(lease), movement.domain(), &[&lease.to_bytes(), &number.to_be_bytes()])
}

/// When the lease's id was made: the first 48 bits of a version 7 UUID.
fn made_ms(lease: LeaseId) -> u64 {
    let [a, b, c, d, e, f, ..] = lease.to_bytes();
    u64::from_be_bytes([0, 0, a, b, c, d, e, f])
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_movement_of_every_lease_has_an_id_of_its_own_and_keeps_it() {
        let leases = [LeaseId::at(1_790_000_000_000, [1; 10]), LeaseId::at(1_790_000_000_000, [2; 10])];
        let mut seen = BTreeSet::new();
        for lease in leases {
            for movement in [Movement::Grant, Movement::TopUp, Movement::Return, Movement::Deal] {
                for number in 0..50 {
                    assert!(seen.insert(transfer_id(movement, lease, number)));
                    assert_eq!(transfer_id(movement, lease, number), transfer_id(movement, lease, number));
                }
            }
        }
    }

    #[test]
    fn an_id_sorts_with_the_time_of_its_lease() {
        let (early, late) = (LeaseId::at(1_000, [255; 10]), LeaseId::at(1_001, [0; 10]));
        assert!(transfer_id(Movement::Deal, early, u64::MAX) < transfer_id(Movement::Grant, late, 0));
        assert_eq!(made_ms(late), 1_001);
    }
}
