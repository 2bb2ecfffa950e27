//! Proofs of one's own leases: what was committed to, and, once a lease is over, everything to check it offline.

pub(crate) mod bundle;
pub(crate) mod commitments;
