//! The round log on the bus: appending under the fence, and reading back.
//!
//! An append that gets no answer is sent again with the same id and bytes: the fence and the id make that harmless. A
//! `duplicate` answer and a refused fence are both settled by reading: only what stands in the log counts.

use bus::{Append, AppendError, Journal, Stored};
use ids::{Digest, LeaseId, RegionId};
use telemetry::{Timer, Trace, names};
use wire::subjects;
use wire::v1::record::Record;

use crate::entry::Slot;
use crate::lease::DealerLease;
use crate::{LogError, LogFault, limits};

/// The logs that this dealer writes.
#[derive(Clone, Debug)]
pub(crate) struct RoundLog {
    journal: Journal,
    region: RegionId,
}

/// What became of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Written {
    /// It stands, and is folded.
    Stands,
    /// Something else stands in its place, and is folded: decide again.
    Moved,
}

impl RoundLog {
    pub(crate) fn new(journal: Journal, region: RegionId) -> Self {
        Self { journal, region }
    }

    pub(crate) fn region(&self) -> &RegionId {
        &self.region
    }

    fn place(&self, lease: LeaseId) -> (String, String) {
        (subjects::rounds_stream(subjects::shard_of(lease)), subjects::rounds(&self.region, lease))
    }

    /// Appends `record` as the slot's next one, and folds it.
    ///
    /// # Errors
    /// [`LogError`]. After [`LogError::Unknown`] the slot is stale.
    pub(crate) async fn write(&self, slot: &mut Slot, record: Record, trace: &Trace) -> Result<Written, LogError> {
        let (_, subject) = self.place(record.lease);
        let payload = wire::encode(&record);
        let digest = Digest::from_bytes(fairness::sha256(&[&payload]));
        let append = Append {
            message_id: Some(format!("{}/{}", record.lease, record.index)),
            expected_last_subject_seq: Some(slot.lease.last_seq()),
            payload: payload.into(),
            trace: trace.child(),
        };
        // Until it is known what stands, and also when this call is dropped.
        slot.stale = true;
        let mut unknown = false;
        for _ in 0..limits::APPEND_ATTEMPTS {
            let timer = Timer::start();
            match self.journal.append(&subject, append.clone()).await {
                Ok(appended) if !appended.duplicate => {
                    timer.record(names::APPEND_SECONDS);
                    slot.lease.apply(record, digest, appended.seq)?;
                    slot.stale = false;
                    return Ok(Written::Stands);
                }
                Ok(_) | Err(AppendError::WrongLast { .. }) => return self.settle(slot, &record, digest).await,
                Err(AppendError::Unknown(_)) => unknown = true,
                Err(error) if unknown => {
                    tracing::warn!(%error, lease = %record.lease, "append failed after one of unknown outcome");
                }
                Err(error) => {
                    slot.stale = false;
                    return Err(error.into());
                }
            }
        }
        metrics::counter!(names::APPENDS_UNKNOWN, "found" => "nothing").increment(1);
        Err(LogError::Unknown)
    }

    /// The server knows the id, or the subject has grown: reads until that shows, and compares.
    async fn settle(&self, slot: &mut Slot, record: &Record, digest: Digest) -> Result<Written, LogError> {
        let known = slot.lease.records();
        for _ in 0..limits::LAGGING_READS {
            self.catch_up(slot, "settle").await?;
            if slot.lease.records() > known {
                let same = slot.lease.digest_of(record.index) == Some(digest);
                metrics::counter!(names::APPENDS_UNKNOWN, "found" => if same { "stands" } else { "another" })
                    .increment(1);
                return Ok(if same { Written::Stands } else { Written::Moved });
            }
            slot.stale = true;
            tokio::time::sleep(limits::LAGGING_PAUSE).await;
        }
        Err(LogError::Unknown)
    }

    /// Folds what the log holds beyond the slot. Only a stale slot is read for.
    ///
    /// # Errors
    /// [`LogError`]; what was folded before the fault stays folded.
    pub(crate) async fn catch_up(&self, slot: &mut Slot, why: &'static str) -> Result<(), LogError> {
        if !slot.stale {
            return Ok(());
        }
        metrics::counter!(names::DEALER_RELOADS, "why" => why).increment(1);
        let (stream, subject) = self.place(slot.lease.lease);
        let from = slot.lease.last_seq().saturating_add(1);
        let stored = self.journal.read(&stream, &subject, from, limits::MAX_RECORDS).await?;
        if stored.len() >= limits::MAX_RECORDS {
            return Err(LogFault::TooLong.into());
        }
        for stored in stored {
            let (seq, record) = (stored.seq, decode(&stored)?);
            slot.lease.apply(record, Digest::from_bytes(fairness::sha256(&[&stored.payload])), seq)?;
        }
        slot.stale = false;
        Ok(())
    }

    /// The lease's records from `index` on, at most `limit`: from memory if they are there.
    ///
    /// # Errors
    /// [`LogError`] when they can't be read.
    pub(crate) async fn records(&self, lease: &DealerLease, index: u32, limit: usize) -> Result<Vec<Record>, LogError> {
        if let Some(recent) = lease.recent(index) {
            return Ok(recent.into_iter().take(limit).collect());
        }
        let Some(seq) = lease.seq_of(index) else { return Ok(Vec::new()) };
        let (stream, subject) = self.place(lease.lease);
        let stored = self.journal.read(&stream, &subject, seq, limit).await?;
        stored.iter().map(|stored| Ok(decode(stored)?)).collect()
    }

    /// The last record of a lease's log, whatever is in memory.
    ///
    /// # Errors
    /// [`LogError`] when it can't be read.
    pub(crate) async fn last(&self, lease: LeaseId) -> Result<Option<Record>, LogError> {
        let (stream, subject) = self.place(lease);
        match self.journal.last(&stream, &subject).await? {
            Some(stored) => Ok(Some(decode(&stored)?)),
            None => Ok(None),
        }
    }
}

fn decode(stored: &Stored) -> Result<Record, LogFault> {
    wire::decode(&stored.payload).map_err(|source| LogFault::Unreadable { seq: stored.seq, source })
}
