//! One dealer over NATS: durable before shown, one intent a deal, typed refusals.

use ed25519_dalek::{Signature, VerifyingKey};
use money::Amount;
use telemetry::Trace;
use wire::subjects;
use wire::v1::dealer::{RecoverRequest, Renew, TopUpLease};
use wire::v1::lease::CloseReason;
use wire::v1::record::{Closed, RecordBody};
use wire::v1::{Hex, RefusalCode, Reply};

use crate::party::{DEALER, ISSUED_MS, Party, VALID_MS, keys};
use crate::table::Table;

#[tokio::test]
async fn a_bet_is_in_the_log_before_its_key_is_shown_and_the_receipt_is_the_dealers() {
    let table = Table::set().await;
    let _dealer = table.dealer().await;
    let party = Party::new(1);
    let opened = table.seat(&party).await;
    assert_eq!(opened.body, RecordBody::Opened(Box::new(party.terms.clone())));
    let Reply::Done(again) = table.open(&party).await else { panic!() };
    assert_eq!(again.record, opened);

    let bound = table.bound(&party.asks(1, party.intent(1, 0, 100))).await;
    assert_eq!(bound.round_key, party.round_key(1, 0));
    let log = table.log(&party).await;
    assert_eq!(log, [vec![opened.clone()], bound.records.clone()].concat());
    assert_eq!((log[1].prev, log[1].at_ms), (opened.digest(), ISSUED_MS));
    let RecordBody::Deal(deal) = &log[1].body else { panic!() };
    let receipt = fairness::bind_message(&party.terms.open.0, &deal.intent.bet_hash().unwrap(), log[1].at_ms);
    let key = VerifyingKey::from_bytes(&keys().signing_public().0).unwrap();
    key.verify_strict(&receipt, &Signature::from_bytes(&deal.signature.0)).unwrap();
}

#[tokio::test]
async fn the_same_intent_gets_the_same_answer_and_another_one_for_its_deal_none() {
    let table = Table::set().await;
    let _dealer = table.dealer().await;
    let party = Party::new(1);
    table.seat(&party).await;
    let first = table.bound(&party.asks(1, party.intent(1, 0, 100))).await;
    for deal in 2..=10 {
        table.bound(&party.asks(1, party.intent(deal, 0, 100))).await;
    }
    table.clock.advance(1_000);
    // Long out of the dealer's memory of records: read from the log.
    let again = table.bound(&party.asks(1, party.intent(1, 0, 100))).await;
    assert_eq!((again.round_key, &again.records[0]), (first.round_key, &first.records[0]));
    assert_eq!(again.records.len(), 10);
    let known = table.bound(&party.asks(11, party.intent(1, 0, 100))).await;
    assert!(known.records.is_empty());
    assert_eq!(table.refused(&party.asks(11, party.intent(1, 0, 101))).await, RefusalCode::DealTaken);
    assert_eq!(table.refused(&party.asks(11, party.intent(12, 0, 1))).await, RefusalCode::DealOutOfOrder);
    assert_eq!(table.deals(&party).await.len(), 10);
}

#[tokio::test]
async fn of_many_different_intents_at_once_for_one_deal_one_is_bound() {
    let table = Table::set().await;
    let _dealer = table.dealer().await;
    let party = Party::new(1);
    table.seat(&party).await;
    let requests: Vec<_> = (1..=30).map(|stake| party.asks(1, party.intent(1, 0, stake))).collect();
    let answers = futures::future::join_all(requests.iter().map(|request| table.bind(request))).await;
    let bound = answers.iter().filter(|answer| matches!(answer, Reply::Done(_))).count();
    let taken =
        answers.iter().filter(|answer| matches!(answer, Reply::Refused(no) if no.code == RefusalCode::DealTaken));
    assert_eq!((bound, taken.count()), (1, 29));
    assert_eq!(table.deals(&party).await.len(), 1);
}

#[tokio::test]
async fn forged_stale_late_and_foreign_requests_are_refused_and_leave_the_log_alone() {
    let table = Table::set().await;
    let _dealer = table.dealer().await;
    let party = Party::new(1);
    table.seat(&party).await;
    let good = party.asks(1, party.intent(1, 0, 100));
    let mut forged = good.clone();
    forged.intent.signature = Hex([9; 64]);
    assert_eq!(table.refused(&forged).await, RefusalCode::BadSignature);
    let mut stale = good.clone();
    stale.epoch -= 1;
    assert_eq!(table.refused(&stale).await, RefusalCode::StaleEpoch);
    let mut other_edge = good.clone();
    other_edge.edge = "west-2".parse().unwrap();
    assert_eq!(table.refused(&other_edge).await, RefusalCode::StaleEpoch);
    let unknown = Party::new(2);
    assert_eq!(table.refused(&unknown.asks(0, unknown.intent(1, 0, 1))).await, RefusalCode::LeaseUnknown);
    table.clock.set_wall(VALID_MS + 1);
    assert_eq!(table.refused(&good).await, RefusalCode::LeaseExpired);
    assert_eq!(table.log(&party).await.len(), 1);

    let renew = Renew { leases: vec![party.lease, unknown.lease], valid_until_ms: VALID_MS + 60_000 };
    let subject = subjects::dealer_control(&DEALER.parse().unwrap(), "renew");
    table.bus.publish(&subject, &renew, &Trace::root()).await.unwrap();
    loop {
        match table.bind(&good).await {
            Reply::Done(_) => break,
            Reply::Refused(refusal) => assert_eq!(refusal.code, RefusalCode::LeaseExpired),
            Reply::Failed(reason) => panic!("{reason}"),
        }
    }
    let RecordBody::Deal(deal) = &table.log(&party).await[1].body else { panic!() };
    assert_eq!(deal.valid_until_ms, VALID_MS + 60_000);
}

#[tokio::test]
async fn top_ups_stand_once_in_order_and_reach_the_edge_with_its_next_deal() {
    let table = Table::set().await;
    let _dealer = table.dealer().await;
    let party = Party::new(1);
    table.seat(&party).await;
    let grant = |grant, minor| TopUpLease { lease: party.lease, grant, amount_minor: Amount::from_minor(minor) };
    let Reply::Done(first) = table.top_up(&grant(1, 500)).await else { panic!() };
    let Reply::Done(again) = table.top_up(&grant(1, 500)).await else { panic!() };
    assert_eq!(first, again);
    assert!(matches!(table.top_up(&grant(1, 501)).await, Reply::Failed(_)));
    assert!(matches!(table.top_up(&grant(3, 500)).await, Reply::Failed(_)));
    let bound = table.bound(&party.asks(1, party.intent(1, 0, 100))).await;
    assert_eq!(bound.records.len(), 2);
    assert_eq!(bound.records[0], first.record);
    let Reply::Done(_) = table.close(&party).await else { panic!() };
    let late = table.top_up(&grant(2, 500)).await;
    assert!(matches!(&late, Reply::Refused(no) if no.code == RefusalCode::LeaseClosed), "{late:?}");
    let Reply::Done(still) = table.top_up(&grant(1, 500)).await else { panic!() };
    assert_eq!(still, first);
    let nobody = Party::new(2);
    let unknown = table.top_up(&TopUpLease { lease: nobody.lease, ..grant(1, 5) }).await;
    assert!(matches!(&unknown, Reply::Refused(no) if no.code == RefusalCode::LeaseUnknown), "{unknown:?}");
}

#[tokio::test]
async fn a_closed_lease_answers_its_end_and_binds_nothing_more() {
    let table = Table::set().await;
    let running = table.dealer().await;
    let party = Party::new(1);
    table.seat(&party).await;
    table.bound(&party.asks(1, party.intent(1, 0, 100))).await;
    let Reply::Done(closed) = table.close(&party).await else { panic!() };
    assert_eq!(closed.record.body, RecordBody::Closed(Closed { deals: 1, reason: CloseReason::Fenced, epoch: 5 }));
    let Reply::Done(again) = table.close(&party).await else { panic!() };
    assert_eq!(closed, again);
    assert_eq!(running.dealer.leases(), 0);
    for deal in 1..=2 {
        assert_eq!(table.refused(&party.asks(1, party.intent(deal, 0, 100))).await, RefusalCode::LeaseClosed);
    }
    let reopened = table.open(&party).await;
    assert!(matches!(&reopened, Reply::Refused(no) if no.code == RefusalCode::LeaseClosed), "{reopened:?}");
    assert_eq!(table.log(&party).await.len(), 3);
    assert_eq!(running.dealer.leases(), 0);
}

#[tokio::test]
async fn a_lease_that_never_opened_is_closed_by_its_log_alone() {
    let table = Table::set().await;
    let _dealer = table.dealer().await;
    let party = Party::new(1);
    let Reply::Done(closed) = table.close(&party).await else { panic!() };
    assert_eq!((closed.record.index, table.log(&party).await.len()), (0, 1));
    let opened = table.open(&party).await;
    assert!(matches!(&opened, Reply::Refused(no) if no.code == RefusalCode::LeaseClosed), "{opened:?}");
}

#[tokio::test]
async fn an_edge_recovers_the_keys_of_its_own_lease_only() {
    let table = Table::set().await;
    let _dealer = table.dealer().await;
    let party = Party::new(1);
    table.seat(&party).await;
    for deal in 1..=3 {
        table.bound(&party.asks(1, party.intent(deal, 0, 100))).await;
    }
    let request = RecoverRequest { edge: "west-1".parse().unwrap(), player: party.terms.player, lease: party.lease };
    let Reply::Done(recovered) = table.recover(&request).await else { panic!() };
    assert_eq!((recovered.records, recovered.epoch, recovered.closed), (4, 4, false));
    assert_eq!(recovered.round_keys, (1..=3).map(|deal| party.round_key(deal, 0)).collect::<Vec<_>>());
    let foreign = RecoverRequest { edge: "west-2".parse().unwrap(), ..request.clone() };
    let strangers = RecoverRequest { player: ids::PlayerId::from_bytes([6; 16]), ..request };
    for request in [foreign, strangers] {
        let answer = table.recover(&request).await;
        assert!(matches!(&answer, Reply::Refused(no) if no.code == RefusalCode::LeaseUnknown), "{answer:?}");
    }
}

#[tokio::test]
async fn a_key_sealed_for_another_dealer_or_terms_of_another_opening_open_nothing() {
    let table = Table::set().await;
    let running = table.dealer_with(dealer::DealerKeys::new(&[1; 32], &[2; 32])).await;
    let party = Party::new(1);
    assert!(matches!(table.open(&party).await, Reply::Failed(_)));
    running.stop().await;
    let _dealer = table.dealer().await;
    let mut changed = party.clone();
    changed.terms.opening.max_rounds += 1;
    assert!(matches!(table.open(&changed).await, Reply::Failed(_)));
    changed = party.clone();
    changed.terms.dealer = "dealer-core".parse().unwrap();
    assert!(matches!(table.open(&changed).await, Reply::Failed(_)));
    assert!(table.log(&party).await.is_empty());
    table.seat(&party).await;
    let mut richer = party.clone();
    richer.terms.escrow_minor = Amount::from_minor(1_000_000);
    assert!(matches!(table.open(&richer).await, Reply::Failed(_)));
    assert_eq!(table.log(&party).await.len(), 1);
}
