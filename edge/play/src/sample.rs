//! A lease with a real opening and really signed intents, for this crate's tests.

use ed25519_dalek::{Signer, SigningKey};
use execution::Executed;
use ids::{Digest, LeaseId, PlayerId};
use money::{Amount, Currency};
use round::{IntentSignature, LeaseState, Played, Verdict, verify_intent};
use wire::v1::client::{DealResult, Receipt};
use wire::v1::intent::SignedIntent;
use wire::v1::key::ClientKey;
use wire::v1::lease::{CloseReason, LeaseOffer, LeaseTerms, Limits, PinnedGame};
use wire::v1::payload::Payload;
use wire::v1::record::{BoundDeal, Closed, Record, RecordBody, ToppedUp};
use wire::v1::{Hex, HexBytes};

use crate::lease::{FoldError, Folded, HeldLease, RunError};

pub(crate) const ISSUED_MS: u64 = 1_700_000_000_000;
const GAME: Digest = Digest::from_bytes([9; 32]);
const PARAMS: Digest = Digest::from_bytes([8; 32]);

/// A result that nobody folded.
pub(crate) fn result(deal: u64) -> DealResult {
    DealResult {
        lease: LeaseId::from_bytes([1; 16]),
        deal,
        stake_minor: Amount::from_minor(1),
        win_minor: Amount::ZERO,
        void: None,
        finished: true,
        offers: vec![],
        events: vec![],
        in_play_minor: Amount::ZERO,
        outcome: Digest::from_bytes([0; 32]),
        link: Digest::from_bytes([0; 32]),
        receipt: Receipt { bet: Hex([0; 32]), played_ms: 0, signature: Hex([0; 64]) },
    }
}

/// A player, a dealer and the lease between them.
pub(crate) struct Sample {
    key: SigningKey,
    pub(crate) terms: LeaseTerms,
    records: Vec<Record>,
    deals: u64,
    topups: u32,
}

impl Sample {
    pub(crate) fn new() -> Self {
        let key = SigningKey::from_bytes(&[3; 32]);
        let offer = LeaseOffer {
            lease: LeaseId::from_bytes([1; 16]),
            commit: Hex([2; 32]),
            offer_ms: ISSUED_MS,
            player_tag: Hex([4; 32]),
            issued_ms: ISSUED_MS,
            expires_ms: ISSUED_MS + 900_000,
            max_rounds: 1_000,
            signature: Hex([0; 64]),
        };
        let opening = offer.opening(HexBytes(vec![5; 32]), 1);
        let open = opening.to_fair1().hash();
        let terms = LeaseTerms {
            player: PlayerId::from_bytes([6; 16]),
            region: "west".parse().unwrap(),
            edge: "west-1".parse().unwrap(),
            dealer: "dealer-west".parse().unwrap(),
            log_region: "west".parse().unwrap(),
            epoch: 1,
            currency: Currency::EUR,
            escrow_minor: Amount::from_minor(10_000),
            limits: Limits {
                min_stake_minor: Amount::from_minor(1),
                max_stake_minor: Amount::from_minor(1_000),
                max_loss_minor: Amount::from_minor(10_000),
            },
            games: vec![PinnedGame {
                game: "coin".parse().unwrap(),
                digest: GAME,
                params: PARAMS,
                config: "{}".into(),
                min_cycle_ms: 0,
            }],
            carried: None,
            client_key: ClientKey::Ed25519(Hex(key.verifying_key().to_bytes())),
            client_signature: Hex(key.sign(&open).to_bytes()),
            core_signature: Hex([0; 64]),
            opening,
            open: Hex(open),
        };
        let mut sample = Self { key, terms: terms.clone(), records: vec![], deals: 0, topups: 0 };
        sample.append(RecordBody::Opened(Box::new(terms)));
        sample
    }

    pub(crate) fn held(&self) -> HeldLease {
        HeldLease::new(LeaseState::from_opening(&self.records[0]).unwrap(), ISSUED_MS + 60_000)
    }

    pub(crate) fn intent(&self, deal: u64, stake: i64) -> SignedIntent {
        let stake_minor = Amount::from_minor(stake);
        let mut intent = SignedIntent {
            lease: self.terms.opening.lease,
            deal,
            game: GAME,
            params: PARAMS,
            currency: Currency::EUR,
            stake_minor,
            payload: Payload::Bets(vec![(0, stake_minor)]).to_text(),
            client_nonce: Hex([0; 32]),
            signature: Hex([0; 64]),
        };
        let message = fairness::intent_message(&self.terms.open.0, &intent.bet_hash().unwrap());
        intent.signature = Hex(self.key.sign(&message).to_bytes());
        intent
    }

    /// The dealer binds the next deal.
    pub(crate) fn deal(&mut self) -> Record {
        self.deal_of(10)
    }

    pub(crate) fn deal_of(&mut self, stake: i64) -> Record {
        self.deals += 1;
        let bound = BoundDeal {
            intent: self.intent(self.deals, stake),
            edge: self.terms.edge.clone(),
            valid_until_ms: ISSUED_MS + 60_000,
            signature: Hex([7; 64]),
        };
        self.append(RecordBody::Deal(Box::new(bound)))
    }

    pub(crate) fn top_up(&mut self) -> Record {
        self.topups += 1;
        self.append(RecordBody::ToppedUp(ToppedUp { grant: self.topups, amount_minor: Amount::from_minor(500) }))
    }

    pub(crate) fn close(&mut self) -> Record {
        let deals = self.deals;
        self.append(RecordBody::Closed(Closed { deals, reason: CloseReason::Asked, epoch: 2 }))
    }

    fn append(&mut self, body: RecordBody) -> Record {
        let prev = self.records.last().map_or(Digest::from_bytes([0; 32]), Record::digest);
        let index = u32::try_from(self.records.len()).unwrap();
        let at_ms = ISSUED_MS + u64::from(index);
        let record = Record { lease: self.terms.opening.lease, index, prev, at_ms, body };
        self.records.push(record.clone());
        record
    }

    /// Folds a record with the intent's true signature verdict and a game that pays 3 on every deal.
    pub(crate) fn fold(&self, held: &mut HeldLease, record: &Record) -> Result<Folded, FoldError> {
        let signature = match &record.body {
            RecordBody::Deal(bound) => {
                verify_intent(&self.terms.client_key.parse().unwrap(), &self.terms, &bound.intent)
            }
            _ => IntentSignature::Valid,
        };
        held.fold(record, signature, |_| pays_three())
    }
}

fn pays_three() -> Result<Executed, RunError> {
    let verdict = Verdict::Played(Played {
        win_minor: 3,
        finished: true,
        offers: vec![],
        state: HexBytes(vec![]),
        outcome: [1; 32],
        draws: [2; 32],
    });
    Ok(Executed { verdict, events: vec![], draws: vec![], void_code: None })
}
