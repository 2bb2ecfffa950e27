//! Crashes, restarts, and two dealers that believe they hold one lease.

use telemetry::Trace;
use wire::v1::dealer::RecoverRequest;
use wire::v1::record::RecordBody;
use wire::v1::{RefusalCode, Reply};

use crate::party::Party;
use crate::table::Table;

#[tokio::test]
async fn a_restarted_dealer_gives_the_same_answers() {
    let table = Table::set().await;
    let running = table.dealer().await;
    let parties: Vec<_> = (1..=5).map(Party::new).collect();
    let mut before = Vec::new();
    for party in &parties {
        table.seat(party).await;
        for deal in 1..=3 {
            before.push(table.bound(&party.asks(1, party.intent(deal, 0, 100))).await.round_key);
        }
    }
    running.stop().await;

    let running = table.dealer().await;
    dealer::sync(&running.dealer).await;
    assert_eq!(running.dealer.leases(), 5);
    let mut after = Vec::new();
    for party in &parties {
        for deal in 1..=3 {
            after.push(table.bound(&party.asks(1, party.intent(deal, 0, 100))).await.round_key);
        }
        assert_eq!(table.refused(&party.asks(4, party.intent(2, 0, 99))).await, RefusalCode::DealTaken);
        let next = table.bound(&party.asks(4, party.intent(4, 0, 100))).await;
        assert_eq!(next.round_key, party.round_key(4, 0));
        assert_eq!(table.log(party).await.len(), 5);
    }
    assert_eq!(before, after);
}

#[tokio::test]
async fn a_lease_that_a_restarted_dealer_has_not_taken_up_yet_is_fetched_when_it_is_needed() {
    let table = Table::set().await;
    let running = table.dealer().await;
    let (first, second) = (Party::new(1), Party::new(2));
    for party in [&first, &second] {
        table.seat(party).await;
        table.bound(&party.asks(1, party.intent(1, 0, 100))).await;
    }
    running.stop().await;
    let running = table.dealer().await;
    let bound = table.bound(&second.asks(2, second.intent(2, 0, 100))).await;
    assert_eq!((bound.round_key, bound.records.len()), (second.round_key(2, 0), 1));
    assert_eq!(running.dealer.leases(), 1);
    let request = RecoverRequest { edge: "west-1".parse().unwrap(), player: first.terms.player, lease: first.lease };
    let Reply::Done(recovered) = table.recover(&request).await else { panic!() };
    assert_eq!(recovered.round_keys, [first.round_key(1, 0)]);
    // The core says it is over, or never knew it: so does the dealer, with the reason from the log.
    let Reply::Done(_) = table.close(&first).await else { panic!() };
    assert_eq!(table.refused(&first.asks(2, first.intent(2, 0, 1))).await, RefusalCode::LeaseClosed);
}

#[tokio::test]
async fn a_restarted_dealer_closes_a_lease_from_its_log_without_the_key() {
    let table = Table::set().await;
    let running = table.dealer().await;
    let party = Party::new(1);
    table.seat(&party).await;
    for deal in 1..=7 {
        table.bound(&party.asks(1, party.intent(deal, 0, 100))).await;
    }
    running.stop().await;
    let _running = table.dealer().await;
    let Reply::Done(closed) = table.close(&party).await else { panic!() };
    let RecordBody::Closed(end) = &closed.record.body else { panic!() };
    assert_eq!((end.deals, closed.record.index), (7, 8));
}

#[tokio::test]
async fn two_dealers_on_one_lease_write_one_log() {
    let table = Table::set().await;
    let party = Party::new(1);
    table.book.lock().insert(party.lease, party.opens());
    // Two processes of one dealer share the requests: each asks the core, each writes, the fence keeps them apart.
    let (first, second) = (table.dealer().await, table.dealer().await);
    dealer::sync(&first.dealer).await;
    dealer::sync(&second.dealer).await;
    assert_eq!((first.dealer.leases(), second.dealer.leases(), table.log(&party).await.len()), (1, 1, 1));
    for deal in 1..=20 {
        let wanted: Vec<_> = (1..=6).map(|stake| party.asks(1, party.intent(deal, 0, stake))).collect();
        let answers = futures::future::join_all(wanted.iter().map(|request| table.bind(request))).await;
        let won: Vec<_> = (0..6).filter(|nth| matches!(answers[*nth], Reply::Done(_))).collect();
        assert_eq!(won.len(), 1, "deal {deal}: {answers:?}");
        for (nth, answer) in answers.iter().enumerate().filter(|(nth, _)| *nth != won[0]) {
            let taken = matches!(answer, Reply::Refused(no) if no.code == RefusalCode::DealTaken);
            assert!(taken, "deal {deal}, intent {nth}: {answer:?}");
        }
        // The winner's answer is what everybody gets from either dealer.
        for _ in 0..4 {
            let again = table.bound(&wanted[won[0]]).await;
            assert_eq!(again.round_key, party.round_key(deal, 0));
        }
    }
    let deals = table.deals(&party).await;
    assert_eq!(deals.iter().map(|intent| intent.deal).collect::<Vec<_>>(), (1..=20).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_killed_server_loses_no_answered_bet_and_doubles_none() {
    let mut table = Table::set().await;
    let running = table.dealer().await;
    let party = Party::new(1);
    table.seat(&party).await;
    let mut keys = Vec::new();
    for deal in 1..=5 {
        keys.push(table.bound(&party.asks(1, party.intent(deal, 0, 100))).await.round_key);
    }
    table.server.kill();
    let inner = &running.dealer;
    let mut deal = 6;
    // Asked without the bus, since that is down too: the append's outcome stays unknown.
    let request = party.asks(6, party.intent(deal, 0, 100));
    let lost = inner.bind(&request, &Trace::root()).await;
    assert!(matches!(lost, Reply::Failed(_)), "{lost:?}");
    table.server.restart().await.unwrap();
    // Another intent may not take the place of the one whose append may still arrive.
    loop {
        match inner.bind(&request, &Trace::root()).await {
            Reply::Done(bound) => break keys.push(bound.round_key),
            Reply::Failed(_) => {}
            Reply::Refused(refusal) => panic!("{refusal}"),
        }
    }
    while deal < 10 {
        deal += 1;
        keys.push(table.bound(&party.asks(6, party.intent(deal, 0, 100))).await.round_key);
    }
    assert_eq!(keys, (1..=10).map(|deal| party.round_key(deal, 0)).collect::<Vec<_>>());
    let deals = table.deals(&party).await;
    assert_eq!(deals.iter().map(|intent| intent.deal).collect::<Vec<_>>(), (1..=10).collect::<Vec<_>>());
}
