//! How the core reaches dealers, and how it reads what they wrote.
//!
//! Promise: an answer is the record that stands in the log, or the dealer's refusal; no answer means that the outcome is
//! unknown, and that the same may be asked again. Cost: one round trip and one append.

use std::fmt::Debug;

use async_trait::async_trait;
use bus::{Bus, BusError, Journal};
use ids::{DealerId, LeaseId, RegionId};
use serde::Serialize;
use telemetry::Trace;
use wire::subjects;
use wire::v1::dealer::{Appended, CloseLease, OpenLease, Renew, TopUpLease};
use wire::v1::record::Record;
use wire::v1::{Refusal, Reply};

use crate::limits;

/// Why there is no record.
#[derive(Debug, thiserror::Error)]
pub enum DealerError {
    /// The dealer says no: nothing was written now.
    #[error("the dealer refuses: {0}")]
    Refused(Refusal),
    /// No answer, or one that says that infrastructure failed.
    #[error("no answer from the dealer: {0}")]
    NoAnswer(String),
    /// The bus.
    #[error(transparent)]
    Bus(#[from] BusError),
}

/// What the core asks of dealers. In production it is [`BusDealers`]; tests put a dealer's own state machine behind it.
#[async_trait]
pub trait DealerPort: Debug + Send + Sync {
    /// Take this lease: its first record.
    async fn open(&self, dealer: &DealerId, ask: &OpenLease, trace: &Trace) -> Result<Record, DealerError>;
    /// Write this top-up: its record.
    async fn topup(&self, dealer: &DealerId, ask: &TopUpLease, trace: &Trace) -> Result<Record, DealerError>;
    /// Close the log: its last record.
    async fn close(&self, dealer: &DealerId, ask: &CloseLease, trace: &Trace) -> Result<Record, DealerError>;
    /// These leases live on. Nobody answers.
    async fn renew(&self, dealer: &DealerId, ask: &Renew) -> Result<(), DealerError>;
    /// The lease's log as far as it has come to the hub, from its first record and without a gap.
    async fn read_log(&self, region: &RegionId, lease: LeaseId) -> Result<Vec<Record>, DealerError>;
}

/// Dealers over the bus, logs from the hub's streams.
#[derive(Debug)]
pub struct BusDealers {
    bus: Bus,
    hub: Journal,
}

impl BusDealers {
    /// Dealers reached through `bus`, which is connected to the hub, or names the hub's JetStream domain.
    #[must_use]
    pub fn new(bus: Bus, hub_domain: Option<&str>) -> Self {
        let hub = bus.journal(hub_domain);
        Self { bus, hub }
    }

    async fn ask<Q: Serialize + Sync>(
        &self,
        dealer: &DealerId,
        verb: &str,
        question: &Q,
        trace: &Trace,
    ) -> Result<Record, DealerError> {
        let subject = subjects::dealer_control(dealer, verb);
        let reply = self.bus.request::<Q, Appended>(&subject, question, limits::DEALER_TIMEOUT, trace).await?;
        match reply {
            Reply::Done(appended) => Ok(appended.record),
            Reply::Refused(refusal) => Err(DealerError::Refused(refusal)),
            Reply::Failed(why) => Err(DealerError::NoAnswer(why)),
        }
    }
}

#[async_trait]
impl DealerPort for BusDealers {
    async fn open(&self, dealer: &DealerId, ask: &OpenLease, trace: &Trace) -> Result<Record, DealerError> {
        self.ask(dealer, "open", ask, trace).await
    }

    async fn topup(&self, dealer: &DealerId, ask: &TopUpLease, trace: &Trace) -> Result<Record, DealerError> {
        self.ask(dealer, "topup", ask, trace).await
    }

    async fn close(&self, dealer: &DealerId, ask: &CloseLease, trace: &Trace) -> Result<Record, DealerError> {
        self.ask(dealer, "close", ask, trace).await
    }

    async fn renew(&self, dealer: &DealerId, ask: &Renew) -> Result<(), DealerError> {
        Ok(self.bus.publish(&subjects::dealer_control(dealer, "renew"), ask, &Trace::root()).await?)
    }

    async fn read_log(&self, region: &RegionId, lease: LeaseId) -> Result<Vec<Record>, DealerError> {
        let stream = subjects::rounds_all_stream(subjects::shard_of(lease));
        let stored = self.hub.read(&stream, &subjects::rounds(region, lease), 1, limits::LOG_RECORDS).await?;
        let records = stored.iter().map(|stored| wire::decode::<Record>(&stored.payload));
        let records: Vec<Record> = records.collect::<Result<_, _>>().map_err(BusError::from)?;
        Ok(unbroken(lease, records))
    }
}

/// The records up to the first that does not follow from the one before it.
fn unbroken(lease: LeaseId, records: Vec<Record>) -> Vec<Record> {
    let mut chain: Vec<Record> = Vec::new();
    for record in records {
        let prev = chain.last().map_or(ids::Digest::from_bytes([0; 32]), Record::digest);
        let next = u32::try_from(chain.len()).unwrap_or(u32::MAX);
        // The hub may hold a record twice, when its region was cut off for longer than the window of de-duplication.
        if usize::try_from(record.index).is_ok_and(|index| chain.get(index) == Some(&record)) {
            continue;
        }
        if record.lease != lease || record.index != next || record.prev != prev {
            break;
        }
        chain.push(record);
    }
    chain
}

#[cfg(test)]
mod tests {
    use ids::Digest;
    use wire::v1::lease::CloseReason;
    use wire::v1::record::{Closed, RecordBody};

    use super::*;

    fn record(lease: LeaseId, index: u32, prev: Digest) -> Record {
        let body = RecordBody::Closed(Closed { deals: 0, reason: CloseReason::Asked, epoch: index });
        Record { lease, index, prev, at_ms: 1, body }
    }

    #[test]
    fn a_log_is_read_up_to_its_first_gap_or_fork() {
        let lease = LeaseId::from_bytes([1; 16]);
        let first = record(lease, 0, Digest::from_bytes([0; 32]));
        let second = record(lease, 1, first.digest());
        let third = record(lease, 2, second.digest());
        let whole = vec![first.clone(), second.clone(), third.clone()];
        assert_eq!(unbroken(lease, whole.clone()), whole);
        assert_eq!(unbroken(lease, vec![first.clone(), third.clone()]), vec![first.clone()]);
        assert_eq!(unbroken(lease, vec![second.clone()]), []);
        let repeated = vec![first.clone(), second.clone(), first.clone(), second.clone(), third.clone()];
        assert_eq!(unbroken(lease, repeated), whole);
        let forked = record(lease, 1, Digest::from_bytes([9; 32]));
        assert_eq!(unbroken(lease, vec![first.clone(), forked]), [first]);
    }
}
