//! Top-ups: each ends exactly once.

use ids::LeaseId;
use wire::v1::RefusalCode;
use wire::v1::core::TopUp;
use wire::v1::record::{Record, RecordBody};

use crate::dealer_behind::Mood;
use crate::world::{World, code, edge, minor, trace, west};

fn topped(record: &Record) -> (u32, i64) {
    match &record.body {
        RecordBody::ToppedUp(topped) => (topped.grant, topped.amount_minor.minor()),
        other => panic!("{other:?}"),
    }
}

async fn states(world: &World, lease: LeaseId) -> Vec<String> {
    sqlx::query_scalar("SELECT state FROM lease_topups WHERE lease = $1 ORDER BY attempt")
        .bind(lease.as_uuid())
        .fetch_all(world.database.pool())
        .await
        .unwrap()
}

#[tokio::test]
async fn what_is_asked_for_is_given_or_what_there_is() {
    let world = World::new().await;
    let ana = world.player(1_000).await;
    let lease = world.lease(&ana, 400).await;
    assert_eq!(topped(&world.topup(lease, 500).await.unwrap().record), (1, 500));
    assert_eq!(topped(&world.topup(lease, 500).await.unwrap().record), (2, 100));
    assert_eq!(code(world.topup(lease, 500).await), RefusalCode::InsufficientFunds);
    assert_eq!((world.cash(&ana), world.escrow(lease)), (0, 1_000));
    world.close(&ana, lease).await.unwrap();
    world.settle(&ana, lease).await;
    assert_eq!((world.cash(&ana), world.escrow_left()), (1_000, 0));
}

#[tokio::test]
async fn strangers_stale_edges_and_bad_amounts_get_none() {
    let world = World::new().await;
    let ana = world.player(1_000).await;
    let lease = world.lease(&ana, 400).await;
    let ask = TopUp { lease, epoch: 1, amount_minor: minor(10) };
    assert_eq!(code(world.leases.topup(&edge("east-1"), &ask, &trace()).await), RefusalCode::LeaseUnknown);
    let stale = TopUp { epoch: 2, ..ask.clone() };
    assert_eq!(code(world.leases.topup(&west(), &stale, &trace()).await), RefusalCode::StaleEpoch);
    for amount in [0, -1, i64::MIN] {
        assert_eq!(code(world.topup(lease, amount).await), RefusalCode::BadAmount);
    }
    let unknown = TopUp { lease: LeaseId::from_bytes([1; 16]), ..ask };
    assert_eq!(code(world.leases.topup(&west(), &unknown, &trace()).await), RefusalCode::LeaseUnknown);
    world.close(&ana, lease).await.unwrap();
    let fenced = TopUp { lease, epoch: 2, amount_minor: minor(10) };
    assert_eq!(code(world.leases.topup(&west(), &fenced, &trace()).await), RefusalCode::LeaseClosed);
    assert_eq!((world.cash(&ana), world.escrow(lease)), (600, 400));
}

#[tokio::test]
async fn an_answer_that_is_lost_is_found_by_asking_again() {
    let world = World::new().await;
    let ana = world.player(1_000).await;
    let lease = world.lease(&ana, 400).await;
    world.dealer.set(Mood::LosesAnswers);
    assert!(world.topup(lease, 100).await.is_err());
    world.dealer.set(Mood::Answers);
    assert_eq!(topped(&world.topup(lease, 300).await.unwrap().record), (1, 100));
    assert_eq!((world.cash(&ana), world.escrow(lease)), (500, 500));
    assert_eq!(states(&world, lease).await, ["written"]);
    assert_eq!(topped(&world.topup(lease, 50).await.unwrap().record), (2, 50));
}

#[tokio::test]
async fn an_answer_that_is_lost_for_good_is_found_by_the_reaper() {
    let world = World::new().await;
    let ana = world.player(1_000).await;
    let lease = world.lease(&ana, 400).await;
    world.dealer.set(Mood::LosesAnswers);
    assert!(world.topup(lease, 100).await.is_err());
    world.dealer.set(Mood::Answers);
    assert_eq!(states(&world, lease).await, ["moved"]);
    world.reap_for(5_000).await;
    assert_eq!(states(&world, lease).await, ["written"]);
    assert_eq!(world.dealer.log(lease).len(), 2);
}

#[tokio::test]
async fn money_that_never_reached_the_log_comes_back_when_the_log_is_closed() {
    let world = World::new().await;
    let ana = world.player(1_000).await;
    let lease = world.lease(&ana, 400).await;
    world.dealer.set(Mood::Dark);
    assert!(world.topup(lease, 100).await.is_err());
    assert_eq!((world.cash(&ana), world.escrow(lease)), (500, 500));
    world.reap_for(5_000).await;
    assert_eq!(states(&world, lease).await, ["moved"], "an open log may still take it");
    assert!(world.close(&ana, lease).await.is_err());
    world.dealer.set(Mood::Answers);
    world.close(&ana, lease).await.unwrap();
    world.settle(&ana, lease).await;
    assert_eq!((world.cash(&ana), world.escrow(lease)), (900, 100));
    world.reap_for(20_000).await;
    assert_eq!(states(&world, lease).await, ["returned"]);
    assert_eq!((world.cash(&ana), world.escrow_left()), (1_000, 0));
    world.reap_for(20_000).await;
    assert_eq!(world.cash(&ana), 1_000);
}

#[tokio::test]
async fn a_top_up_in_the_log_of_a_lease_that_closed_meanwhile_is_not_given_back_twice() {
    let world = World::new().await;
    let ana = world.player(1_000).await;
    let lease = world.lease(&ana, 400).await;
    world.dealer.set(Mood::LosesAnswers);
    assert!(world.topup(lease, 100).await.is_err());
    world.dealer.set(Mood::Answers);
    world.close(&ana, lease).await.unwrap();
    world.settle(&ana, lease).await;
    assert_eq!(world.cash(&ana), 1_000);
    world.reap_for(20_000).await;
    assert_eq!(states(&world, lease).await, ["written"]);
    assert_eq!((world.cash(&ana), world.escrow_left()), (1_000, 0));
}

#[tokio::test]
async fn of_many_top_ups_at_once_each_that_is_answered_is_in_the_log_once() {
    let world = World::new().await;
    let ana = world.player(1_000).await;
    let lease = world.lease(&ana, 400).await;
    let answers = futures::future::join_all((0..8).map(|_| world.topup(lease, 10))).await;
    assert!(answers.iter().any(Result::is_ok));
    world.reap_for(5_000).await;
    let written: i64 = world.dealer.log(lease).iter().skip(1).map(|record| topped(record).1).sum();
    assert_eq!((world.cash(&ana), world.escrow(lease)), (600 - written, 400 + written));
    assert!(states(&world, lease).await.iter().all(|state| state == "written"));
}
