//! The beat: one message a few seconds keeps all leases of this edge alive, and brings back which to let go.
//!
//! Without beats leases run out within a minute, and the core closes them: the edge then holds nothing that matters.

use std::collections::BTreeSet;
use std::sync::Arc;

use ids::LeaseId;
use telemetry::{Trace, names};
use wire::v1::core::{Beat, Heartbeat, HeldLease};

use crate::error::PlayError;
use crate::held::Slot;
use crate::limits;
use crate::play::Play;
use crate::take::Answer;

impl Play {
    pub(crate) async fn beat_for_ever(self: Arc<Self>) {
        loop {
            let trace = Trace::root();
            if let Err(error) = self.beat(&trace).await {
                tracing::warn!(trace_id = %trace.trace_id(), %error, leases = self.held.len(), "no heartbeat");
            }
            tokio::time::sleep(limits::HEARTBEAT).await;
        }
    }

    /// One beat for every lease held; an edge without leases says that it is there.
    ///
    /// # Errors
    /// [`PlayError`] when the core does not answer.
    pub(crate) async fn beat(self: &Arc<Self>, trace: &Trace) -> Result<(), PlayError> {
        let slots = self.held.all();
        #[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "a gauge is a float")]
        metrics::gauge!(names::LEASES).set(slots.len() as f64);
        if slots.is_empty() {
            return self.beat_for(&[], trace).await;
        }
        for part in slots.chunks(limits::HEARTBEAT_LEASES) {
            self.beat_for(part, trace).await?;
        }
        Ok(())
    }

    async fn beat_for(self: &Arc<Self>, slots: &[Arc<Slot>], trace: &Trace) -> Result<(), PlayError> {
        let question = Heartbeat {
            region: self.options.region.clone(),
            url: self.options.public_url.clone(),
            leases: slots.iter().map(|slot| HeldLease { lease: slot.lease, epoch: slot.terms.epoch }).collect(),
            draining: self.is_draining(),
        };
        let beat: Beat = self.ask_core("heartbeat", &question, limits::CORE_TIMEOUT, trace).await?;
        *self.edges.lock() = beat.edges;
        let revoked: BTreeSet<LeaseId> = beat.revoked.into_iter().collect();
        for slot in slots {
            if !revoked.contains(&slot.lease) {
                slot.held().renew(beat.valid_until_ms);
            }
        }
        for lease in revoked {
            self.let_go(lease, trace);
        }
        Ok(())
    }

    /// Takes no more deals for the lease, and reads its log for the end that the player is told. Until that is there, each
    /// beat tries again.
    fn let_go(self: &Arc<Self>, lease: LeaseId, trace: &Trace) {
        let Some(slot) = self.held.get(lease) else { return };
        slot.held().let_go();
        let (play, trace) = (Arc::clone(self), trace.child());
        self.detach_work(async move {
            let _turn = slot.order.lock().await;
            if slot.held().state().progress.closed.is_some() {
                return;
            }
            if let Err(error) = play.sync_log(&slot, Answer::Nobody, &trace).await {
                tracing::warn!(trace_id = %trace.trace_id(), lease = %slot.lease, %error, "a revoked lease's end is not known yet");
            }
        });
    }
}
