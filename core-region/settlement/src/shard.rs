//! One shard's settler: read, check, fold, post, acknowledge, for ever.
//!
//! Exactly once: the postings' ids come from the records, the rows' keys too, and the watermark in the same transaction
//! fences a second settler. A crash between commit and acknowledgement means redelivery, and redelivery is a no-op.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use bus::{Batch, Consumer, Stored};
use clock::SharedClock;
use execution::Tables;
use ids::{Digest, LeaseId};
use ledger::{Ledger, Unit, UnitReply};
use round::IntentSignature;
use telemetry::names;
use tokio_util::sync::CancellationToken;
use tracing::{error, info, warn};
use wire::v1::record::Record;

use crate::books::Books;
use crate::entry::Entry;
use crate::error::SettleError;
use crate::lag::Lag;
use crate::limits;
use crate::logs::Logs;
use crate::repo::{self, Quarantined};
use crate::rider::SettleRider;
use crate::settle::{Delivered, Fault, SetAside, Settled, settle};
use crate::{announce, observe, verify};

/// What happens when a component trapped or broke a bound.
pub type OnBroken = Arc<dyn Fn(Digest, &'static str) + Send + Sync>;

/// One shard's settler.
pub struct Shard {
    /// Its number.
    pub shard: u16,
    /// The hub's stream of it.
    pub consumer: Consumer,
    /// Where leases come from.
    pub books: Books,
    /// The ledger.
    pub ledger: Ledger,
    /// The games.
    pub tables: Arc<Tables>,
    /// Time of rows and metrics.
    pub clock: SharedClock,
    /// Told of broken components.
    pub on_broken: OnBroken,
    /// Where it shows how far it is behind.
    pub lag: Arc<Lag>,
    /// Whole logs, for what the hub lacks.
    pub logs: Logs,
    /// Leases in memory.
    pub held: BTreeMap<LeaseId, Entry>,
    /// Times that a gap could not be filled.
    pub gap_tries: u32,
    /// When leases whose end did not arrive were last looked for.
    pub chased: Duration,
}

/// A batch's messages, parsed.
struct Parsed {
    good: Vec<Delivered>,
    bad: Vec<Quarantined>,
    last_seq: u64,
}

impl Shard {
    /// Settles until `cancel`.
    pub async fn run(mut self, cancel: CancellationToken) {
        let mut pause = limits::FIRST_PAUSE;
        while !cancel.is_cancelled() {
            let step = tokio::select! {
                () = cancel.cancelled() => break,
                step = self.step() => step,
            };
            match step {
                Ok(()) => pause = limits::FIRST_PAUSE,
                Err(failed) => {
                    self.held.clear();
                    self.report(&failed, pause);
                    tokio::select! { () = cancel.cancelled() => break, () = tokio::time::sleep(pause) => {} }
                    pause = (pause * 2).min(limits::LONGEST_PAUSE);
                }
            }
        }
    }

    fn report(&self, failed: &SettleError, pause: Duration) {
        let shard = self.shard;
        match failed {
            SettleError::Refused(_) | SettleError::Row(_) => {
                error!(shard, %failed, "settlement halts: an invariant is broken")
            }
            _ => {
                warn!(shard, %failed, pause_ms = u64::try_from(pause.as_millis()).unwrap_or(u64::MAX), "settlement waits")
            }
        }
    }

    /// One batch.
    async fn step(&mut self) -> Result<(), SettleError> {
        let batch = self.consumer.next_batch(limits::BATCH_RECORDS, limits::BATCH_WAIT).await?;
        self.chase().await?;
        if batch.is_empty() {
            return Ok(());
        }
        self.settle_messages(&batch.messages).await?;
        self.note_pending(&batch);
        batch.ack().await?;
        Ok(())
    }

    /// Settles messages of the stream, in order. Public for tests and benches that bring their own.
    ///
    /// # Errors
    /// [`SettleError`]; nothing of them is then settled, or all of it is and the answer was lost.
    pub async fn settle_messages(&mut self, messages: &[Stored]) -> Result<(), SettleError> {
        let parsed = parse(messages);
        self.settle_records(parsed.good, parsed.bad, parsed.last_seq, messages).await
    }

    pub(crate) async fn settle_records(
        &mut self,
        good: Vec<Delivered>,
        bad: Vec<Quarantined>,
        last_seq: u64,
        messages: &[Stored],
    ) -> Result<(), SettleError> {
        let wanted: BTreeSet<LeaseId> = good.iter().map(|delivered| delivered.record.lease).collect();
        self.make_room(&wanted);
        self.books.fill(&mut self.held, &wanted).await?;
        let good = self.fill_gaps(good).await?;
        let (settled, checked) = self.fold(good).await?;
        let from_seq = repo::watermark(&self.books.pool, self.shard).await?;
        self.keep_aside(&settled, bad, messages).await?;
        self.commit(&settled, from_seq, last_seq.max(from_seq)).await?;
        self.after(&settled, &checked).await;
        Ok(())
    }

    /// Checks signatures and folds on the machine's own pool: this is where the time goes.
    async fn fold(
        &mut self,
        good: Vec<Delivered>,
    ) -> Result<(Settled, Vec<(Delivered, IntentSignature, bool)>), SettleError> {
        let mut held = std::mem::take(&mut self.held);
        let tables = Arc::clone(&self.tables);
        let work = move || {
            let checked = verify::check(&held, good);
            let settled = settle(&mut held, &checked, &tables);
            (held, checked, settled)
        };
        let (held, checked, settled) =
            tokio::task::spawn_blocking(work).await.map_err(|died| SettleError::Worker(died.to_string()))?;
        let settled = settled?;
        self.held = held;
        Ok((settled, checked))
    }

    async fn keep_aside(
        &self,
        settled: &Settled,
        bad: Vec<Quarantined>,
        messages: &[Stored],
    ) -> Result<(), SettleError> {
        let mut records = bad;
        for aside in &settled.aside {
            if let Some(stored) = messages.iter().find(|stored| stored.seq == aside.stream_seq) {
                let (subject, payload) = (stored.subject.clone(), stored.payload.to_vec());
                records.push(Quarantined { aside: aside.clone(), subject, payload });
            }
        }
        for record in &records {
            observe::count(names::QUARANTINED, 1);
            error!(shard = self.shard, lease = %record.aside.lease, fault = %record.aside.fault, "ALARM record quarantined");
        }
        repo::quarantine(&self.books.pool, self.shard, &records, self.clock.now_ms()).await
    }

    /// Money, events and rows in one transaction.
    async fn commit(&self, settled: &Settled, from_seq: u64, to_seq: u64) -> Result<(), SettleError> {
        let rider = SettleRider::of(self.shard, from_seq, to_seq, &self.held, settled);
        if settled.commands.is_empty() {
            return self.commit_rows(rider).await;
        }
        let unit = Unit {
            commands: settled.commands.iter().map(|(_, command)| command.clone()).collect(),
            events: announce::events(&self.held, settled),
            rider: Some(Arc::new(rider)),
            trace: settled.deals.last().map(|row| row.trace.clone()).filter(|trace| !trace.is_empty()),
        };
        match self.ledger.submit(unit).await? {
            UnitReply::Applied(_) => Ok(()),
            UnitReply::Rejected(rejected) => {
                error!(shard = self.shard, id = %rejected.id, reason = rejected.reason.code(), "ALARM ledger refuses a settled batch");
                Err(SettleError::Refused(rejected.reason.code()))
            }
        }
    }

    /// A batch without postings: openings, top-ups that the leases room has posted, void deals without money.
    async fn commit_rows(&self, rider: SettleRider) -> Result<(), SettleError> {
        let rider = Arc::new(rider);
        database::run_tx(&self.books.pool, "settle_rows", async move |tx| {
            ledger::Rider::write(rider.as_ref(), tx).await.map_err(RowsError::from)
        })
        .await
        .map_err(|failed| match failed.0 {
            ledger::RiderError::Refused(code) => SettleError::Refused(code),
            ledger::RiderError::Database(error) => error.into(),
        })
    }

    /// What follows a commit and may be lost with a crash: metrics, logs, quarantine of games (found again by the next deal).
    async fn after(&mut self, settled: &Settled, checked: &[(Delivered, IntentSignature, bool)]) {
        let now_ms = self.clock.now_ms();
        for row in &settled.deals {
            let deal = &row.deal;
            info!(trace_id = %trace_id(&row.trace), lease = %row.lease, deal = deal.deal, stake_minor = deal.stake_minor.minor(),
                win_minor = deal.win_minor.minor(), void = row.void_code, "deal settled");
        }
        if let Some((oldest, ..)) = checked.first() {
            observe::lag(now_ms.saturating_sub(oldest.record.at_ms));
        }
        observe::count(names::DEALS_SETTLED, settled.deals.len());
        for (digest, cause) in &settled.broken {
            observe::count(names::GAMES_QUARANTINED, 1);
            error!(%digest, cause, "ALARM game quarantined");
            (self.on_broken)(*digest, cause);
        }
        for ended in &settled.ended {
            if let Err(failed) = self.books.seeds.reveal(ended.lease).await {
                warn!(lease = %ended.lease, %failed, "the seed is shown in the closing event, but not marked as revealed");
            }
            self.held.remove(&ended.lease);
        }
    }

    fn note_pending(&self, batch: &Batch) {
        observe::pending(self.shard, batch.pending);
        self.lag.note(self.shard, batch.pending, self.clock.now_ms());
    }

    /// Lets idle leases go when memory's bound is reached.
    fn make_room(&mut self, wanted: &BTreeSet<LeaseId>) {
        if self.held.len() > limits::CACHED_LEASES {
            self.held.retain(|lease, _| wanted.contains(lease));
        }
    }
}

/// The trace id in a `traceparent`, or empty.
fn trace_id(traceparent: &str) -> &str {
    traceparent.split('-').nth(1).unwrap_or("")
}

fn parse(messages: &[Stored]) -> Parsed {
    let mut parsed = Parsed { good: Vec::new(), bad: Vec::new(), last_seq: 0 };
    for stored in messages {
        parsed.last_seq = parsed.last_seq.max(stored.seq);
        match wire::decode::<Record>(&stored.payload) {
            Ok(record) if stored.subject.ends_with(&record.lease.to_string()) => {
                let trace = stored.trace.to_traceparent();
                parsed.good.push(Delivered { stream_seq: stored.seq, record, trace });
            }
            _ => parsed.bad.push(Quarantined {
                aside: SetAside {
                    stream_seq: stored.seq,
                    lease: LeaseId::from_bytes([0; 16]),
                    fault: Fault::Malformed,
                },
                subject: stored.subject.clone(),
                payload: stored.payload.to_vec(),
            }),
        }
    }
    parsed
}

/// [`ledger::RiderError`] as `run_tx` wants it.
#[derive(Debug)]
struct RowsError(ledger::RiderError);

impl From<ledger::RiderError> for RowsError {
    fn from(error: ledger::RiderError) -> Self {
        Self(error)
    }
}

impl From<database::DbError> for RowsError {
    fn from(error: database::DbError) -> Self {
        Self(ledger::RiderError::Database(error))
    }
}

impl database::AsDbError for RowsError {
    fn as_db_error(&self) -> Option<&database::DbError> {
        match &self.0 {
            ledger::RiderError::Database(error) => Some(error),
            ledger::RiderError::Refused(_) => None,
        }
    }
}
