//! A lease from its opening to its settlement.

use fairness::commit;
use ids::{EdgeId, LeaseId};
use leases::Status;
use seeds::Use;
use wire::v1::RefusalCode;
use wire::v1::core::{Balance, Close, Heartbeat, HeldLease};
use wire::v1::dealer::SyncRequest;
use wire::v1::lease::CloseReason;
use wire::v1::record::RecordBody;
use wire::v1::wallet::WalletBody;

use crate::world::{World, code, edge, minor, trace, west};

fn beat(leases: &[(LeaseId, u32)], draining: bool) -> Heartbeat {
    Heartbeat {
        region: "west".parse().unwrap(),
        url: "ws://west-1".into(),
        leases: leases.iter().map(|(lease, epoch)| HeldLease { lease: *lease, epoch: *epoch }).collect(),
        draining,
    }
}

#[tokio::test]
async fn money_is_held_from_opening_to_settlement_and_comes_back_once() {
    let world = World::new().await;
    let ana = world.player(1_000).await;
    let lease = world.lease(&ana, 400).await;
    world.play(&ana, lease, 100).await;
    world.play(&ana, lease, 60).await;
    let closed = world.close(&ana, lease).await.unwrap();
    let RecordBody::Closed(end) = &closed.record.body else { panic!("{:?}", closed.record) };
    assert_eq!((end.deals, end.reason, end.epoch), (2, CloseReason::Asked, 2));
    assert_eq!(world.close(&ana, lease).await.unwrap(), closed);
    assert_eq!((world.cash(&ana), world.escrow(lease), world.status(lease).await), (600, 400, Status::Closed));
    let held = Balance { currency: money::Currency::EUR, available_minor: minor(600), in_play_minor: minor(400) };
    assert_eq!(world.leases.wallet_of(ana.id).await.unwrap(), [held]);
    world.settle(&ana, lease).await;
    world.settle(&ana, lease).await;
    assert_eq!((world.cash(&ana), world.escrow_left()), (1_000 - 80, 0));
    assert_eq!(world.status(lease).await, Status::Settled);
    assert_eq!(world.reap().await.revealed, 1);
    assert_eq!(world.reap().await.revealed, 0);
    assert_eq!(world.seed_state(lease).await, "revealed");
    let seed = world.seeds.seed_of(lease, Use::Replay).await.unwrap();
    assert_eq!(commit(&seed), world.terms(lease).await.opening.commit.0);
}

#[tokio::test]
async fn the_players_events_say_what_became_of_the_money() {
    let world = World::new().await;
    let ana = world.player(1_000).await;
    let lease = world.lease(&ana, 400).await;
    world.topup(lease, 50).await.unwrap();
    let currency = money::Currency::EUR;
    let funded = WalletBody::LeaseFunded { lease, currency, amount_minor: minor(400) };
    let more = WalletBody::ToppedUp { lease, currency, amount_minor: minor(50) };
    assert_eq!(world.events(&ana).await, [funded, more]);
}

#[tokio::test]
async fn only_its_player_closes_a_lease_and_another_edge_only_because_he_asks() {
    let world = World::new().await;
    let (ana, bo) = (world.player(1_000).await, world.player(1_000).await);
    let lease = world.lease(&ana, 400).await;
    assert_eq!(code(world.close(&bo, lease).await), RefusalCode::LeaseUnknown);
    let ask = Close { player: ana.id, lease, reason: CloseReason::Asked };
    for reason in [CloseReason::Draining, CloseReason::Cap, CloseReason::DealsUsedUp] {
        let ask = Close { reason, ..ask.clone() };
        assert_eq!(code(world.leases.close(&edge("east-1"), &ask, &trace()).await), RefusalCode::LeaseUnknown);
    }
    for reason in [CloseReason::Unopened, CloseReason::Fenced, CloseReason::Expired, CloseReason::Release] {
        let ask = Close { reason, ..ask.clone() };
        assert_eq!(code(world.leases.close(&west(), &ask, &trace()).await), RefusalCode::Malformed);
    }
    let nobody = Close { lease: LeaseId::from_bytes([1; 16]), ..ask.clone() };
    assert_eq!(code(world.leases.close(&west(), &nobody, &trace()).await), RefusalCode::LeaseUnknown);
    assert_eq!(world.status(lease).await, Status::Open);
    let closed = world.leases.close(&edge("east-1"), &ask, &trace()).await.unwrap();
    assert!(matches!(&closed.record.body, RecordBody::Closed(end) if end.reason == CloseReason::Fenced));
    assert_eq!(world.status(lease).await, Status::Closed);
}

#[tokio::test]
async fn a_heartbeat_moves_on_what_its_edge_holds_and_names_what_it_does_not() {
    let world = World::new().await;
    let (ana, bo, cy) = (world.player(500).await, world.player(500).await, world.player(500).await);
    let (mine, closed, other) =
        (world.lease(&ana, 100).await, world.lease(&bo, 100).await, world.lease(&cy, 100).await);
    world.close(&bo, closed).await.unwrap();
    world.clock.advance(5_000);
    let unknown = LeaseId::from_bytes([8; 16]);
    let answer = world
        .leases
        .heartbeat(&west(), &beat(&[(mine, 1), (closed, 1), (other, 2), (unknown, 1)], false))
        .await
        .unwrap();
    let mut revoked = vec![closed, other, unknown];
    revoked.sort();
    assert_eq!(answer.revoked, revoked);
    let now_ms = crate::world::NOW_MS + 5_000;
    assert_eq!(answer.valid_until_ms, now_ms + 60_000);
    let renewals = {
        let renewals = world.dealer.renewals.lock();
        assert_eq!(renewals.len(), 1);
        renewals[0].clone()
    };
    assert_eq!((renewals.0.as_str(), renewals.1.leases), ("dealer-west", vec![mine]));
    assert_eq!(world_valid(&world, mine).await, now_ms + 60_000);
}

async fn world_valid(world: &World, lease: LeaseId) -> u64 {
    world.leases.find(lease).await.unwrap().unwrap().valid_until_ms
}

#[tokio::test]
async fn another_edge_s_heartbeat_does_not_keep_a_lease_alive() {
    let world = World::new().await;
    let ana = world.player(500).await;
    let lease = world.lease(&ana, 100).await;
    let before = world_valid(&world, lease).await;
    world.clock.advance(5_000);
    let thief: EdgeId = edge("east-1");
    assert_eq!(world.leases.heartbeat(&thief, &beat(&[(lease, 1)], false)).await.unwrap().revoked, [lease]);
    assert_eq!(world_valid(&world, lease).await, before);
}

#[tokio::test]
async fn a_draining_edge_is_told_where_its_players_can_go() {
    let world = World::new().await;
    world.leases.heartbeat(&edge("west-2"), &beat(&[], false)).await.unwrap();
    world.leases.heartbeat(&edge("west-3"), &beat(&[], true)).await.unwrap();
    let answer = world.leases.heartbeat(&west(), &beat(&[], true)).await.unwrap();
    let names: Vec<&str> = answer.edges.iter().map(|edge| edge.edge.as_str()).collect();
    assert_eq!(names, ["west-2"]);
}

#[tokio::test]
async fn a_silent_edge_loses_its_leases_and_a_lifetime_ends() {
    let world = World::new().await;
    let (ana, bo) = (world.player(500).await, world.player(500).await);
    let (silent, kept) = (world.lease(&ana, 100).await, world.lease(&bo, 100).await);
    for _ in 0..13 {
        world.clock.advance(5_000);
        world.leases.heartbeat(&west(), &beat(&[(kept, 1)], false)).await.unwrap();
        world.reap().await;
    }
    let ended = world_lease(&world, silent).await;
    assert_eq!((ended.status, ended.reason, ended.epoch), (Status::Closed, Some(CloseReason::Fenced), 2));
    assert_eq!(world.status(kept).await, Status::Open);
    for _ in 0..170 {
        world.clock.advance(5_000);
        world.leases.heartbeat(&west(), &beat(&[(kept, 1)], false)).await.unwrap();
    }
    world.reap().await;
    let ended = world_lease(&world, kept).await;
    assert_eq!((ended.status, ended.reason), (Status::Closed, Some(CloseReason::Expired)));
}

async fn world_lease(world: &World, lease: LeaseId) -> leases::Lease {
    world.leases.find(lease).await.unwrap().unwrap()
}

#[tokio::test]
async fn a_restarted_dealer_gets_every_open_lease_of_its_own_once_with_its_key() {
    let world = World::new().await;
    let mut open = Vec::new();
    for _ in 0..5 {
        let client = world.player(500).await;
        open.push(world.lease(&client, 100).await);
    }
    let gone = world.player(500).await;
    let closed = world.lease(&gone, 100).await;
    world.close(&gone, closed).await.unwrap();
    let dealer: ids::DealerId = "dealer-west".parse().unwrap();
    let (mut after, mut seen) = (None, Vec::new());
    loop {
        let ask = SyncRequest { dealer: dealer.clone(), after };
        let page = world.leases.sync(&dealer, &ask).await.unwrap().leases;
        let Some(last) = page.last() else { break };
        after = Some(last.terms.opening.lease);
        for lease in &page {
            let id = lease.terms.opening.lease;
            let key = world.dealer.keys.unseal(&lease.key, id, &lease.terms.open).unwrap();
            assert_eq!(*key.as_bytes(), world.dealer.lease_keys.lock()[&id]);
            seen.push(id);
        }
    }
    open.sort();
    assert_eq!(seen, open);
    let other = SyncRequest { dealer: "dealer-core".parse().unwrap(), after: None };
    assert_eq!(code(world.leases.sync(&dealer, &other).await), RefusalCode::Malformed);
}

#[tokio::test]
async fn a_settlement_that_overtakes_the_dealer_s_answer_ends_the_lease() {
    let world = World::new().await;
    let ana = world.player(500).await;
    let lease = world.lease(&ana, 100).await;
    world.dealer.set(crate::dealer_behind::Mood::LosesAnswers);
    assert!(world.close(&ana, lease).await.is_err());
    assert_eq!(world.status(lease).await, Status::Closing);
    world.settle(&ana, lease).await;
    assert_eq!((world.status(lease).await, world.cash(&ana)), (Status::Settled, 500));
    let record = world.close(&ana, lease).await.unwrap().record;
    assert_eq!(Some(&record), world.dealer.log(lease).last());
    world.reap().await;
    assert_eq!(world_lease(&world, lease).await.closed, Some(record));
    assert_eq!(world.seed_state(lease).await, "revealed");
}
