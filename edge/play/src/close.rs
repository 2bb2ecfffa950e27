//! The end of a lease, asked for by the player or by a draining edge.

use std::sync::Arc;

use ids::{LeaseId, PlayerId};
use telemetry::Trace;
use wire::v1::Refusal;
use wire::v1::client::ServerBody;
use wire::v1::core::{CatchUp, CaughtUp, Close, ClosedReply};
use wire::v1::lease::CloseReason;
use wire::v1::record::{Closed, Record, RecordBody};

use crate::error::PlayError;
use crate::held::Slot;
use crate::limits;
use crate::outlet::Asker;
use crate::play::Play;
use crate::take::{Answer, Keys};

impl Play {
    /// Closes the player's lease, after the deals that are under way.
    ///
    /// # Errors
    /// The core's refusal, or unavailable: then the same may be asked again.
    pub async fn close(self: &Arc<Self>, asker: &Asker, lease: LeaseId) -> Result<(), Refusal> {
        let (play, asker) = (Arc::clone(self), asker.clone());
        let closing = async move {
            let closed = match play.held.of(asker.player, lease) {
                Ok(slot) => play.close_held(&slot, CloseReason::Asked, Answer::Close(&asker), &asker.trace).await,
                Err(_) => play.close_elsewhere(&asker, lease).await,
            };
            closed.map_err(|error| error.refusal(&asker.trace))
        };
        self.finish(closing).await
    }

    /// # Errors
    /// [`PlayError`]; the lease is then held as before.
    pub(crate) async fn close_held(
        &self,
        slot: &Slot,
        reason: CloseReason,
        answer: Answer<'_>,
        trace: &Trace,
    ) -> Result<(), PlayError> {
        let _turn = slot.order.lock().await;
        let record = self.close_at_core(slot.player, slot.lease, reason, trace).await?;
        self.end(slot, &record, answer, trace).await;
        Ok(())
    }

    /// A lease that this edge does not hold: the core knows whose it is.
    async fn close_elsewhere(&self, asker: &Asker, lease: LeaseId) -> Result<(), PlayError> {
        let record = self.close_at_core(asker.player, lease, CloseReason::Asked, &asker.trace).await?;
        let closed = closing(&record).ok_or(PlayError::WrongLease(lease))?;
        asker.answer(ServerBody::Closing { lease, deals: closed.deals, reason: closed.reason });
        Ok(())
    }

    async fn close_at_core(
        &self,
        player: PlayerId,
        lease: LeaseId,
        reason: CloseReason,
        trace: &Trace,
    ) -> Result<Record, PlayError> {
        let question = Close { player, lease, reason };
        let answer: ClosedReply = self.ask_core("close", &question, limits::CORE_DEALER_TIMEOUT, trace).await?;
        Ok(answer.record)
    }

    /// Folds the closing record. Deals that this edge never heard of are fetched from the core first, for the dealer has
    /// forgotten the lease's key with the closing record.
    pub(crate) async fn end(&self, slot: &Slot, record: &Record, answer: Answer<'_>, trace: &Trace) {
        let folded = self.take(slot, std::slice::from_ref(record), Keys::None, answer);
        if folded.is_ok() && slot.held().state().progress.closed.is_some() {
            return;
        }
        let Some(closed) = closing(record) else { return };
        if let Err(error) = self.tell_from_core(slot, trace).await {
            tracing::warn!(trace_id = %trace.trace_id(), lease = %slot.lease, %error, "the last deals come with the next resume");
        }
        let body = ServerBody::Closing { lease: slot.lease, deals: closed.deals, reason: closed.reason };
        let asker = if let Answer::Close(asker) = answer { Some(asker) } else { None };
        let mut held = slot.held();
        held.let_go();
        held.tell(body, asker);
        drop(held);
        self.wallet.expect_closed(slot.player, slot.lease);
        self.held.remove(slot);
    }

    /// Tells the watching client the deals after the last one folded here, as the core recomputes them.
    async fn tell_from_core(&self, slot: &Slot, trace: &Trace) -> Result<(), PlayError> {
        let mut after_deal = slot.held().state().progress.deals;
        for _ in 0..limits::CATCH_UP_CALLS {
            let caught = self.caught_up(slot.player, slot.lease, after_deal, trace).await?;
            let Some(last) = caught.missed.last() else { return Ok(()) };
            after_deal = last.deal;
            let held = slot.held();
            caught.missed.into_iter().for_each(|result| held.tell(ServerBody::Result(Box::new(result)), None));
        }
        Ok(())
    }

    /// # Errors
    /// [`PlayError`].
    pub(crate) async fn caught_up(
        &self,
        player: PlayerId,
        lease: LeaseId,
        after_deal: u64,
        trace: &Trace,
    ) -> Result<CaughtUp, PlayError> {
        let question = CatchUp { player, lease, after_deal };
        self.ask_core("catch-up", &question, limits::CORE_DEALER_TIMEOUT, trace).await
    }

    /// Answers a client's `catch_up`: the core's deals as results, then how far they are known.
    ///
    /// # Errors
    /// The core's refusal, or unavailable.
    pub async fn catch_up(&self, asker: &Asker, lease: LeaseId, after_deal: u64) -> Result<(), Refusal> {
        let caught = self.caught_up(asker.player, lease, after_deal, &asker.trace).await;
        let caught = caught.map_err(|error| error.refusal(&asker.trace))?;
        let tail = caught.tail;
        let results = caught.missed.into_iter().map(|result| ServerBody::Result(Box::new(result)).into());
        let end = asker.addressed(ServerBody::CaughtUp { lease, tail });
        asker.outlet.push_all(results.chain(std::iter::once(end)).collect());
        Ok(())
    }
}

fn closing(record: &Record) -> Option<&Closed> {
    if let RecordBody::Closed(closed) = &record.body { Some(closed) } else { None }
}
