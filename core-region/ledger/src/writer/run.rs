//! The writer's loop: cut, evaluate, append, publish, reply.
//!
//! One batch is under way at a time; the next gathers in the queue meanwhile. Evaluation takes about a tenth of a full batch's
//! cycle (`examples/ledger_speed.rs`), so evaluating ahead of an unanswered commit would buy that much and cost speculative state.

use std::sync::Arc;
use std::time::Duration;

use clock::SharedClock;
use ids::TransferId;
use parking_lot::RwLock;
use tokio::sync::{mpsc, oneshot, watch};
use tokio_util::sync::CancellationToken;

use super::append::{Appended, Stop};
use super::{Halt, State, SubmitError, observe};
use crate::engine::{Batch, Engine, Lookup, PreparedUnit, Reason, Rejected, UnitReply, Verdict};
use crate::limits;
use crate::rider::{Rider, RiderError};
use crate::store::Store;
use crate::view::View;

/// A unit in the queue, and who waits for it.
#[derive(Debug)]
pub(super) struct Pending {
    pub(super) unit: PreparedUnit,
    pub(super) rider: Option<Arc<dyn Rider>>,
    pub(super) reply: oneshot::Sender<Result<UnitReply, SubmitError>>,
    pub(super) expires: Duration,
}

impl Pending {
    /// Whoever waited may have gone: his retry will be told the same.
    fn answer(self, answer: Result<UnitReply, SubmitError>) {
        let _gone = self.reply.send(answer);
    }
}

pub(super) struct Writer {
    pub(super) engine: Engine,
    pub(super) store: Arc<dyn Store>,
    pub(super) clock: SharedClock,
    pub(super) batch_commands: usize,
    pub(super) queue: mpsc::Receiver<Pending>,
    pub(super) view: Arc<RwLock<View>>,
    pub(super) state: watch::Sender<State>,
    pub(super) last_event: watch::Sender<u64>,
    pub(super) stop: CancellationToken,
    pub(super) is_closing: bool,
}

impl Writer {
    pub(super) async fn run(mut self) {
        while let Some(work) = self.cut().await {
            let mut work = self.begun_in_time(work);
            if let Err(stop) = self.process(&mut work).await {
                self.halt(work, stop).await;
                return;
            }
        }
        self.state.send_replace(State::Halted(Halt::Closed));
    }

    /// Waits for a unit, then takes what else is there; nothing when the ledger is closed and the queue empty.
    async fn cut(&mut self) -> Option<Vec<Pending>> {
        let first = loop {
            tokio::select! {
                () = self.stop.cancelled(), if !self.is_closing => {
                    self.is_closing = true;
                    self.queue.close();
                }
                unit = self.queue.recv() => break unit?,
            }
        };
        let mut commands = first.unit.size();
        let mut work = vec![first];
        // The replies to the batch before have woken callers who are about to send again: let them, and share one commit.
        for _ in 0..limits::DRAIN_TURNS {
            tokio::task::yield_now().await;
            let before = work.len();
            while commands < self.batch_commands
                && let Ok(unit) = self.queue.try_recv()
            {
                commands += unit.unit.size();
                work.push(unit);
            }
            if work.len() == before || commands >= self.batch_commands {
                break;
            }
        }
        observe::cut(work.len(), commands, self.queue.len());
        Some(work)
    }

    fn begun_in_time(&self, work: Vec<Pending>) -> Vec<Pending> {
        let now = self.clock.monotonic();
        let (begun, late): (Vec<_>, Vec<_>) = work.into_iter().partition(|unit| unit.expires > now);
        late.into_iter().for_each(|unit| unit.answer(Err(SubmitError::Busy)));
        begun
    }

    /// Carries `work` out and empties it; what is left in it on an error has no answer yet.
    async fn process(&mut self, work: &mut Vec<Pending>) -> Result<(), Stop> {
        let mut lookup = Lookup::Optimistic;
        let mut collisions = 0;
        while !work.is_empty() {
            let started = self.clock.monotonic();
            let units: Vec<&PreparedUnit> = work.iter().map(|pending| &pending.unit).collect();
            let evaluated = self.engine.evaluate(&units, self.clock.now_ms(), lookup)?;
            observe::evaluated(self.clock.monotonic().saturating_sub(started));
            if evaluated.unsure {
                lookup = self.look_up(work).await?;
                continue;
            }
            let Some(batch) = evaluated.batch else {
                self.engine.undo()?;
                reply_all(work, evaluated.verdicts);
                return Ok(());
            };
            let (places, riders) = riders_of(work, &evaluated.verdicts);
            match self.append(&batch, &riders).await? {
                Appended::Yes => {
                    self.publish(&batch);
                    reply_all(work, evaluated.verdicts);
                }
                Appended::Rider { at, why } => {
                    self.engine.undo()?;
                    let place = places.get(at).copied().unwrap_or_default();
                    drop_unit(work, place, &why);
                }
                Appended::Collision => {
                    collisions += 1;
                    if collisions > limits::COLLISIONS {
                        tracing::error!(batch = batch.head.no, "ids collide that are not in the log");
                        return Err(Stop::Halt(Halt::StoreRefused));
                    }
                    lookup = self.look_up(work).await?;
                }
            }
        }
        Ok(())
    }

    /// Takes the evaluation back and learns all ids of `work` that the log has.
    async fn look_up(&mut self, work: &[Pending]) -> Result<Lookup, Stop> {
        self.engine.undo()?;
        let mut ids: Vec<TransferId> = work.iter().flat_map(|pending| pending.unit.ids()).collect();
        ids.sort_unstable();
        ids.dedup();
        let rows = self.find(&ids).await?;
        observe::looked_up(ids.len());
        self.engine.learn(&rows);
        Ok(Lookup::Done)
    }

    fn publish(&mut self, batch: &Batch) {
        self.engine.commit();
        self.view.write().apply(&batch.accounts);
        if !batch.events.is_empty() {
            self.last_event.send_replace(batch.head.last_event);
        }
    }

    async fn halt(mut self, work: Vec<Pending>, stop: Stop) {
        let (halt, answer) = match stop {
            Stop::Halt(halt) => (halt.clone(), SubmitError::Halted(halt)),
            Stop::GaveUp => (Halt::Closed, SubmitError::Unknown),
        };
        tracing::error!(shard = self.store.shard(), reason = %halt, "ledger halted");
        self.state.send_replace(State::Halted(halt.clone()));
        self.queue.close();
        work.into_iter().for_each(|pending| pending.answer(Err(answer.clone())));
        while let Some(pending) = self.queue.recv().await {
            pending.answer(Err(SubmitError::Halted(halt.clone())));
        }
    }
}

fn reply_all(work: &mut Vec<Pending>, verdicts: Vec<Verdict>) {
    observe::answered(&verdicts);
    for (pending, verdict) in work.drain(..).zip(verdicts) {
        pending.answer(Ok(verdict.reply));
    }
}

/// The riders of the units that carry something out now, and those units' places.
fn riders_of(work: &[Pending], verdicts: &[Verdict]) -> (Vec<usize>, Vec<Arc<dyn Rider>>) {
    let fresh = work.iter().zip(verdicts).enumerate().filter(|(_, (_, verdict))| verdict.is_fresh);
    fresh.filter_map(|(place, (pending, _))| Some((place, Arc::clone(pending.rider.as_ref()?)))).unzip()
}

fn drop_unit(work: &mut Vec<Pending>, place: usize, why: &RiderError) {
    if place >= work.len() {
        return;
    }
    let pending = work.remove(place);
    let code = match why {
        RiderError::Refused(code) => code,
        RiderError::Database(_) => {
            tracing::error!(error = %why, "a rider failed; its unit is rejected");
            "rider_failed"
        }
    };
    let first = pending.unit.ids().next();
    if let Some(id) = first {
        let rejected = Rejected { index: 0, id, reason: Reason::Rider(code), is_final: false };
        pending.answer(Ok(UnitReply::Rejected(rejected)));
    }
}
