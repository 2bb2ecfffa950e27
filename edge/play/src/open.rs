//! Offers and openings: the core makes both; this edge passes them on and then holds the lease.

use std::sync::Arc;

use ids::PlayerId;
use round::LeaseState;
use telemetry::Trace;
use wire::v1::Refusal;
use wire::v1::client::ServerBody;
use wire::v1::core::{Offer, Open, Opened};
use wire::v1::lease::{LeaseOffer, LeaseTerms, OfferRequest, OpenRequest};

use crate::error::PlayError;
use crate::held::Slot;
use crate::lease::HeldLease;
use crate::limits;
use crate::outlet::Asker;
use crate::play::Play;

impl Play {
    /// Asks the core for a seed's commitment.
    ///
    /// # Errors
    /// The core's refusal, or unavailable.
    pub async fn offer(&self, asker: &Asker, request: OfferRequest) -> Result<LeaseOffer, Refusal> {
        self.accepting()?;
        let question = Offer { player: asker.player, region: self.options.region.clone(), request };
        let answer = self.ask_core("offer", &question, limits::CORE_TIMEOUT, &asker.trace).await;
        answer.map_err(|error| error.refusal(&asker.trace))
    }

    /// Takes an offer up. Sent again after a lost answer it gives the same lease.
    ///
    /// # Errors
    /// The core's refusal, or unavailable.
    pub async fn open(self: &Arc<Self>, asker: &Asker, request: OpenRequest) -> Result<(), Refusal> {
        self.accepting()?;
        let (play, asker) = (Arc::clone(self), asker.clone());
        let opening = async move {
            let opened = play.open_at_core(&asker, request).await.map_err(|error| error.refusal(&asker.trace))?;
            let mut held = opened.held();
            let body = ServerBody::Opened(Box::new(held.opened()));
            held.attach(&asker.outlet, asker.addressed(body), Vec::new());
            Ok(())
        };
        self.finish(opening).await
    }

    async fn open_at_core(&self, asker: &Asker, request: OpenRequest) -> Result<Arc<Slot>, PlayError> {
        let question = Open { player: asker.player, request };
        let opened: Opened = self.ask_core("open", &question, limits::CORE_DEALER_TIMEOUT, &asker.trace).await?;
        let lease = opened.record.lease;
        let state = LeaseState::from_opening(&opened.record)
            .map_err(|fault| PlayError::Fold { lease, reason: fault.to_string() })?;
        self.ours(asker.player, &state.terms)?;
        self.load_games(&state.terms, &asker.trace).await;
        let slot = Slot::try_new(HeldLease::new(state, opened.valid_until_ms))
            .map_err(|error| PlayError::Fold { lease, reason: error.to_string() })?;
        Ok(self.held.insert(slot))
    }

    /// # Errors
    /// [`PlayError::WrongLease`] when the terms name another player or edge.
    pub(crate) fn ours(&self, player: PlayerId, terms: &LeaseTerms) -> Result<(), PlayError> {
        if terms.player == player && terms.edge == self.options.edge {
            Ok(())
        } else {
            Err(PlayError::WrongLease(terms.opening.lease))
        }
    }

    /// Loads what the lease pins. A game that can't be loaded now is tried again at its first deal.
    pub(crate) async fn load_games(&self, terms: &LeaseTerms, trace: &Trace) {
        for game in &terms.games {
            if self.catalogue.loaded(game).is_some() {
                continue;
            }
            if let Err(error) = self.catalogue.load(&self.bus, &self.options.hub_domain, game).await {
                tracing::warn!(trace_id = %trace.trace_id(), game = %game.game, %error, "a pinned game is not loaded");
            }
        }
    }
}
