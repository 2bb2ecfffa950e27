//! Stopping without losing a deal: no new ones, those under way finish, every lease is closed through the core.

use std::sync::Arc;

use futures::StreamExt;
use telemetry::Trace;
use wire::v1::lease::CloseReason;

use crate::limits;
use crate::play::Play;
use crate::take::Answer;

impl Play {
    /// Says to the core that this edge takes nobody any more, so that it stops naming it.
    pub async fn tell_core_draining(self: &Arc<Self>) {
        let trace = Trace::root();
        if let Err(error) = self.beat(&trace).await {
            tracing::warn!(trace_id = %trace.trace_id(), %error, "the core does not know that this edge drains");
        }
    }

    /// Closes every lease, after the deals under way in it. A lease that can't be closed now is closed by the core when its
    /// time to live is over. Gives the number of those.
    pub async fn close_all(self: &Arc<Self>) -> usize {
        let trace = Trace::root();
        let closing = futures::stream::iter(self.held.all()).map(|slot| async move {
            let closed = self.close_held(&slot, CloseReason::Draining, Answer::Nobody, &trace).await;
            closed.inspect_err(|error| {
                tracing::warn!(trace_id = %trace.trace_id(), lease = %slot.lease, %error, "lease left to the core");
            })
        });
        let left = closing.buffer_unordered(limits::DRAIN_CLOSES).filter(|closed| std::future::ready(closed.is_err()));
        left.count().await
    }

    /// Ends the background work; what players were told is reported first.
    pub async fn stop(&self) {
        self.stopping().cancel();
        self.tasks().close();
        self.tasks().wait().await;
    }
}
