//! A player appears with a cursor: at his own edge, at another one, with the dealer dark, with a cursor that can't be.

use leases::Status;
use wire::v1::RefusalCode;
use wire::v1::client::{Cursor, Tail};
use wire::v1::core::{CatchUp, CaughtUp, Resume, Resumed};

use crate::dealer_behind::Mood;
use crate::world::{Client, Folded, World, code, edge, trace, west};

fn ask(client: &Client, cursor: Cursor) -> Resume {
    Resume { player: client.id, cursor, holds_lease: false }
}

fn deals(resumed: &Resumed) -> Vec<u64> {
    resumed.lease.iter().flat_map(|lease| &lease.missed).map(|result| result.deal).collect()
}

#[tokio::test]
async fn at_his_own_edge_the_lease_stays() {
    let world = World::new().await;
    let ana = world.player(1_000).await;
    let lease = world.lease(&ana, 400).await;
    let cursor = Cursor { lease: Some(lease), deal: 0, core_seq: 0 };
    let resumed = world.leases.resume(&west(), &ask(&ana, cursor), &Folded(Vec::new()), &trace()).await.unwrap();
    let back = resumed.lease.unwrap();
    assert!(back.stays && back.missed.is_empty());
    assert_eq!((resumed.core_seq, resumed.events.len(), resumed.resync), (1, 1, false));
    assert_eq!(world.status(lease).await, Status::Open);
}

#[tokio::test]
async fn at_another_edge_the_old_one_is_fenced_and_every_missed_deal_comes_once() {
    let world = World::new().await;
    let ana = world.player(1_000).await;
    let lease = world.lease(&ana, 400).await;
    for _ in 0..5 {
        world.play(&ana, lease, 10).await;
    }
    let replays = world.replays(lease).await;
    let cursor = Cursor { lease: Some(lease), deal: 2, core_seq: 1 };
    let east = edge("east-1");
    let resumed = world.leases.resume(&east, &ask(&ana, cursor), &replays, &trace()).await.unwrap();
    assert_eq!((deals(&resumed), resumed.lease.as_ref().unwrap().stays), (vec![3, 4, 5], false));
    assert_eq!(resumed.lease.unwrap().tail, Tail::Complete);
    let ended = world.leases.find(lease).await.unwrap().unwrap();
    assert_eq!((ended.status, ended.epoch), (Status::Closed, 2));
    let ask_offer = World::ask_offer(&ana, 100);
    assert!(world.leases.offer(&east, &ask_offer).await.is_ok(), "he plays on with the rest");
}

#[tokio::test]
async fn without_a_cursor_a_lease_at_another_edge_is_ended_too() {
    let world = World::new().await;
    let ana = world.player(1_000).await;
    let lease = world.lease(&ana, 400).await;
    world.play(&ana, lease, 10).await;
    let replays = world.replays(lease).await;
    let resumed =
        world.leases.resume(&edge("east-1"), &ask(&ana, Cursor::default()), &replays, &trace()).await.unwrap();
    assert_eq!(deals(&resumed), [1]);
    assert_eq!(world.status(lease).await, Status::Closed);
}

#[tokio::test]
async fn an_old_cursor_does_not_keep_a_lease_or_an_offer_at_another_edge_in_his_way() {
    let world = World::new().await;
    let ana = world.player(1_000).await;
    let old = world.lease(&ana, 100).await;
    world.close(&ana, old).await.unwrap();
    let newer = world.lease(&ana, 100).await;
    let cursor = Cursor { lease: Some(old), deal: 0, core_seq: 0 };
    let (east, resume) = (edge("east-1"), ask(&ana, cursor));
    let resumed = world.leases.resume(&east, &resume, &Folded(Vec::new()), &trace()).await.unwrap();
    assert_eq!(resumed.lease.map(|lease| (lease.lease, lease.stays)), Some((old, false)));
    assert_eq!(world.status(newer).await, Status::Closed);
    let offered = world.offer(&ana, 100).await;
    world.leases.resume(&east, &resume, &Folded(Vec::new()), &trace()).await.unwrap();
    assert_eq!(world.status(offered.lease).await, Status::Refused);
    assert!(world.leases.offer(&east, &World::ask_offer(&ana, 100)).await.is_ok());
}

#[tokio::test]
async fn an_edge_that_says_it_holds_the_lease_ends_nothing_even_when_another_one_holds_it() {
    let world = World::new().await;
    let ana = world.player(1_000).await;
    let lease = world.lease(&ana, 400).await;
    let cursor = Cursor { lease: Some(lease), deal: 0, core_seq: 0 };
    let ask = Resume { holds_lease: true, ..ask(&ana, cursor) };
    for name in ["west-1", "east-1"] {
        let resumed = world.leases.resume(&edge(name), &ask, &Folded(Vec::new()), &trace()).await.unwrap();
        assert_eq!((resumed.lease, resumed.core_seq, resumed.events.len()), (None, 1, 1));
        assert_eq!(world.status(lease).await, Status::Open);
    }
}

#[tokio::test]
async fn with_the_dealer_dark_the_tail_is_pending_until_it_is_back() {
    let world = World::new().await;
    let ana = world.player(1_000).await;
    let lease = world.lease(&ana, 400).await;
    world.play(&ana, lease, 10).await;
    let replays = world.replays(lease).await;
    world.dealer.set(Mood::Dark);
    let cursor = Cursor { lease: Some(lease), deal: 0, core_seq: 0 };
    let (east, ask) = (edge("east-1"), ask(&ana, cursor));
    let resumed = world.leases.resume(&east, &ask, &replays, &trace()).await.unwrap();
    assert_eq!((deals(&resumed), resumed.lease.unwrap().tail), (vec![1], Tail::Pending));
    assert_eq!((world.status(lease).await, world.escrow(lease)), (Status::Closing, 400));
    assert_eq!(resumed.wallet[0].in_play_minor.minor(), 400);
    world.dealer.set(Mood::Answers);
    let again = world.leases.resume(&east, &ask, &replays, &trace()).await.unwrap();
    assert_eq!((deals(&again), again.lease.unwrap().tail), (vec![1], Tail::Complete));
}

#[tokio::test(start_paused = false)]
async fn a_log_that_has_not_arrived_whole_is_pending() {
    let world = World::new().await;
    let ana = world.player(1_000).await;
    let lease = world.lease(&ana, 400).await;
    world.play(&ana, lease, 10).await;
    world.play(&ana, lease, 10).await;
    let Folded(mut results) = world.replays(lease).await;
    results.pop();
    let cursor = Cursor { lease: Some(lease), deal: 0, core_seq: 0 };
    let partial = Folded(results);
    let resumed = world.leases.resume(&edge("east-1"), &ask(&ana, cursor), &partial, &trace()).await.unwrap();
    assert_eq!((deals(&resumed), resumed.lease.unwrap().tail), (vec![1], Tail::Pending));
}

#[tokio::test]
async fn more_than_one_answer_holds_is_fetched_by_catching_up() {
    let world = World::new().await;
    let ana = world.player(1_000).await;
    let lease = world.lease(&ana, 400).await;
    let total = u64::try_from(CaughtUp::MAX).unwrap() + 6;
    for _ in 0..total {
        world.play(&ana, lease, 1).await;
    }
    let replays = world.replays(lease).await;
    let cursor = Cursor { lease: Some(lease), deal: 0, core_seq: 0 };
    let resumed = world.leases.resume(&edge("east-1"), &ask(&ana, cursor), &replays, &trace()).await.unwrap();
    let first = deals(&resumed);
    assert_eq!((first.len(), resumed.lease.unwrap().tail), (CaughtUp::MAX, Tail::Pending));
    let after = CatchUp { player: ana.id, lease, after_deal: *first.last().unwrap() };
    let rest = world.leases.catch_up(&after, &replays).await.unwrap();
    let all: Vec<u64> = first.into_iter().chain(rest.missed.iter().map(|result| result.deal)).collect();
    assert_eq!((all, rest.tail), ((1..=total).collect(), Tail::Complete));
}

#[tokio::test]
async fn another_player_s_lease_is_unknown() {
    let world = World::new().await;
    let (ana, bo) = (world.player(1_000).await, world.player(1_000).await);
    let lease = world.lease(&ana, 400).await;
    let cursor = Cursor { lease: Some(lease), deal: 0, core_seq: 0 };
    let resumed = world.leases.resume(&edge("east-1"), &ask(&bo, cursor), &Folded(Vec::new()), &trace()).await.unwrap();
    assert_eq!(resumed.lease, None);
    let ask = CatchUp { player: bo.id, lease, after_deal: 0 };
    assert_eq!(code(world.leases.catch_up(&ask, &Folded(Vec::new())).await), RefusalCode::LeaseUnknown);
    assert_eq!(world.status(lease).await, Status::Open);
}

#[tokio::test]
async fn wallet_events_come_after_the_cursor_and_a_cursor_from_nowhere_starts_anew() {
    let world = World::new().await;
    let ana = world.player(1_000).await;
    let lease = world.lease(&ana, 100).await;
    for _ in 0..6 {
        world.topup(lease, 10).await.unwrap();
    }
    let at = async |core_seq| {
        let cursor = Cursor { lease: Some(lease), deal: 0, core_seq };
        world.leases.resume(&west(), &ask(&ana, cursor), &Folded(Vec::new()), &trace()).await.unwrap()
    };
    let some = at(4).await;
    let numbers: Vec<u64> = some.events.iter().map(|event| event.core_seq).collect();
    assert_eq!((numbers, some.core_seq, some.resync), (vec![5, 6, 7], 7, false));
    let none = at(7).await;
    assert_eq!((none.events.len(), none.core_seq, none.resync), (0, 7, false));
    let nowhere = at(8).await;
    assert_eq!((nowhere.events.len(), nowhere.core_seq, nowhere.resync), (0, 7, true));
    assert_eq!(nowhere.wallet[0].available_minor.minor(), 840);
}

#[tokio::test]
async fn a_client_too_far_behind_starts_anew_from_its_balances() {
    let world = World::new().await;
    let ana = world.player(100_000).await;
    let lease = world.lease(&ana, 100).await;
    for _ in 0..520 {
        world.topup(lease, 1).await.unwrap();
    }
    let cursor = Cursor { lease: Some(lease), deal: 0, core_seq: 3 };
    let resumed = world.leases.resume(&west(), &ask(&ana, cursor), &Folded(Vec::new()), &trace()).await.unwrap();
    assert_eq!((resumed.events.len(), resumed.core_seq, resumed.resync), (0, 521, true));
}
