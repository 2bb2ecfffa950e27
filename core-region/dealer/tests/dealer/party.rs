//! A player, a lease and a core's hand in it: what the dealer's tests play with.

use std::convert::Infallible;

use dealer::DealerKeys;
use ed25519_dalek::{Signer, SigningKey};
use fairness::{ClientChain, LeaseKey, Seed};
use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::{Kem, X25519HkdfSha256};
use hpke::{Deserializable, OpModeS, Serializable, single_shot_seal_with_rng};
use ids::{Digest, LeaseId, PlayerId};
use money::{Amount, Currency};
use rand_core::{TryCryptoRng, TryRng};
use wire::v1::dealer::{BindRequest, OpenLease, SealedKey};
use wire::v1::intent::SignedIntent;
use wire::v1::lease::{LeaseTerms, Limits, Opening, PinnedGame};
use wire::v1::{ClientKey, Hex, HexBytes};

pub(crate) const ISSUED_MS: u64 = 1_000_000;
pub(crate) const EXPIRES_MS: u64 = ISSUED_MS + 900_000;
pub(crate) const VALID_MS: u64 = ISSUED_MS + 60_000;
pub(crate) const DEALER: &str = "dealer-west";
pub(crate) const CYCLE_MS: u64 = 2_500;

/// Keys of the dealer under test: the same after a restart.
pub(crate) fn keys() -> DealerKeys {
    DealerKeys::new(&[11; 32], &[12; 32])
}

/// A lease, with the player's secrets.
#[derive(Clone)]
pub(crate) struct Party {
    pub(crate) lease: LeaseId,
    pub(crate) terms: LeaseTerms,
    pub(crate) session: SigningKey,
    pub(crate) chain: ClientChain,
    seed: Seed,
}

impl Party {
    /// A lease whose id ends in `last`, hash-chain seeded, with two games: one without a cycle, one with [`CYCLE_MS`].
    pub(crate) fn new(last: u8) -> Self {
        let lease = LeaseId::from_bytes(std::array::from_fn(|i| if i == 15 { last } else { 9 }));
        let (seed, session) = (Seed::from_bytes([last; 32]), SigningKey::from_bytes(&[last.wrapping_add(1); 32]));
        let chain = ClientChain::new([last; 32], 64);
        let opening = Opening {
            lease,
            commit: Hex(fairness::commit(&seed)),
            player_tag: Hex([3; 32]),
            client_seed: HexBytes(chain.client_seed().to_vec()),
            client_mode: 2,
            beacon_kind: 0,
            beacon_round: 0,
            beacon_value: Hex([0; 32]),
            issued_ms: ISSUED_MS,
            expires_ms: EXPIRES_MS,
            max_rounds: 32,
        };
        let open = opening.to_fair1().hash();
        let game = |name: &str, byte, min_cycle_ms| PinnedGame {
            game: name.parse().unwrap(),
            digest: Digest::from_bytes([byte; 32]),
            params: Digest::from_bytes([byte + 1; 32]),
            config: "{}".to_owned(),
            min_cycle_ms,
        };
        let terms = LeaseTerms {
            player: PlayerId::from_bytes([5; 16]),
            region: "west".parse().unwrap(),
            edge: "west-1".parse().unwrap(),
            dealer: DEALER.parse().unwrap(),
            log_region: "west".parse().unwrap(),
            epoch: 4,
            currency: Currency::EUR,
            escrow_minor: Amount::from_minor(10_000),
            limits: Limits {
                min_stake_minor: Amount::from_minor(1),
                max_stake_minor: Amount::from_minor(1_000),
                max_loss_minor: Amount::from_minor(10_000),
            },
            games: vec![game("roulette", 20, 0), game("slot-lines", 30, CYCLE_MS)],
            carried: None,
            client_key: ClientKey::Ed25519(Hex(session.verifying_key().to_bytes())),
            opening,
            open: Hex(open),
            client_signature: Hex(session.sign(&open).to_bytes()),
            core_signature: Hex([0; 64]),
        };
        Self { lease, terms, session, chain, seed }
    }

    /// KL.
    pub(crate) fn lease_key(&self) -> LeaseKey {
        fairness::lease_key(&self.seed, &self.terms.open.0)
    }

    /// The key of a deal of game number `game`, as settlement derives it.
    pub(crate) fn round_key(&self, deal: u64, game: usize) -> Hex<32> {
        let pinned = &self.terms.games[game];
        let nonce = self.chain.nonce(deal).unwrap();
        let key =
            fairness::round_key(&self.lease_key(), deal, pinned.digest.as_bytes(), pinned.params.as_bytes(), &nonce);
        Hex(*key.as_bytes())
    }

    /// What the core sends to the dealer whose public key is `to`.
    pub(crate) fn opens_for(&self, to: Hex<32>) -> OpenLease {
        let public = <X25519HkdfSha256 as Kem>::PublicKey::from_bytes(&to.0).unwrap();
        let (enc, ciphertext) = single_shot_seal_with_rng::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
            &OpModeS::Base,
            &public,
            SealedKey::INFO,
            self.lease_key().as_bytes(),
            &SealedKey::associated(self.lease, &self.terms.open),
            &mut Counting(self.lease.to_bytes()[15]),
        )
        .unwrap();
        let key = SealedKey { enc: Hex(enc.to_bytes().into()), ciphertext: HexBytes(ciphertext) };
        OpenLease { terms: self.terms.clone(), key, valid_until_ms: VALID_MS }
    }

    /// The lease for the dealer under test.
    pub(crate) fn opens(&self) -> OpenLease {
        self.opens_for(keys().hpke_public())
    }

    /// A signed bet of `stake` minor units on game number `game`.
    pub(crate) fn intent(&self, deal: u64, game: usize, stake: i64) -> SignedIntent {
        self.says(deal, game, stake, format!(r#"{{"bets":[[0,"{stake}"]]}}"#))
    }

    /// A signed intent with any payload.
    pub(crate) fn says(&self, deal: u64, game: usize, stake: i64, payload: String) -> SignedIntent {
        let pinned = &self.terms.games[game];
        self.sign(SignedIntent {
            lease: self.lease,
            deal,
            game: pinned.digest,
            params: pinned.params,
            currency: self.terms.currency,
            stake_minor: Amount::from_minor(stake),
            payload,
            client_nonce: Hex(self.chain.nonce(deal).unwrap_or([0; 32])),
            signature: Hex([0; 64]),
        })
    }

    /// The intent, signed by the player as it now is.
    pub(crate) fn sign(&self, mut intent: SignedIntent) -> SignedIntent {
        let bet = intent.bet_hash().unwrap_or([0; 32]);
        intent.signature = Hex(self.session.sign(&fairness::intent_message(&self.terms.open.0, &bet)).to_bytes());
        intent
    }

    /// The lease's own edge asking for it to be bound.
    pub(crate) fn asks(&self, known_records: u32, intent: SignedIntent) -> BindRequest {
        BindRequest { edge: self.terms.edge.clone(), epoch: self.terms.epoch, known_records, intent }
    }
}

/// Chance that is none: the tests' sealed keys need not be secret.
struct Counting(u8);

impl TryRng for Counting {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, destination: &mut [u8]) -> Result<(), Infallible> {
        for byte in destination {
            self.0 = self.0.wrapping_add(1);
            *byte = self.0;
        }
        Ok(())
    }
}

impl TryCryptoRng for Counting {}
