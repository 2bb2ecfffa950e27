//! More escrow before a lease runs dry, in the background: no deal waits for it.
//!
//! The core moves the money and the dealer writes the record; a lost answer is harmless, since the next bind brings the record.

use std::sync::Arc;

use money::Amount;
use telemetry::Trace;
use wire::v1::core::{TopUp, ToppedUpReply};

use crate::error::PlayError;
use crate::held::Slot;
use crate::limits;
use crate::play::Play;
use crate::take::{Answer, Keys};

impl Play {
    /// Starts a top-up when the lease holds less than a quarter of its first escrow, unless one is on its way.
    pub(crate) fn maybe_top_up(self: &Arc<Self>, slot: &Arc<Slot>, trace: &Trace) {
        let Some(amount_minor) = missing(slot) else { return };
        if self.is_draining() || !slot.topup.enter(self.clock.monotonic()) {
            return;
        }
        let (play, slot, trace) = (Arc::clone(self), Arc::clone(slot), trace.child());
        self.detach_work(async move {
            let pause = match play.top_up(&slot, amount_minor, &trace).await {
                Ok(()) => std::time::Duration::ZERO,
                Err(PlayError::Refused(refusal)) => {
                    tracing::debug!(trace_id = %trace.trace_id(), lease = %slot.lease, %refusal, "no top-up");
                    limits::TOPUP_REFUSED_PAUSE
                }
                Err(error) => {
                    tracing::warn!(trace_id = %trace.trace_id(), lease = %slot.lease, %error, "top-up failed");
                    limits::TOPUP_FAILED_PAUSE
                }
            };
            slot.topup.leave(play.clock.monotonic(), pause);
        });
    }

    async fn top_up(&self, slot: &Slot, amount_minor: Amount, trace: &Trace) -> Result<(), PlayError> {
        let question = TopUp { lease: slot.lease, epoch: slot.terms.epoch, amount_minor };
        let answer: ToppedUpReply = self.ask_core("topup", &question, limits::CORE_DEALER_TIMEOUT, trace).await?;
        let taken = self.take(slot, &[answer.record], Keys::None, Answer::Nobody);
        taken.map_err(|error| PlayError::fold(slot.lease, &error))
    }
}

/// What fills the escrow up again, when it is low.
fn missing(slot: &Slot) -> Option<Amount> {
    let held = slot.held();
    let progress = &held.state().progress;
    let (escrow, left) = (slot.terms.escrow_minor, progress.in_play_minor);
    let low = left.wide() * limits::TOPUP_PART < escrow.wide();
    if low && progress.closed.is_none() { escrow.checked_sub(left).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::Sample;

    #[test]
    fn a_quarter_of_the_escrow_is_enough_and_less_is_filled_up() {
        let mut sample = Sample::new();
        let slot = Slot::try_new(sample.held()).unwrap();
        assert_eq!(missing(&slot), None);
        // Each deal stakes 1,000 and pays 3; the escrow is 10,000.
        while slot.held().state().progress.in_play_minor >= Amount::from_minor(2_500) {
            let record = sample.deal_of(1_000);
            sample.fold(&mut slot.held(), &record).unwrap();
            if slot.held().state().progress.in_play_minor >= Amount::from_minor(2_500) {
                assert_eq!(missing(&slot), None);
            }
        }
        let left = slot.held().state().progress.in_play_minor;
        assert_eq!(missing(&slot), Some(Amount::from_minor(10_000).checked_sub(left).unwrap()));
    }
}
