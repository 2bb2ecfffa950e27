//! The pure machine: whatever is asked in whatever order, the log stays one chain with at most one intent a deal.

use dealer::{Bind, DealerLease, Decision, Denied};
use money::Amount;
use proptest::prelude::*;
use wire::v1::dealer::{BindRequest, CloseLease, TopUpLease};
use wire::v1::lease::CloseReason;
use wire::v1::record::{Record, RecordBody};
use wire::v1::{Hex, RefusalCode};

use crate::party::{CYCLE_MS, EXPIRES_MS, ISSUED_MS, Party, VALID_MS};

/// A lease and the log that its decisions made.
struct Machine {
    lease: DealerLease,
    log: Vec<Record>,
    now_ms: u64,
}

impl Machine {
    fn opened(party: &Party) -> Self {
        let mut machine = Self { lease: DealerLease::new(party.lease), log: Vec::new(), now_ms: ISSUED_MS };
        let decision = machine.lease.open(&party.terms, machine.now_ms).unwrap();
        machine.follow(decision);
        machine
    }

    fn follow(&mut self, decision: Decision) -> u32 {
        match decision {
            Decision::Stands(index) => index,
            Decision::Append(record) => {
                let seq = u64::try_from(self.log.len()).unwrap() + 1;
                self.lease.apply((*record).clone(), record.digest(), seq * 3).unwrap();
                self.log.push(*record);
                u32::try_from(self.log.len()).unwrap() - 1
            }
        }
    }

    fn decide(&self, request: &BindRequest, valid_until_ms: u64) -> Result<Decision, Denied> {
        let sign = |message: &[u8]| Hex([u8::try_from(message.len()).unwrap(); 64]);
        self.lease.bind(&Bind { request, now_ms: self.now_ms, valid_until_ms, sign: &sign })
    }

    fn bind(&mut self, request: &BindRequest) -> Result<u32, Denied> {
        let decision = self.decide(request, VALID_MS)?;
        Ok(self.follow(decision))
    }

    fn refusal(&self, request: &BindRequest) -> RefusalCode {
        match self.decide(request, VALID_MS) {
            Err(Denied::Refused(code)) => code,
            other => panic!("{other:?}"),
        }
    }
}

fn close(party: &Party) -> CloseLease {
    CloseLease { lease: party.lease, log_region: "west".parse().unwrap(), epoch: 5, reason: CloseReason::Asked }
}

/// Every rule of a log, checked without the machine.
fn is_sound(log: &[Record]) {
    let (mut deals, mut topups) = (0, 0);
    for (place, record) in log.iter().enumerate() {
        assert_eq!(usize::try_from(record.index), Ok(place));
        match place.checked_sub(1) {
            None => assert_eq!(record.prev.to_bytes(), [0; 32]),
            Some(before) => {
                assert_eq!(record.prev, log[before].digest());
                assert!(record.at_ms >= log[before].at_ms);
                assert!(!matches!(log[before].body, RecordBody::Closed(_)), "a record after the end");
            }
        }
        match &record.body {
            RecordBody::Opened(_) => assert_eq!(place, 0),
            RecordBody::Deal(deal) => {
                deals += 1;
                assert_eq!(deal.intent.deal, deals);
            }
            RecordBody::ToppedUp(topped) => {
                topups += 1;
                assert_eq!(topped.grant, topups);
            }
            RecordBody::Closed(closed) => assert_eq!(closed.deals, deals),
        }
    }
}

#[derive(Clone, Debug)]
enum Ask {
    Bind { deal: u64, stake: i64, game: usize },
    Forged { deal: u64 },
    TopUp { grant: u32, amount: i64 },
    Close,
    Reopen,
    Time { by_ms: i64 },
}

fn ask() -> impl Strategy<Value = Ask> {
    prop_oneof![
        8 => (0..12u64, 1..4i64, 0..2usize).prop_map(|(deal, stake, game)| Ask::Bind { deal, stake, game }),
        1 => (0..12u64).prop_map(|deal| Ask::Forged { deal }),
        2 => (0..4u32, -1..3i64).prop_map(|(grant, amount)| Ask::TopUp { grant, amount }),
        1 => Just(Ask::Reopen),
        1 => Just(Ask::Close),
        3 => (-3_000..6_000i64).prop_map(|by_ms| Ask::Time { by_ms }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_requests_in_any_order_leave_one_sound_log_with_one_intent_a_deal(asks in prop::collection::vec(ask(), 0..60)) {
        let party = Party::new(7);
        let mut machine = Machine::opened(&party);
        for ask in asks {
            let before = machine.log.clone();
            match ask {
                Ask::Bind { deal, stake, game } => {
                    let request = party.asks(0, party.intent(deal, game, stake));
                    if let Ok(index) = machine.bind(&request) {
                        let RecordBody::Deal(bound) = &machine.log[usize::try_from(index).unwrap()].body else {
                            panic!("no deal at {index}")
                        };
                        prop_assert_eq!(&bound.intent, &request.intent);
                        prop_assert_eq!(machine.bind(&request), Ok(index));
                    }
                }
                Ask::Forged { deal } => {
                    let mut request = party.asks(0, party.intent(deal, 0, 5));
                    request.intent.signature = Hex([1; 64]);
                    prop_assert!(machine.bind(&request).is_err());
                    prop_assert_eq!(&machine.log, &before);
                }
                Ask::TopUp { grant, amount } => {
                    let request = TopUpLease { lease: party.lease, grant, amount_minor: Amount::from_minor(amount) };
                    if let Ok(decision) = machine.lease.top_up(&request, machine.now_ms) {
                        let index = machine.follow(decision);
                        let again = machine.lease.top_up(&request, machine.now_ms);
                        prop_assert_eq!(again, Ok(Decision::Stands(index)));
                    }
                }
                Ask::Close => {
                    let decision = machine.lease.close(&close(&party), machine.now_ms);
                    let index = machine.follow(decision);
                    prop_assert_eq!(machine.lease.close(&close(&party), machine.now_ms), Decision::Stands(index));
                }
                Ask::Reopen => match machine.lease.open(&party.terms, machine.now_ms) {
                    Ok(decision) => prop_assert_eq!(decision, Decision::Stands(0)),
                    Err(denied) => prop_assert_eq!(denied, Denied::Refused(RefusalCode::LeaseClosed)),
                },
                Ask::Time { by_ms } => machine.now_ms = machine.now_ms.saturating_add_signed(by_ms),
            }
            prop_assert!(machine.log.starts_with(&before));
        }
        is_sound(&machine.log);

        // A dealer that reads the log decides as the one that wrote it.
        let mut reader = DealerLease::new(party.lease);
        for (place, record) in machine.log.iter().enumerate() {
            reader.apply(record.clone(), record.digest(), u64::try_from(place).unwrap() * 3 + 3).unwrap();
        }
        let read = Machine { lease: reader, log: machine.log.clone(), now_ms: machine.now_ms };
        for deal in 0..12 {
            for stake in 1..4 {
                let request = party.asks(0, party.intent(deal, 0, stake));
                prop_assert_eq!(read.decide(&request, VALID_MS), machine.decide(&request, VALID_MS));
            }
        }
    }

    #[test]
    fn a_record_that_is_changed_moved_or_left_out_does_not_fold(cut in 1..6usize, change in 0..4) {
        let party = Party::new(7);
        let mut machine = Machine::opened(&party);
        for deal in 1..=6 {
            machine.bind(&party.asks(0, party.intent(deal, 0, 1))).unwrap();
        }
        let mut log = machine.log.clone();
        match change {
            0 => { log.remove(cut); }
            1 => log.swap(cut, cut + 1),
            2 => log[cut].at_ms += 1,
            _ => log[cut].lease = Party::new(8).lease,
        }
        let mut reader = DealerLease::new(party.lease);
        let folded = log.iter().zip(1..).try_for_each(|(record, seq)| reader.apply(record.clone(), record.digest(), seq));
        prop_assert!(folded.is_err());
    }
}

#[test]
fn each_rule_has_its_refusal_and_costs_no_number() {
    let party = Party::new(7);
    let mut machine = Machine::opened(&party);
    machine.bind(&party.asks(0, party.intent(1, 0, 1))).unwrap();
    let good = party.asks(0, party.intent(2, 0, 1));
    let changed = |change: &dyn Fn(&mut BindRequest)| {
        let mut request = good.clone();
        change(&mut request);
        request.intent = party.sign(request.intent);
        machine.refusal(&request)
    };
    assert_eq!(changed(&|ask| ask.edge = "west-2".parse().unwrap()), RefusalCode::StaleEpoch);
    assert_eq!(changed(&|ask| ask.epoch = 3), RefusalCode::StaleEpoch);
    assert_eq!(changed(&|ask| ask.epoch = 5), RefusalCode::StaleEpoch);
    assert_eq!(changed(&|ask| ask.intent.lease = Party::new(8).lease), RefusalCode::LeaseUnknown);
    assert_eq!(changed(&|ask| ask.intent.deal = 0), RefusalCode::DealOutOfOrder);
    assert_eq!(changed(&|ask| ask.intent.deal = 3), RefusalCode::DealOutOfOrder);
    assert_eq!(changed(&|ask| ask.intent.deal = u64::MAX), RefusalCode::DealOutOfOrder);
    assert_eq!(changed(&|ask| ask.intent.deal = 1), RefusalCode::DealTaken);
    assert_eq!(changed(&|ask| ask.intent.currency = money::Currency::GBP), RefusalCode::BadCurrency);
    assert_eq!(changed(&|ask| ask.intent.client_nonce = Hex([1; 32])), RefusalCode::BadClientSeed);
    assert_eq!(changed(&|ask| ask.intent.params = ids::Digest::from_bytes([1; 32])), RefusalCode::GameUnavailable);
    assert_eq!(changed(&|ask| ask.intent.payload = "{}".into()), RefusalCode::BadPayload);
    assert_eq!(changed(&|ask| ask.intent.payload = "x".repeat(9_000)), RefusalCode::BadPayload);
    assert_eq!(changed(&|ask| ask.intent.stake_minor = Amount::from_minor(-1)), RefusalCode::BadPayload);
    let mut forged = good.clone();
    forged.intent.stake_minor = Amount::from_minor(2);
    assert_eq!(machine.refusal(&forged), RefusalCode::BadSignature);
    let mut strangers = good.clone();
    strangers.intent = Party::new(8).sign(strangers.intent);
    assert_eq!(machine.refusal(&strangers), RefusalCode::BadSignature);
    assert_eq!(machine.bind(&good), Ok(2));
}

#[test]
fn time_is_judged_by_the_record_that_would_be_written() {
    let party = Party::new(7);
    let mut machine = Machine::opened(&party);
    let request = party.asks(0, party.intent(1, 1, 1));
    for (now_ms, valid_until_ms) in [(VALID_MS + 1, VALID_MS), (EXPIRES_MS + 1, u64::MAX)] {
        machine.now_ms = now_ms;
        let denied = machine.decide(&request, valid_until_ms);
        assert_eq!(denied, Err(Denied::Refused(RefusalCode::LeaseExpired)));
    }
    // Before the lease was issued; the log's own first record is no earlier, so only a lease issued later shows it.
    let mut early = party.clone();
    early.terms.opening.issued_ms = ISSUED_MS + 10;
    let mut young = Machine::opened(&early);
    assert_eq!(young.refusal(&early.asks(0, early.intent(1, 0, 1))), RefusalCode::LeaseExpired);
    young.now_ms = ISSUED_MS + 10;
    young.bind(&early.asks(0, early.intent(1, 0, 1))).unwrap();

    machine.now_ms = ISSUED_MS + 100;
    machine.bind(&request).unwrap();
    let next = party.asks(0, party.intent(2, 1, 1));
    machine.now_ms = ISSUED_MS + 99 + CYCLE_MS;
    assert_eq!(machine.refusal(&next), RefusalCode::TooSoon);
    let act = party.asks(0, party.says(2, 1, 0, r#"{"act":[0,0]}"#.into()));
    assert!(machine.decide(&act, VALID_MS).is_ok(), "an action opens no round and needs no cycle");
    machine.now_ms = ISSUED_MS + 100 + CYCLE_MS;
    machine.bind(&next).unwrap();
    // The clock steps back: the record's time does not.
    machine.now_ms = ISSUED_MS;
    machine.bind(&party.asks(0, party.intent(3, 0, 1))).unwrap();
    is_sound(&machine.log);
}

#[test]
fn the_last_deal_of_a_lease_is_the_last() {
    let mut party = Party::new(7);
    party.terms.opening.max_rounds = 2;
    let mut machine = Machine::opened(&party);
    for deal in 1..=2 {
        machine.bind(&party.asks(0, party.intent(deal, 0, 1))).unwrap();
    }
    assert_eq!(machine.refusal(&party.asks(0, party.intent(3, 0, 1))), RefusalCode::DealsUsedUp);
}

#[test]
fn a_log_closed_before_it_opened_never_opens() {
    let party = Party::new(7);
    let mut machine = Machine { lease: DealerLease::new(party.lease), log: Vec::new(), now_ms: ISSUED_MS };
    let decision = machine.lease.close(&close(&party), machine.now_ms);
    assert_eq!(machine.follow(decision), 0);
    let denied = machine.lease.open(&party.terms, machine.now_ms);
    assert_eq!(denied, Err(Denied::Refused(RefusalCode::LeaseClosed)));
    is_sound(&machine.log);
}
