//! A lease in the world: its terms with real keys and signatures, the player's secrets, and where it stands.

use std::collections::BTreeMap;
use std::sync::Arc;

use ed25519_dalek::{Signer, SigningKey};
use fairness::{ClientChain, LeaseKey, RoundKey, Seed};
use ids::{Digest, LeaseId, PlayerId};
use money::{Amount, Currency};
use wire::v1::intent::SignedIntent;
use wire::v1::lease::{CarriedRound, CloseReason, LeaseTerms, Limits, Opening, PinnedGame};
use wire::v1::payload::Payload;
use wire::v1::{ClientKey, Hex, HexBytes};

use crate::chance::Chance;
use crate::edge::Edge;
use crate::wager::Wager;

/// Hard end of a lease, milliseconds after its beginning.
const LIFETIME_MS: u64 = 25_000;
/// Deals of a lease at most.
const MAX_DEALS: u32 = 60;

/// Where a lease stands for the core.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    /// Its money is in the escrow; its dealer may not know it.
    Granted,
    /// Deals may be bound.
    Open,
    /// Its dealer is being told to end the log.
    Closing(CloseReason),
    /// The log has ended.
    Closed,
}

/// A top-up whose money is in the escrow, and which is not in the log yet.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TopUp {
    pub(crate) attempt: u32,
    pub(crate) amount: Amount,
}

/// What a new lease is made of.
pub(crate) struct Wanted {
    pub(crate) player: PlayerId,
    pub(crate) currency: Currency,
    pub(crate) escrow: Amount,
    pub(crate) carried: Option<CarriedRound>,
    pub(crate) now_ms: u64,
}

/// One lease.
pub(crate) struct Lease {
    pub(crate) id: LeaseId,
    pub(crate) terms: Arc<LeaseTerms>,
    pub(crate) seed: Seed,
    session: SigningKey,
    chain: Option<ClientChain>,
    pub(crate) status: Status,
    pub(crate) valid_until_ms: u64,
    pub(crate) edge: Edge,
    /// Signed and sent, and the answer is not known.
    pub(crate) pending: Option<Wager>,
    /// Answered deals: the index of the record, and the bet's hash.
    pub(crate) answered: BTreeMap<u64, (u32, SignedIntent)>,
    pub(crate) topup: Option<TopUp>,
    /// Top-ups begun, and written into the log.
    pub(crate) attempts: u32,
    pub(crate) grants: u32,
    /// Posted from the player's cash into the escrow, and back as top-ups that the log never held, minor units.
    pub(crate) paid_in: i128,
    pub(crate) paid_back: i128,
}

impl Lease {
    pub(crate) fn new(chance: &mut Chance, wanted: Wanted, games: &[PinnedGame]) -> Self {
        let (now_ms, id) = (wanted.now_ms, LeaseId::at(wanted.now_ms, chance.bytes()));
        let (seed, session) = (Seed::from_bytes(chance.bytes()), SigningKey::from_bytes(&chance.bytes()));
        let chain = chance.is(50).then(|| ClientChain::new(chance.bytes(), MAX_DEALS));
        let client_seed = chain.as_ref().map_or(chance.bytes::<32>(), ClientChain::client_seed);
        let opening = Opening {
            lease: id,
            commit: Hex(fairness::commit(&seed)),
            player_tag: Hex(chance.bytes()),
            client_seed: HexBytes(client_seed.to_vec()),
            client_mode: if chain.is_some() { 2 } else { 1 },
            beacon_kind: 0,
            beacon_round: 0,
            beacon_value: Hex([0; 32]),
            issued_ms: now_ms,
            expires_ms: now_ms + LIFETIME_MS,
            max_rounds: 1 + u32::try_from(chance.below(u64::from(MAX_DEALS))).unwrap(),
        };
        opening.to_fair1().check().unwrap();
        let open = opening.to_fair1().hash();
        let escrow = wanted.escrow.minor();
        let terms = Arc::new(LeaseTerms {
            player: wanted.player,
            region: "west".parse().unwrap(),
            edge: "west-1".parse().unwrap(),
            dealer: "dealer-west".parse().unwrap(),
            log_region: "west".parse().unwrap(),
            epoch: 1,
            currency: wanted.currency,
            escrow_minor: wanted.escrow,
            limits: Limits {
                min_stake_minor: Amount::from_minor(10),
                max_stake_minor: chance.amount(600, 4_000),
                max_loss_minor: chance.amount(escrow, escrow * 3),
            },
            games: games.to_vec(),
            carried: wanted.carried,
            client_key: ClientKey::Ed25519(Hex(session.verifying_key().to_bytes())),
            client_signature: Hex(session.sign(&open).to_bytes()),
            core_signature: Hex(SigningKey::from_bytes(&[1; 32]).sign(&open).to_bytes()),
            opening,
            open: Hex(open),
        });
        Self {
            id,
            edge: Edge::new(&terms),
            terms,
            seed,
            session,
            chain,
            status: Status::Granted,
            valid_until_ms: 0,
            pending: None,
            answered: BTreeMap::new(),
            topup: None,
            attempts: 0,
            grants: 0,
            paid_in: 0,
            paid_back: 0,
        }
    }

    /// KL.
    pub(crate) fn key(&self) -> LeaseKey {
        fairness::lease_key(&self.seed, &self.terms.open.0)
    }

    /// An intent of the player, signed.
    pub(crate) fn says(&self, deal: u64, game: &PinnedGame, payload: &Payload, stake: Amount) -> SignedIntent {
        let nonce = self.chain.as_ref().and_then(|chain| chain.nonce(deal)).unwrap_or([0; 32]);
        self.sign(SignedIntent {
            lease: self.id,
            deal,
            game: game.digest,
            params: game.params,
            currency: self.terms.currency,
            stake_minor: stake,
            payload: payload.to_text(),
            client_nonce: Hex(nonce),
            signature: Hex([0; 64]),
        })
    }

    /// The intent as it now is, signed by the player.
    pub(crate) fn sign(&self, mut intent: SignedIntent) -> SignedIntent {
        let bet = intent.bet_hash().unwrap_or([0; 32]);
        intent.signature = Hex(self.session.sign(&fairness::intent_message(&self.terms.open.0, &bet)).to_bytes());
        intent
    }

    /// The pinned game of a round or an intent.
    pub(crate) fn pinned(&self, digest: Digest, params: Digest) -> Option<&PinnedGame> {
        self.terms.games.iter().find(|game| game.digest == digest && game.params == params)
    }
}

/// K_r of an intent.
pub(crate) fn round_key(key: &LeaseKey, intent: &SignedIntent) -> RoundKey {
    fairness::round_key(key, intent.deal, intent.game.as_bytes(), intent.params.as_bytes(), &intent.client_nonce.0)
}
