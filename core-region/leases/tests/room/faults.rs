//! Whoever is dark, dies or loses an answer: the lease ends, and money is neither lost nor doubled.

use leases::{LeasesError, Status};
use std::time::Duration;

use ledger::Fault;
use wire::v1::RefusalCode;
use wire::v1::lease::CloseReason;
use wire::v1::record::RecordBody;

use crate::dealer_behind::Mood;
use crate::world::{World, code, west};

#[tokio::test]
async fn an_opening_that_found_the_dealer_dark_is_finished_when_it_is_back() {
    let world = World::new().await;
    let ana = world.player(1_000).await;
    let offer = world.offer(&ana, 400).await;
    world.dealer.set(Mood::Dark);
    assert!(matches!(world.open(&ana, &offer).await, Err(LeasesError::Dealer(_))));
    assert_eq!((world.status(offer.lease).await, world.cash(&ana)), (Status::Granted, 600));
    world.dealer.set(Mood::Answers);
    world.reap_for(5_000).await;
    assert_eq!(world.status(offer.lease).await, Status::Open);
    let opened = world.open(&ana, &offer).await.unwrap();
    assert_eq!(world.dealer.log(offer.lease), [opened.record]);
    assert!(opened.valid_until_ms > crate::world::NOW_MS + 60_000, "its time begins anew");
    assert_eq!((world.cash(&ana), world.escrow(offer.lease)), (600, 400));
}

#[tokio::test]
async fn an_opening_whose_answer_was_lost_is_found_open() {
    let world = World::new().await;
    let ana = world.player(1_000).await;
    let offer = world.offer(&ana, 400).await;
    world.dealer.set(Mood::LosesAnswers);
    assert!(world.open(&ana, &offer).await.is_err());
    world.dealer.set(Mood::Answers);
    let opened = world.open(&ana, &offer).await.unwrap();
    assert_eq!(world.dealer.log(offer.lease), [opened.record]);
    assert_eq!((world.cash(&ana), world.escrow(offer.lease)), (600, 400));
}

#[tokio::test]
async fn an_opening_that_stays_without_a_dealer_is_closed_unopened_and_all_comes_back() {
    let world = World::new().await;
    let ana = world.player(1_000).await;
    let offer = world.offer(&ana, 400).await;
    world.dealer.set(Mood::Dark);
    assert!(world.open(&ana, &offer).await.is_err());
    world.reap_for(40_000).await;
    assert_eq!(world.status(offer.lease).await, Status::Closing);
    assert_eq!((world.cash(&ana), world.escrow(offer.lease)), (600, 400), "only the closing record gives it back");
    assert_eq!(code(world.open(&ana, &offer).await), RefusalCode::LeaseClosed);
    let next = world.offer(&ana, 100).await;
    world.dealer.set(Mood::Answers);
    world.reap_for(20_000).await;
    assert_eq!(world.status(offer.lease).await, Status::Closed);
    let log = world.dealer.log(offer.lease);
    let RecordBody::Closed(closed) = &log[0].body else { panic!("{log:?}") };
    assert_eq!((log.len(), closed.reason, closed.deals), (1, CloseReason::Unopened, 0));
    world.settle(&ana, offer.lease).await;
    assert_eq!((world.cash(&ana), world.escrow_left()), (1_000, 0));
    assert_ne!(next.lease, offer.lease);
}

#[tokio::test]
async fn a_lost_opening_that_was_given_up_is_closed_with_the_record_it_has() {
    let world = World::new().await;
    let ana = world.player(1_000).await;
    let offer = world.offer(&ana, 400).await;
    world.dealer.set(Mood::LosesAnswers);
    assert!(world.open(&ana, &offer).await.is_err());
    world.clock.advance(25_000);
    world.dealer.set(Mood::Answers);
    world.reap().await;
    assert_eq!(world.status(offer.lease).await, Status::Closed);
    assert_eq!(world.dealer.log(offer.lease).len(), 2);
    world.settle(&ana, offer.lease).await;
    assert_eq!((world.cash(&ana), world.escrow_left()), (1_000, 0));
}

#[tokio::test]
async fn a_closing_goes_on_until_the_dealer_has_acknowledged_it() {
    let world = World::new().await;
    let ana = world.player(1_000).await;
    let lease = world.lease(&ana, 400).await;
    for mood in [Mood::Dark, Mood::LosesAnswers] {
        world.dealer.set(mood);
        assert!(world.close(&ana, lease).await.is_err());
        world.reap_for(30_000).await;
        assert_eq!((world.status(lease).await, world.escrow(lease)), (Status::Closing, 400));
    }
    world.dealer.set(Mood::Answers);
    world.reap_for(20_000).await;
    assert_eq!(world.status(lease).await, Status::Closed);
    assert_eq!(world.dealer.log(lease).len(), 2);
    assert!(world.leases.offer(&west(), &World::ask_offer(&ana, 100)).await.is_ok());
}

#[tokio::test]
async fn a_ledger_that_loses_its_answer_moves_the_money_once() {
    let world = World::new().await;
    let ana = world.player(1_000).await;
    let offer = world.offer(&ana, 400).await;
    world.store.inject(Fault::AfterCommit);
    world.open(&ana, &offer).await.unwrap();
    world.store.inject(Fault::BeforeCommit);
    world.topup(offer.lease, 100).await.unwrap();
    assert_eq!((world.cash(&ana), world.escrow(offer.lease), world.events(&ana).await.len()), (500, 500, 2));
}

#[tokio::test]
async fn a_ledger_that_does_not_answer_in_time_leaves_the_opening_to_the_reaper() {
    let options = ledger::Options { deadline: Duration::from_millis(150), ..ledger::Options::default() };
    let world = World::with_ledger(options).await;
    let (ana, bo) = (world.player(1_000).await, world.player(1_000).await);
    let (tried, given_up) = (world.offer(&ana, 400).await, world.offer(&bo, 400).await);
    // The writer tries again after 10, 20, 40 ... ms: longer in all than anybody waits.
    (0..7).for_each(|_| world.store.inject(Fault::BeforeCommit));
    for (client, offer) in [(&ana, &tried), (&bo, &given_up)] {
        assert!(matches!(world.open(client, offer).await, Err(LeasesError::Ledger(_))));
        assert_eq!(world.status(offer.lease).await, Status::Granted);
        assert_eq!(world.dealer.log(offer.lease), [], "no dealer hears of it before the money is there");
    }
    assert!(world.close(&bo, given_up.lease).await.is_err());
    assert_eq!(world.status(given_up.lease).await, Status::Closing);
    for _ in 0..40 {
        tokio::time::sleep(Duration::from_millis(100)).await;
        world.reap_for(1_000).await;
        if world.status(tried.lease).await == Status::Open && world.status(given_up.lease).await == Status::Closed {
            break;
        }
    }
    assert_eq!((world.status(tried.lease).await, world.status(given_up.lease).await), (Status::Open, Status::Closed));
    world.settle(&bo, given_up.lease).await;
    assert_eq!((world.cash(&ana), world.cash(&bo), world.escrow_left()), (600, 1_000, 400));
}

#[tokio::test]
async fn a_refusing_dealer_ends_the_opening() {
    let world = World::new().await;
    let ana = world.player(1_000).await;
    let offer = world.offer(&ana, 400).await;
    world.dealer.set(Mood::Dark);
    assert!(world.open(&ana, &offer).await.is_err());
    // Somebody closed the log before it was opened, as a fence from another core would.
    world.dealer.set(Mood::Answers);
    let ask = wire::v1::dealer::CloseLease {
        lease: offer.lease,
        log_region: "west".parse().unwrap(),
        epoch: 2,
        reason: CloseReason::Fenced,
    };
    let dealer = "dealer-west".parse().unwrap();
    leases::DealerPort::close(&*world.dealer, &dealer, &ask, &crate::world::trace()).await.unwrap();
    assert_eq!(code(world.open(&ana, &offer).await), RefusalCode::LeaseClosed);
    world.reap_for(5_000).await;
    assert_eq!(world.status(offer.lease).await, Status::Closed);
    world.settle(&ana, offer.lease).await;
    assert_eq!((world.cash(&ana), world.escrow_left()), (1_000, 0));
}
