//! A lease's log, whole: from the hub, and where the hub has a gap from the region that wrote it.
//!
//! The region's stream is what the dealer's fence and durable acknowledgement are about; the hub's is sourced from it. A source
//! that skips records when a link comes back was seen once (a link cut for ten seconds under load), so a gap is filled here
//! before it is believed. Cost: nothing without a gap; with one, a read across the link. A region that can't be reached
//! is a [`SettleError::Bus`], and the batch is tried again.

use std::collections::BTreeMap;

use bus::{Bus, Journal};
use ids::LeaseId;
use wire::subjects;
use wire::v1::lease::LeaseTerms;
use wire::v1::record::Record;

use crate::error::SettleError;
use crate::limits;

/// The region whose stream is the hub's own.
const CORE: &str = "core";

/// Reads logs.
#[derive(Clone, Debug)]
pub struct Logs {
    bus: Bus,
}

impl Logs {
    /// Over a connection to the hub.
    #[must_use]
    pub fn new(bus: Bus) -> Self {
        Self { bus }
    }

    /// The log of the lease with `terms`, as far as it is known, without gaps.
    ///
    /// # Errors
    /// [`SettleError::Bus`].
    pub async fn whole(&self, terms: &LeaseTerms) -> Result<Vec<Record>, SettleError> {
        let lease = terms.opening.lease;
        let stream = subjects::rounds_all_stream(subjects::shard_of(lease));
        let mut records = self.read(&self.bus.journal(None), &stream, terms).await?;
        if !is_contiguous(&records) {
            records.extend(self.written(terms).await?);
        }
        Ok(records.into_values().collect())
    }

    /// Records `from..until` of the lease's log, by index, as its region wrote them.
    ///
    /// # Errors
    /// [`SettleError::Bus`] when the region can't be reached.
    pub async fn missing(&self, terms: &LeaseTerms, from: u32, until: u32) -> Result<Vec<Record>, SettleError> {
        let written = self.written(terms).await?;
        Ok(written.into_values().filter(|record| (from..until).contains(&record.index)).collect())
    }

    async fn written(&self, terms: &LeaseTerms) -> Result<BTreeMap<u32, Record>, SettleError> {
        let region = terms.log_region.as_str();
        let journal = self.bus.journal((region != CORE).then_some(region));
        let stream = subjects::rounds_stream(subjects::shard_of(terms.opening.lease));
        self.read(&journal, &stream, terms).await
    }

    async fn read(
        &self,
        journal: &Journal,
        stream: &str,
        terms: &LeaseTerms,
    ) -> Result<BTreeMap<u32, Record>, SettleError> {
        let lease: LeaseId = terms.opening.lease;
        let subject = subjects::rounds(&terms.log_region, lease);
        let (mut records, mut from_seq) = (BTreeMap::new(), 1);
        while records.len() < limits::REPLAY_RECORDS {
            let page = journal.read(stream, &subject, from_seq, limits::REPLAY_PAGE).await?;
            let Some(last) = page.last() else { break };
            from_seq = last.seq.saturating_add(1);
            for record in page.iter().filter_map(|stored| wire::decode::<Record>(&stored.payload).ok()) {
                records.entry(record.index).or_insert(record);
            }
        }
        Ok(records)
    }
}

fn is_contiguous(records: &BTreeMap<u32, Record>) -> bool {
    records.keys().zip(0_u32..).all(|(index, expected)| *index == expected)
}
