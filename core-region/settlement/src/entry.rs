//! A lease as settlement holds it: its folded state, and the keys to re-derive every draw and check every signature.

use ed25519_dalek::VerifyingKey;
use fairness::{LeaseKey, Seed};
use ids::LeaseId;
use round::{IntentSignature, LeaseState};
use wire::v1::key::{KeyError, Verifies};
use wire::v1::record::BoundDeal;

/// One lease in memory.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Folded so far.
    pub state: LeaseState,
    /// S.
    pub seed: Seed,
    /// KL, derived from S and O by us: what the dealer was given is not asked.
    pub key: LeaseKey,
    /// The player's session key.
    pub client: Verifies,
    /// The dealer's signing key.
    pub dealer: VerifyingKey,
    /// A record of it is in quarantine: nothing more is settled until an operator decides.
    pub frozen: bool,
}

impl Entry {
    /// A lease with `state`, whose seed is `seed`.
    ///
    /// # Errors
    /// [`KeyError`] when the terms hold no client key: the core would not have opened such a lease.
    pub fn try_new(state: LeaseState, seed: Seed, dealer: VerifyingKey, frozen: bool) -> Result<Self, KeyError> {
        let key = fairness::lease_key(&seed, &state.terms.open.0);
        let client = state.terms.client_key.parse()?;
        Ok(Self { state, seed, key, client, dealer, frozen })
    }

    /// The lease.
    #[must_use]
    pub fn lease(&self) -> LeaseId {
        self.state.terms.opening.lease
    }

    /// Whether the player signed this bet.
    #[must_use]
    pub fn intent_signature(&self, bound: &BoundDeal) -> IntentSignature {
        round::verify_intent(&self.client, &self.state.terms, &bound.intent)
    }

    /// Whether the dealer signed its receipt for this bet at `played_ms`.
    #[must_use]
    pub fn dealer_signed(&self, bound: &BoundDeal, played_ms: u64) -> bool {
        let Ok(bet) = bound.intent.bet_hash() else { return false };
        let message = fairness::bind_message(&self.state.terms.open.0, &bet, played_ms);
        let signature = ed25519_dalek::Signature::from_bytes(&bound.signature.0);
        self.dealer.verify_strict(&message, &signature).is_ok()
    }
}
