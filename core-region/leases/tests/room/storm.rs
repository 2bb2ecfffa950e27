//! Many lives under a dealer of changing mood, from a seed: whatever happens, money is neither lost nor made, and in the end
//! every lease is settled or refused and no escrow is left. A failure prints its seed.

use std::collections::BTreeSet;

use ids::LeaseId;
use leases::Status;
use wire::v1::client::Cursor;
use wire::v1::core::{Heartbeat, HeldLease, Resume};
use wire::v1::lease::CloseReason;

use crate::dealer_behind::Mood;
use crate::world::{Client, Folded, World, edge, trace, west};

/// A plain generator for the order of events: SplitMix64.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % n
    }
}

async fn newest(world: &World, client: &Client) -> Option<leases::Lease> {
    world.leases.of_player(client.id, None, 1).await.unwrap().pop()
}

async fn step(world: &World, dice: &mut Dice, client: &Client) {
    let lease = newest(world, client).await;
    let id = lease.as_ref().map_or(LeaseId::from_bytes([0; 16]), |lease| lease.id);
    match dice.below(12) {
        0..=2 => {
            let amount = i64::try_from(1 + dice.below(300)).unwrap();
            if let Ok(offer) = world.leases.offer(&west(), &World::ask_offer(client, amount)).await
                && dice.below(3) > 0
            {
                let _ = world.open(client, &offer).await;
            }
        }
        3 => {
            if let Some(offer) = lease
                .filter(|lease| matches!(lease.status, Status::Offered | Status::Granted))
                .map(|lease| lease.offer())
            {
                let _ = world.open(client, &offer).await;
            }
        }
        4..=5 => {
            let amount = i64::try_from(1 + dice.below(100)).unwrap();
            let _ = world.topup(id, amount).await;
        }
        6 => {
            let _ = world.close(client, id).await;
        }
        7 => {
            let cursor = Cursor { lease: Some(id), deal: 0, core_seq: 0 };
            let ask = Resume { player: client.id, cursor, holds_lease: false };
            let other = if dice.below(2) == 0 { west() } else { edge("west-2") };
            let _ = world.leases.resume(&other, &ask, &Folded(Vec::new()), &trace()).await;
        }
        8 => {
            let beat = Heartbeat {
                region: "west".parse().unwrap(),
                url: "ws://x".into(),
                leases: vec![HeldLease { lease: id, epoch: 1 }],
                draining: false,
            };
            world.leases.heartbeat(&west(), &beat).await.unwrap();
        }
        9 => world
            .dealer
            .set([Mood::Answers, Mood::LosesAnswers, Mood::Dark, Mood::Dark][usize::try_from(dice.below(4)).unwrap()]),
        10 => {
            world.clock.advance(dice.below(20_000));
            world.reap().await;
        }
        _ => settle_closed(world, client).await,
    }
}

async fn settle_closed(world: &World, client: &Client) {
    for lease in world.leases.of_player(client.id, None, 100).await.unwrap() {
        if lease.status == Status::Closed {
            world.settle(client, lease.id).await;
        }
    }
}

async fn check_open_logs(world: &World, clients: &[Client]) {
    for client in clients {
        for lease in world.leases.of_player(client.id, None, 100).await.unwrap() {
            let log = world.dealer.log(lease.id);
            if lease.status == Status::Open {
                assert_eq!(lease.opened.as_ref(), log.first());
            }
            if lease.status == Status::Refused {
                assert!(log.is_empty(), "a refused lease has a log");
            }
        }
    }
}

/// What the storms of all seeds met, so that none of them is a calm.
#[derive(Default)]
struct Met {
    reasons: BTreeSet<CloseReason>,
    topups: BTreeSet<String>,
    statuses: BTreeSet<Status>,
}

async fn storm(seed: u64, met: &mut Met) {
    let world = World::new().await;
    let mut dice = Dice(seed);
    let mut clients = Vec::new();
    for _ in 0..3 {
        clients.push(world.player(1_000).await);
    }
    for _ in 0..150 {
        let nth = usize::try_from(dice.below(3)).unwrap();
        step(&world, &mut dice, &clients[nth]).await;
        let cash: i64 = clients.iter().map(|client| world.cash(client)).sum();
        assert_eq!(i128::from(cash) + world.escrow_left(), 3_000, "seed {seed}");
    }
    check_open_logs(&world, &clients).await;
    world.dealer.set(Mood::Answers);
    // Time passes: offers lapse, leases lose their edge, the reaper drives all of it to its end.
    for _ in 0..12 {
        world.reap_for(15_000).await;
        for client in &clients {
            settle_closed(&world, client).await;
        }
    }
    for client in &clients {
        assert_eq!(world.cash(client), 1_000, "seed {seed}");
        for lease in world.leases.of_player(client.id, None, 100).await.unwrap() {
            assert!(lease.status.is_final(), "seed {seed}: {lease:?}");
            let seed_state = world.seed_state(lease.id).await;
            let expected = if lease.status == Status::Settled { "revealed" } else { "burnt" };
            assert_eq!(seed_state, expected, "seed {seed}");
            met.statuses.insert(lease.status);
            met.reasons.extend(lease.reason);
        }
    }
    assert_eq!(world.escrow_left(), 0, "seed {seed}");
    let topups: Vec<String> =
        sqlx::query_scalar("SELECT DISTINCT state FROM lease_topups").fetch_all(world.database.pool()).await.unwrap();
    met.topups.extend(topups);
}

#[tokio::test]
async fn no_storm_loses_or_makes_money() {
    let mut met = Met::default();
    for seed in 1..=5 {
        storm(seed, &mut met).await;
    }
    assert_eq!(met.statuses, BTreeSet::from([Status::Settled, Status::Refused]));
    assert_eq!(met.topups, BTreeSet::from(["returned", "written"].map(str::to_owned)));
    for reason in [CloseReason::Asked, CloseReason::Fenced, CloseReason::Unopened] {
        assert!(met.reasons.contains(&reason), "{reason:?} never happened: {:?}", met.reasons);
    }
}
