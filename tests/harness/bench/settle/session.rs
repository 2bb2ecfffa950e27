//! A player's own side of a lease: its key, its seed, what it signs. Static client seed, Ed25519.

use anyhow::{Context, Result};
use wire::v1::intent::SignedIntent;
use wire::v1::lease::{LeaseOffer, LeaseTerms, OpenRequest};
use wire::v1::{Hex, HexBytes};

use crate::bench::wager::Wager;
use crate::bots::SessionKey;

/// One player's secrets.
pub(super) struct Session {
    key: SessionKey,
    seed: [u8; 32],
}

impl Session {
    /// The secrets that follow from a name.
    pub(super) fn of(name: &str) -> Self {
        let secret = fairness::sha256(&[b"bench session key", name.as_bytes()]);
        Self { key: SessionKey::ed25519(secret), seed: fairness::sha256(&[b"bench client seed", name.as_bytes()]) }
    }

    /// Takes up an offer.
    pub(super) fn open(&self, offer: &LeaseOffer) -> OpenRequest {
        let (client_seed, client_mode) = (HexBytes(self.seed.to_vec()), fairness::ClientMode::Static.code());
        let open = offer.opening(client_seed.clone(), client_mode).to_fair1().hash();
        let signature = self.key.sign(&open);
        OpenRequest { lease: offer.lease, client_seed, client_mode, client_key: self.key.public(), signature }
    }

    /// The signed intent of a deal.
    pub(super) fn intent(&self, terms: &LeaseTerms, deal: u64, wager: &Wager) -> Result<SignedIntent> {
        let game = terms.games.get(wager.game).context("the lease has no such game")?;
        let mut intent = SignedIntent {
            lease: terms.opening.lease,
            deal,
            game: game.digest,
            params: game.params,
            currency: terms.currency,
            stake_minor: wager.stake,
            payload: wager.payload.to_text(),
            client_nonce: Hex([0; 32]),
            signature: Hex([0; 64]),
        };
        let bet = intent.bet_hash()?;
        intent.signature = self.key.sign(&fairness::intent_message(&terms.open.0, &bet));
        Ok(intent)
    }
}
