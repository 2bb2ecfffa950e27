//! Asking the dealer to bind a bet, until it answers or the deadline is over.
//!
//! The same intent is sent again as often as needed: the dealer binds a deal once and answers again with the same record.

use std::time::Duration;

use telemetry::{Timer, names};
use wire::subjects;
use wire::v1::dealer::{BindReply, BindRequest};
use wire::v1::intent::SignedIntent;
use wire::v1::{Refusal, RefusalCode, Reply};

use crate::held::Slot;
use crate::limits;
use crate::play::Play;

/// Pauses that double up to a bound.
#[derive(Debug)]
pub(crate) struct Backoff(Duration);

impl Backoff {
    pub(crate) fn new() -> Self {
        Self(limits::RETRY_PAUSE)
    }

    pub(crate) async fn pause(&mut self) {
        tokio::time::sleep(self.0).await;
        self.0 = self.0.saturating_mul(2).min(limits::RETRY_PAUSE_MAX);
    }
}

impl Play {
    /// The dealer's answer once the bet is durably bound.
    ///
    /// # Errors
    /// The dealer's refusal, or [`RefusalCode::Unavailable`] when no answer came in time: the bet may be bound then.
    pub(crate) async fn bind(
        &self,
        slot: &Slot,
        intent: &SignedIntent,
        trace: &telemetry::Trace,
    ) -> Result<BindReply, Refusal> {
        let subject = subjects::dealer_rpc(&slot.terms.dealer, "bind");
        let deadline = self.clock.monotonic().saturating_add(limits::BIND_DEADLINE);
        let timer = Timer::start();
        let mut backoff = Backoff::new();
        let mut request = BindRequest {
            edge: self.options.edge.clone(),
            epoch: slot.terms.epoch,
            known_records: slot.held().records(),
            intent: intent.clone(),
        };
        loop {
            let reply = self.bus.request::<_, BindReply>(&subject, &request, limits::BIND_TIMEOUT, trace).await;
            let failure = match reply {
                Ok(Reply::Done(bound)) => {
                    timer.record(names::BIND_SECONDS);
                    return Ok(bound);
                }
                // This edge holds the lease; a dealer that does not know it has just started and will learn of it.
                Ok(Reply::Refused(refusal)) if !is_passing(refusal.code) => return Err(refusal),
                Ok(Reply::Refused(refusal)) => refusal.to_string(),
                Ok(Reply::Failed(reason)) => reason,
                Err(error) if error.is_retryable() => error.to_string(),
                Err(error) => {
                    tracing::error!(trace_id = %trace.trace_id(), %error, "a bind can't be sent or its answer not read");
                    return Err(RefusalCode::Unavailable.into());
                }
            };
            if self.clock.monotonic() >= deadline {
                tracing::warn!(trace_id = %trace.trace_id(), lease = %slot.lease, deal = intent.deal, failure, "no bind");
                return Err(RefusalCode::Unavailable.because("the dealer can't be reached: send the same bet again"));
            }
            backoff.pause().await;
            request.known_records = slot.held().records();
        }
    }
}

fn is_passing(code: RefusalCode) -> bool {
    matches!(code, RefusalCode::LeaseUnknown | RefusalCode::Unavailable)
}
