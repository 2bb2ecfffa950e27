//! The fold, record by record, and under random logs.

#![cfg(test)]

use std::sync::Arc;

use ed25519_dalek::{Signer, SigningKey};
use ids::{Digest, LeaseId, PlayerId};
use money::{Amount, Currency};
use proptest::prelude::*;
use round::{Action, IntentSignature, LeaseState, LogFault, Plan, Played, Verdict, verify_intent};
use wire::v1::client::{Offered, VoidCause};
use wire::v1::intent::SignedIntent;
use wire::v1::lease::{CloseReason, LeaseTerms, Limits, Opening, PinnedGame};
use wire::v1::payload::Payload;
use wire::v1::record::{BoundDeal, Closed, Record, RecordBody, ToppedUp};
use wire::v1::{ClientKey, Hex, HexBytes, RefusalCode};

const ESCROW: i64 = 10_000;

fn minor(minor: i64) -> Amount {
    Amount::from_minor(minor)
}

fn signing() -> SigningKey {
    SigningKey::from_bytes(&[9; 32])
}

fn terms() -> LeaseTerms {
    let opening = Opening {
        lease: LeaseId::from_bytes([1; 16]),
        commit: Hex([2; 32]),
        player_tag: Hex([3; 32]),
        client_seed: HexBytes(b"sixteen bytes of it".to_vec()),
        client_mode: 1,
        beacon_kind: 0,
        beacon_round: 0,
        beacon_value: Hex([0; 32]),
        issued_ms: 1_000,
        expires_ms: 900_000,
        max_rounds: 50,
    };
    let config = "{}".to_owned();
    let game = PinnedGame {
        game: "dice".parse().unwrap(),
        digest: Digest::from_bytes([4; 32]),
        params: Digest::from_bytes(fairness::sha256(&[config.as_bytes()])),
        config,
        min_cycle_ms: 10,
    };
    let open = Hex(opening.to_fair1().hash());
    let limits = Limits { min_stake_minor: minor(1), max_stake_minor: minor(5_000), max_loss_minor: minor(9_000) };
    LeaseTerms {
        player: PlayerId::from_bytes([5; 16]),
        region: "west".parse().unwrap(),
        edge: "west-1".parse().unwrap(),
        dealer: "dealer-west".parse().unwrap(),
        log_region: "west".parse().unwrap(),
        epoch: 1,
        currency: Currency::EUR,
        escrow_minor: minor(ESCROW),
        limits,
        games: vec![game],
        carried: None,
        client_key: ClientKey::Ed25519(Hex(signing().verifying_key().to_bytes())),
        client_signature: Hex(signing().sign(&open.0).to_bytes()),
        core_signature: Hex([0; 64]),
        opening,
        open,
    }
}

fn intent(terms: &LeaseTerms, deal: u64, payload: &Payload, stake: i64) -> SignedIntent {
    let game = &terms.games[0];
    let mut intent = SignedIntent {
        lease: terms.opening.lease,
        deal,
        game: game.digest,
        params: game.params,
        currency: terms.currency,
        stake_minor: minor(stake),
        payload: payload.to_text(),
        client_nonce: Hex([0; 32]),
        signature: Hex([0; 64]),
    };
    if let Ok(bet) = intent.bet_hash() {
        intent.signature = Hex(signing().sign(&fairness::intent_message(&terms.open.0, &bet)).to_bytes());
    }
    intent
}

fn bets(stake: i64) -> Payload {
    Payload::Bets(vec![(0, minor(stake))])
}

fn played(win: u64) -> Verdict {
    Verdict::Played(Played {
        win_minor: win,
        finished: true,
        offers: vec![],
        state: HexBytes::default(),
        outcome: [6; 32],
        draws: [7; 32],
    })
}

fn paused(win: u64, price: i64) -> Verdict {
    let offers = vec![Offered { action: 1, extra_minor: minor(price) }];
    Verdict::Played(Played {
        win_minor: win,
        finished: false,
        offers,
        state: HexBytes(vec![1, 2]),
        outcome: [6; 32],
        draws: [7; 32],
    })
}

/// A log being written beside the state that folds it.
struct Log {
    state: LeaseState,
    at_ms: u64,
}

impl Log {
    fn open() -> Self {
        Self::open_on(terms())
    }

    fn open_on(terms: LeaseTerms) -> Self {
        let mut log = Self { state: LeaseState::new(Arc::new(terms.clone())), at_ms: 1_000 };
        log.fold(RecordBody::Opened(Box::new(terms)), None).unwrap();
        log
    }

    fn record(&self, body: RecordBody) -> Record {
        let progress = &self.state.progress;
        let lease = self.state.terms.opening.lease;
        Record { lease, index: progress.records, prev: progress.prev, at_ms: self.at_ms, body }
    }

    fn bound(&self, intent: SignedIntent) -> RecordBody {
        let edge = self.state.terms.edge.clone();
        RecordBody::Deal(Box::new(BoundDeal { intent, edge, valid_until_ms: 800_000, signature: Hex([0; 64]) }))
    }

    fn fold(&mut self, body: RecordBody, verdict: Option<Verdict>) -> Result<Action, LogFault> {
        let record = self.record(body);
        let signature = match &record.body {
            RecordBody::Deal(bound) => {
                let key = self.state.terms.client_key.parse().unwrap();
                verify_intent(&key, &self.state.terms, &bound.intent)
            }
            _ => IntentSignature::Valid,
        };
        let needs_verdict = matches!(self.state.plan(&record, signature)?, Plan::Run(_));
        let verdict = verdict.filter(|_| needs_verdict);
        let (state, action) = self.state.clone().apply(&record, signature, verdict)?;
        self.state = state;
        self.at_ms += 100;
        Ok(action)
    }

    fn deal(&mut self, payload: &Payload, stake: i64, verdict: Verdict) -> round::FoldedDeal {
        let intent = intent(&self.state.terms, self.state.next_deal(), payload, stake);
        match self.fold(self.bound(intent), Some(verdict)).unwrap() {
            Action::Deal(deal) => *deal,
            other => panic!("{other:?}"),
        }
    }

    fn void_cause(&mut self, payload: &Payload, stake: i64) -> Option<VoidCause> {
        let before = self.state.progress.in_play_minor;
        let deal = self.deal(payload, stake, played(1_000_000));
        if deal.void.is_some() {
            assert_eq!(self.state.progress.in_play_minor, before, "a void deal moves no money");
        }
        deal.void
    }
}

#[test]
fn a_win_and_a_loss_move_the_escrow_and_extend_the_chain() {
    let mut log = Log::open();
    let first = log.deal(&bets(100), 100, played(250));
    assert_eq!((first.in_play_minor, first.void, first.finished), (minor(ESCROW + 150), None, true));
    let second = log.deal(&bets(100), 100, played(0));
    assert_eq!(second.in_play_minor, minor(ESCROW + 50));
    assert_ne!(first.link, second.link);
    assert_eq!(log.state.progress.link, second.link);
}

#[test]
fn a_round_goes_on_only_with_what_it_offers_at_its_price() {
    let mut log = Log::open();
    assert!(!log.deal(&bets(100), 100, paused(0, 40)).finished);
    assert_eq!(log.void_cause(&bets(100), 100), Some(VoidCause::Terms));
    assert_eq!(log.void_cause(&Payload::Act((2, 0)), 40), Some(VoidCause::Terms));
    assert_eq!(log.void_cause(&Payload::Act((1, 0)), 39), Some(VoidCause::Terms));
    let done = log.deal(&Payload::Act((1, 0)), 40, played(280));
    assert_eq!((done.finished, done.in_play_minor), (true, minor(ESCROW - 140 + 280)));
    assert_eq!(log.void_cause(&Payload::Act((1, 0)), 40), Some(VoidCause::Terms));
}

#[test]
fn a_broken_game_gives_back_the_whole_round_and_a_fault_only_the_deal() {
    let mut log = Log::open();
    log.deal(&bets(100), 100, paused(30, 40));
    let fault = log.deal(&Payload::Act((1, 0)), 40, Verdict::Fault);
    assert_eq!((fault.void, fault.refund_minor), (Some(VoidCause::GameFault), minor(40)));
    assert!(!fault.finished, "the round still waits for an action");
    let broken = log.deal(&Payload::Act((1, 0)), 40, Verdict::Broken);
    assert_eq!((broken.void, broken.refund_minor, broken.finished), (Some(VoidCause::GameBroken), minor(110), true));
    assert_eq!(broken.in_play_minor, minor(ESCROW));
}

#[test]
fn each_term_of_the_lease_is_kept() {
    let base = terms();
    let state = Log::open().state;
    let refusal = |intent: SignedIntent, at: u64, until: u64| {
        let key = base.client_key.parse().unwrap();
        state.check(&intent, verify_intent(&key, &base, &intent), at, until).unwrap_err()
    };
    let good = |stake| intent(&base, 1, &bets(stake), stake);
    assert_eq!(refusal(SignedIntent { stake_minor: minor(99), ..good(100) }, 2_000, 3_000), RefusalCode::BadSignature);
    assert_eq!(
        refusal(SignedIntent { lease: LeaseId::from_bytes([8; 16]), ..good(1) }, 2_000, 3_000),
        RefusalCode::LeaseUnknown
    );
    assert_eq!(refusal(SignedIntent { currency: Currency::GBP, ..good(1) }, 2_000, 3_000), RefusalCode::BadCurrency);
    assert_eq!(refusal(good(100), 999, 3_000), RefusalCode::LeaseExpired);
    assert_eq!(refusal(good(100), 900_001, 999_999), RefusalCode::LeaseExpired);
    assert_eq!(refusal(good(100), 3_001, 3_000), RefusalCode::LeaseExpired);
    assert_eq!(refusal(good(5_001), 2_000, 3_000), RefusalCode::StakeLimit);
    assert_eq!(refusal(intent(&base, 1, &bets(i64::MAX), i64::MAX), 2_000, 3_000), RefusalCode::StakeLimit);
    assert_eq!(refusal(intent(&base, 1, &bets(100), 99), 2_000, 3_000), RefusalCode::WrongStake);
    assert_eq!(refusal(intent(&base, 1, &Payload::Bets(vec![]), 0), 2_000, 3_000), RefusalCode::BadBet);
    assert_eq!(refusal(intent(&base, 1, &bets(0), 0), 2_000, 3_000), RefusalCode::BadBet);
    assert_eq!(refusal(intent(&base, 1, &Payload::Act((1, 1)), 0), 2_000, 3_000), RefusalCode::ActionUnavailable);
    let mut other = base.clone();
    other.games[0].digest = Digest::from_bytes([44; 32]);
    assert_eq!(refusal(intent(&other, 1, &bets(5), 5), 2_000, 3_000), RefusalCode::GameUnavailable);
    assert_eq!(refusal(intent(&base, 1, &bets(5), -5), 2_000, 3_000), RefusalCode::BadSignature);
}

#[test]
fn funds_and_the_loss_limit_hold() {
    let mut log = Log::open();
    log.deal(&bets(5_000), 5_000, played(0));
    assert_eq!(log.void_cause(&bets(4_001), 4_001), Some(VoidCause::Terms), "loss limit of 9000");
    log.deal(&bets(4_000), 4_000, played(0));
    let mut rich = terms();
    rich.limits.max_loss_minor = Amount::MAX;
    let mut log = Log::open_on(rich);
    log.deal(&bets(5_000), 5_000, played(0));
    log.deal(&bets(4_999), 4_999, played(0));
    assert_eq!(log.void_cause(&bets(2), 2), Some(VoidCause::Terms), "1 minor unit is left");
    log.fold(RecordBody::ToppedUp(ToppedUp { grant: 1, amount_minor: minor(1) }), None).unwrap();
    assert_eq!(log.deal(&bets(2), 2, played(0)).in_play_minor, Amount::ZERO);
}

#[test]
fn a_record_that_cannot_belong_to_the_log_is_named_and_changes_nothing() {
    let mut log = Log::open();
    log.deal(&bets(100), 100, played(0));
    let body = log.bound(intent(&log.state.terms, 2, &bets(100), 100));
    let good = log.record(body);
    let fault = |record: Record| log.state.plan(&record, IntentSignature::Valid).unwrap_err();
    assert_eq!(fault(Record { lease: LeaseId::from_bytes([8; 16]), ..good.clone() }), LogFault::OtherLease);
    assert_eq!(fault(Record { index: 1, ..good.clone() }), LogFault::Repeated { index: 1, next: 2 });
    assert_eq!(fault(Record { index: 3, ..good.clone() }), LogFault::Gap { index: 3, next: 2 });
    assert_eq!(fault(Record { prev: Digest::from_bytes([0; 32]), ..good.clone() }), LogFault::Forked { index: 2 });
    assert_eq!(fault(Record { at_ms: 5, ..good.clone() }), LogFault::TimeStepsBack { index: 2 });
    let skipped = log.bound(intent(&log.state.terms, 3, &bets(100), 100));
    assert_eq!(fault(Record { body: skipped, ..good.clone() }), LogFault::DealGap { deal: 3, next: 2 });
    let opened = RecordBody::Opened(Box::new((*log.state.terms).clone()));
    assert_eq!(fault(Record { body: opened, ..good.clone() }), LogFault::OutOfPlace { index: 2 });
    let topup = RecordBody::ToppedUp(ToppedUp { grant: 2, amount_minor: minor(1) });
    assert_eq!(fault(Record { body: topup, ..good.clone() }), LogFault::BadTopUp { grant: 2 });
    let closed = RecordBody::Closed(Closed { deals: 7, reason: CloseReason::Asked, epoch: 1 });
    assert_eq!(fault(Record { body: closed, ..good }), LogFault::WrongCount { said: 7, held: 1 });
}

#[test]
fn a_lease_ends_once_and_returns_what_is_left() {
    let mut log = Log::open();
    log.deal(&bets(100), 100, paused(0, 40));
    let closed = RecordBody::Closed(Closed { deals: 1, reason: CloseReason::Asked, epoch: 2 });
    let Action::Closed(end) = log.fold(closed.clone(), None).unwrap() else { panic!("not closed") };
    assert_eq!((end.returned_minor, end.deals), (minor(ESCROW - 100), 1));
    let mut next = terms();
    next.carried = end.carried;
    let mut log_after = Log::open_on(next);
    assert_eq!(log_after.deal(&Payload::Act((1, 0)), 40, played(0)).void, None, "the round goes on in the next lease");
    assert_eq!(log.fold(closed, None), Err(LogFault::AfterEnd { index: 3 }));
}

#[test]
fn a_lease_that_never_opened_gives_back_its_whole_escrow() {
    let mut log = Log { state: LeaseState::new(Arc::new(terms())), at_ms: 5 };
    let closed = RecordBody::Closed(Closed { deals: 0, reason: CloseReason::Unopened, epoch: 2 });
    let Action::Closed(end) = log.fold(closed, None).unwrap() else { panic!("not closed") };
    assert_eq!(end.returned_minor, minor(ESCROW));
    assert_eq!(end.last_link, Digest::from_bytes(terms().open.0));
}

proptest! {
    #[test]
    fn money_is_conserved_and_never_negative_under_any_log(
        steps in prop::collection::vec((0_u8..6, 0_i64..6_000, 0_u64..20_000, 0_i64..50), 1..60)
    ) {
        let mut log = Log::open();
        let (mut topped, mut grants, mut net) = (0_i64, 0_u32, 0_i64);
        for (kind, stake, win, price) in steps {
            let payload = if kind % 2 == 0 { bets(stake) } else { Payload::Act((1, 0)) };
            let verdict = match kind {
                0 | 1 => played(win),
                2 | 3 => paused(win, price),
                4 => Verdict::Fault,
                _ => Verdict::Broken,
            };
            if kind == 5 && stake > 0 {
                grants += 1;
                topped += stake;
                let body = RecordBody::ToppedUp(ToppedUp { grant: grants, amount_minor: minor(stake) });
                log.fold(body, None).unwrap();
            }
            let price = log.state.offers().first().map_or(stake, |offer| offer.extra_minor.minor());
            let asked = if kind % 2 == 0 { stake } else { price };
            let deal = log.deal(&payload, asked, verdict);
            net += deal.win_minor.minor() + deal.refund_minor.minor() - deal.stake_minor.minor();
            let progress = &log.state.progress;
            prop_assert!(!progress.in_play_minor.is_negative());
            prop_assert_eq!(progress.in_play_minor.minor(), ESCROW + topped + net);
            prop_assert_eq!(progress.staked_minor.minor() - progress.won_minor.minor(), -net);
            let stored = serde_json::to_string(progress).unwrap();
            prop_assert_eq!(&serde_json::from_str::<round::Progress>(&stored).unwrap(), progress);
        }
    }
}
