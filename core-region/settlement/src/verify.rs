//! The signatures of a batch: the player's over each bet, the dealer's over each receipt.

use std::collections::BTreeMap;

use ids::LeaseId;
use round::IntentSignature;

use crate::entry::Entry;
use crate::settle::{Delivered, bound_deal};

/// Each record with the verdict on its two signatures. Records without signatures are good.
#[must_use]
pub fn check(leases: &BTreeMap<LeaseId, Entry>, records: Vec<Delivered>) -> Vec<(Delivered, IntentSignature, bool)> {
    records
        .into_iter()
        .map(|delivered| match (bound_deal(&delivered.record), leases.get(&delivered.record.lease)) {
            (Some(bound), Some(entry)) => {
                let signature = entry.intent_signature(bound);
                let receipt = entry.dealer_signed(bound, delivered.record.at_ms);
                (delivered, signature, receipt)
            }
            _ => (delivered, IntentSignature::Valid, true),
        })
        .collect()
}
