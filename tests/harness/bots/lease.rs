//! A bot's side of a lease: the client seed, the next nonce, the signed intent.

use fairness::{ClientChain, ClientMode};
use money::Amount;
use wire::v1::client::{Offered, OpenedLease};
use wire::v1::intent::SignedIntent;
use wire::v1::lease::{LeaseOffer, LeaseTerms, OpenRequest};
use wire::v1::payload::Payload;
use wire::v1::{Hex, HexBytes};

use super::signing::SessionKey;

/// How the client seeds its leases.
#[derive(Clone)]
pub(crate) enum ClientSeed {
    /// Mode 1.
    Static(Vec<u8>),
    /// Mode 2.
    Chain(Box<ClientChain>),
}

impl std::fmt::Debug for ClientSeed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Static(_) => "Static(..)",
            Self::Chain(_) => "Chain(..)",
        })
    }
}

impl ClientSeed {
    /// A seed of `secret`, static or a chain of as many nonces as a lease can have deals.
    pub(crate) fn of(secret: [u8; 32], chained: bool, max_rounds: u32) -> Self {
        if chained {
            Self::Chain(Box::new(ClientChain::new(secret, max_rounds)))
        } else {
            Self::Static(secret.to_vec())
        }
    }

    fn bytes(&self) -> Vec<u8> {
        match self {
            Self::Static(seed) => seed.clone(),
            Self::Chain(chain) => chain.client_seed().to_vec(),
        }
    }

    fn mode(&self) -> u8 {
        match self {
            Self::Static(_) => ClientMode::Static.code(),
            Self::Chain(_) => ClientMode::Chain.code(),
        }
    }

    fn nonce(&self, deal: u64) -> [u8; 32] {
        match self {
            Self::Static(_) => [0; 32],
            Self::Chain(chain) => chain.nonce(deal).unwrap_or([0; 32]),
        }
    }
}

/// What a bot signs to take an offer up.
pub(crate) fn open_request(offer: &LeaseOffer, seed: &ClientSeed, key: &SessionKey) -> OpenRequest {
    let client_seed = HexBytes(seed.bytes());
    let open = offer.opening(client_seed.clone(), seed.mode()).to_fair1().hash();
    OpenRequest {
        lease: offer.lease,
        client_seed,
        client_mode: seed.mode(),
        client_key: key.public(),
        signature: key.sign(&open),
    }
}

/// A lease that a bot plays in.
#[derive(Debug)]
pub struct Held {
    /// Its terms.
    pub terms: LeaseTerms,
    /// The next deal.
    pub next_deal: u64,
    /// What the open round offers.
    pub offers: Vec<Offered>,
    /// Escrow in play.
    pub in_play: Amount,
    /// The session's key.
    pub key: SessionKey,
    pub(crate) seed: ClientSeed,
}

impl Held {
    pub(crate) fn new(opened: OpenedLease, key: SessionKey, seed: ClientSeed) -> Self {
        let OpenedLease { terms, next_deal, in_play_minor, offers } = opened;
        Self { terms, next_deal, offers, in_play: in_play_minor, key, seed }
    }

    /// The signed intent of the next deal.
    #[must_use]
    pub fn intent(&self, game: usize, payload: &Payload, stake: Amount) -> Option<SignedIntent> {
        self.intent_for(self.next_deal, game, payload, stake)
    }

    /// The signed intent of any deal.
    #[must_use]
    pub fn intent_for(&self, deal: u64, game: usize, payload: &Payload, stake: Amount) -> Option<SignedIntent> {
        let game = self.terms.games.get(game)?;
        let mut intent = SignedIntent {
            lease: self.terms.opening.lease,
            deal,
            game: game.digest,
            params: game.params,
            currency: self.terms.currency,
            stake_minor: stake,
            payload: payload.to_text(),
            client_nonce: Hex(self.seed.nonce(deal)),
            signature: Hex([0; 64]),
        };
        self.sign(&mut intent)?;
        Some(intent)
    }

    /// Signs `intent` as it stands.
    pub fn sign(&self, intent: &mut SignedIntent) -> Option<()> {
        let bet = intent.bet_hash().ok()?;
        intent.signature = self.key.sign(&fairness::intent_message(&self.terms.open.0, &bet));
        Some(())
    }
}
