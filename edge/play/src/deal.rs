//! One paid deal: check, bind at the dealer, execute, answer.
//!
//! A refusal before the bind costs no deal number. Once the dealer has been asked the work is finished even when the
//! connection is gone, so a bound deal's result stands in the lease for whoever comes back.

use std::sync::Arc;

use round::Call;
use telemetry::Trace;
use wire::v1::client::ServerBody;
use wire::v1::intent::SignedIntent;
use wire::v1::{Refusal, RefusalCode};

use crate::held::Slot;
use crate::lease::Place;
use crate::outlet::Asker;
use crate::play::Play;
use crate::take::{Answer, Keys};

impl Play {
    /// Plays the deal. The result goes to the connection that watches the lease.
    ///
    /// # Errors
    /// The refusal; [`RefusalCode::Unavailable`] when the outcome is open: the same intent sent again finds it.
    pub async fn deal(self: &Arc<Self>, asker: &Asker, intent: SignedIntent) -> Result<(), Refusal> {
        self.accepting()?;
        let slot = self.held.of(asker.player, intent.lease)?;
        let (play, asker) = (Arc::clone(self), asker.clone());
        self.finish(async move { play.deal_in_turn(&slot, &asker, &intent).await }).await
    }

    async fn deal_in_turn(
        self: &Arc<Self>,
        slot: &Arc<Slot>,
        asker: &Asker,
        intent: &SignedIntent,
    ) -> Result<(), Refusal> {
        let trace = &asker.trace;
        let _turn = slot.order.lock().await;
        let place = slot.held().place(intent)?;
        if let Place::Bound(result) = place {
            asker.answer(ServerBody::Result(Box::new((*result).clone())));
            return Ok(());
        }
        self.check(slot, intent, trace).await?;
        match self.bind(slot, intent, trace).await {
            Ok(bound) => {
                let keys = Keys::One(intent.deal, &bound.round_key);
                if let Err(error) = self.take(slot, &bound.records, keys, Answer::Deal(asker, intent)) {
                    tracing::warn!(trace_id = %trace.trace_id(), lease = %slot.lease, %error, "a bind's records need the log");
                    self.sync(slot, Answer::Deal(asker, intent), trace).await?;
                }
                if slot.held().state().next_deal() <= intent.deal {
                    self.sync(slot, Answer::Deal(asker, intent), trace).await?;
                }
                self.maybe_top_up(slot, trace);
                Ok(())
            }
            Err(refusal) if may_be_bound(refusal.code) => {
                if let Err(error) = self.sync_log(slot, Answer::Deal(asker, intent), trace).await {
                    tracing::info!(trace_id = %trace.trace_id(), lease = %slot.lease, %error, "the log can't be read after a refused bind");
                }
                // The log may hold this very bet, and then it has just been answered.
                let place = slot.held().place(intent);
                if matches!(place, Ok(Place::Bound(_))) { Ok(()) } else { Err(refusal) }
            }
            Err(refusal) => Err(refusal),
        }
    }

    /// The lease's terms by the fold, the catalogue's word, the game's own bounds. Nothing has happened yet.
    async fn check(&self, slot: &Slot, intent: &SignedIntent, trace: &Trace) -> Result<(), Refusal> {
        let signature = round::verify_intent(&slot.key, &slot.terms, intent);
        let now_ms = self.clock.now_ms();
        let call = {
            let held = slot.held();
            held.state().check(intent, signature, now_ms, held.valid_until_ms())?
        };
        if self.catalogue.is_blocked(&call.game.digest) {
            return Err(RefusalCode::GameUnavailable.because("the game is switched off"));
        }
        let table = match self.catalogue.loaded(&call.game) {
            Some(table) => table,
            None => {
                let loaded = self.catalogue.load(&self.bus, &self.options.hub_domain, &call.game).await;
                loaded.map_err(|error| crate::PlayError::from(error).refusal(trace))?
            }
        };
        execution::check_bets(&table, &call).map_err(|refused| {
            let code = match call.call {
                Call::Play { .. } => RefusalCode::BadBet,
                Call::Act { .. } => RefusalCode::ActionUnavailable,
            };
            code.because(refused.to_string())
        })
    }
}

/// No answer at all, or a refusal that can't be, for this edge checked the same before: the log may know more.
fn may_be_bound(code: RefusalCode) -> bool {
    use RefusalCode as Code;
    matches!(
        code,
        Code::Unavailable
            | Code::DealTaken
            | Code::DealOutOfOrder
            | Code::LeaseClosed
            | Code::StaleEpoch
            | Code::BadClientSeed
    )
}
