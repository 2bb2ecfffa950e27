//! The other side of the deal bench: a bare JetStream publish with its acknowledgement, by the region's own dealer's log-in, to
//! the round log itself.
//!
//! The messages are copies of bound deals under subjects beside their leases': as long as a deal's record, gathered by the
//! hub and read by settlement like one, which finds that it stands already. No fence and no message id.

use std::time::Duration;

use anyhow::{Context, Result};
use bus::{Append, Bus, Journal};
use bytes::Bytes;
use ids::LeaseId;
use telemetry::{Timer, Trace};
use tokio::task::JoinSet;
use wire::subjects;

use super::connect::connect;
use crate::NatsServer;

/// A caller's subject and message.
#[derive(Clone)]
struct Copied {
    subject: String,
    payload: Bytes,
}

/// Publishes beside the deals of some leases.
pub(super) struct Bare {
    journal: Journal,
    copies: Vec<Copied>,
    _bus: Bus,
}

impl Bare {
    /// Takes the last record of each lease, a bound deal, from the logs of `region`.
    pub(super) async fn prepare(server: &NatsServer, region: &str, leases: &[LeaseId]) -> Result<Self> {
        let bus = connect(server, &format!("dealer_{region}")).await?;
        let (journal, mut copies) = (bus.journal(None), Vec::new());
        for (caller, lease) in leases.iter().enumerate() {
            let shard = subjects::shard_of(*lease);
            let (stream, log) = (subjects::rounds_stream(shard), subjects::rounds(&region.parse()?, *lease));
            let last = journal.last(&stream, &log).await?.context("no record of a deal")?;
            let subject = format!("rounds.{region}.{shard}.bare-{caller}.{lease}");
            copies.push(Copied { subject, payload: last.payload });
        }
        Ok(Self { journal, copies, _bus: bus })
    }

    /// Length of one message.
    pub(super) fn payload_bytes(&self) -> usize {
        self.copies.first().map_or(0, |copied| copied.payload.len())
    }

    /// `callers` publish `each` messages at the same time, every one waiting for its acknowledgement before the next.
    pub(super) async fn publish(&self, callers: u16, each: u64) -> Result<Vec<Duration>> {
        let mut publishing = JoinSet::new();
        for copied in self.copies.iter().cycle().take(usize::from(callers)) {
            publishing.spawn(call(self.journal.clone(), copied.clone(), each));
        }
        let mut latencies = Vec::new();
        while let Some(done) = publishing.join_next().await {
            latencies.extend(done??);
        }
        Ok(latencies)
    }
}

async fn call(journal: Journal, copied: Copied, each: u64) -> Result<Vec<Duration>> {
    let mut latencies = Vec::new();
    for _ in 0..each {
        let (message_id, expected_last_subject_seq) = (None, None);
        let (payload, trace) = (copied.payload.clone(), Trace::root());
        let append = Append { message_id, expected_last_subject_seq, payload, trace };
        let timer = Timer::start();
        journal.append(&copied.subject, append).await?;
        latencies.push(timer.elapsed());
    }
    Ok(latencies)
}
