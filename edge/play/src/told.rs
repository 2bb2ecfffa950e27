//! What players were told, reported to the core in batches: it compares them with what it computed.
//!
//! Bounded: a report that does not fit is counted and dropped, for settlement does not need it. A batch is sent until the
//! region's stream has it, with an id, so it stands once.

use telemetry::Trace;
use tokio::sync::mpsc;
use wire::subjects;
use wire::v1::told::{Told, ToldBatch};

use crate::bind::Backoff;
use crate::limits;
use crate::play::Play;

/// Counter: reports that did not fit the queue. Alarm on any.
pub(crate) const TOLD_DROPPED: &str = "house_told_dropped_total";

/// The sending end.
#[derive(Clone, Debug)]
pub(crate) struct ToldQueue(mpsc::Sender<Told>);

impl ToldQueue {
    pub(crate) fn bounded(capacity: usize) -> (Self, mpsc::Receiver<Told>) {
        let (queue, reports) = mpsc::channel(capacity);
        (Self(queue), reports)
    }

    pub(crate) fn queue(&self, told: Told) {
        if self.0.try_send(told).is_err() {
            metrics::counter!(TOLD_DROPPED).increment(1);
        }
    }
}

impl Play {
    /// Sends batches until the edge stops and all is sent.
    pub(crate) async fn report_told(&self, mut reports: mpsc::Receiver<Told>) {
        let subject = subjects::told(&self.options.region, &self.options.edge);
        let started_ms = self.clock.now_ms();
        let mut number = 0_u64;
        while let Some(told) = self.next_batch(&mut reports).await {
            number = number.saturating_add(1);
            let append = bus::Append {
                message_id: Some(format!("{}/{started_ms}/{number}", self.options.edge)),
                expected_last_subject_seq: None,
                payload: wire::encode(&ToldBatch { told }).into(),
                trace: Trace::root(),
            };
            self.append_told(&subject, append).await;
        }
    }

    /// The next reports, up to a full batch or to [`limits::TOLD_WAIT`] after the first one; none at the end.
    async fn next_batch(&self, reports: &mut mpsc::Receiver<Told>) -> Option<Vec<Told>> {
        let first = tokio::select! {
            biased;
            first = reports.recv() => first?,
            () = self.stopping().cancelled() => {
                reports.close();
                reports.recv().await?
            }
        };
        let mut batch = vec![first];
        let enough = tokio::time::sleep(limits::TOLD_WAIT);
        tokio::pin!(enough);
        while batch.len() < limits::TOLD_BATCH {
            tokio::select! {
                biased;
                () = &mut enough => break,
                told = reports.recv() => match told {
                    Some(told) => batch.push(told),
                    None => break,
                },
            }
        }
        Some(batch)
    }

    async fn append_told(&self, subject: &str, append: bus::Append) {
        let mut backoff = Backoff::new();
        loop {
            match self.regional.append(subject, append.clone()).await {
                Ok(_) => return,
                Err(error @ bus::AppendError::TooLong(_)) => {
                    tracing::error!(%error, "what players were told can't be reported");
                    return;
                }
                Err(error) => tracing::warn!(%error, "what players were told is not reported yet"),
            }
            backoff.pause().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use ids::{Digest, LeaseId};
    use money::Amount;

    use super::*;

    #[test]
    fn the_largest_report_fits_the_streams_bound() {
        const BOUND_BYTES: usize = 65_536;
        let told = Told {
            lease: LeaseId::from_bytes([255; 16]),
            deal: u64::MAX,
            link: Digest::from_bytes([255; 32]),
            win_minor: Amount::from_minor(i64::MIN),
        };
        let batch = ToldBatch { told: vec![told; limits::TOLD_BATCH.min(ToldBatch::MAX)] };
        assert!(wire::encode(&batch).len() < BOUND_BYTES);
    }
}
