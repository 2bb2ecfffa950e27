//! A round that a lease left open goes on in the player's next one, exactly where it stood.

use database::run_tx;
use ids::LeaseId;
use leases::{Status, settled_in_tx};
use money::Currency;
use wire::v1::HexBytes;
use wire::v1::client::Offered;
use wire::v1::lease::{CarriedRound, PinnedGame};

use crate::dealer_behind::Mood;
use crate::world::{Client, World, minor, release};

fn round(version: u8) -> CarriedRound {
    let release = release("dice", version);
    CarriedRound {
        digest: release.digest,
        params: release.params,
        stake_minor: minor(10),
        win_minor: minor(0),
        deals: 1,
        state: HexBytes(vec![1, 2, 3]),
        offers: vec![Offered { action: 1, extra_minor: minor(5) }],
    }
}

/// A settled lease that left this round open.
async fn leave_open(world: &World, client: &Client, round: &CarriedRound) -> LeaseId {
    let lease = world.lease(client, 100).await;
    world.close(client, lease).await.unwrap();
    let (player, round) = (client.id, round.clone());
    run_tx(world.database.pool(), "settle", async move |tx| {
        settled_in_tx(tx, lease, player, Currency::EUR, Some(&round)).await?;
        settled_in_tx(tx, lease, player, Currency::EUR, Some(&round)).await
    })
    .await
    .unwrap();
    lease
}

#[tokio::test]
async fn the_next_lease_takes_the_round_up_once_with_the_release_that_began_it() {
    let mut world = World::new().await;
    let ana = world.player(1_000).await;
    leave_open(&world, &ana, &round(1)).await;
    world.with_catalogue(vec![release("dice", 7)]).await;
    let next = world.lease(&ana, 100).await;
    let terms = world.terms(next).await;
    assert_eq!(terms.carried, Some(round(1)));
    let pinned = |game: &PinnedGame| (game.game.to_string(), game.digest, game.config.clone());
    let (old, new) = (release("dice", 1), release("dice", 7));
    let games: Vec<_> = terms.games.iter().map(pinned).collect();
    assert_eq!(games, [("dice".to_owned(), new.digest, new.config), ("dice".to_owned(), old.digest, old.config)]);
    world.close(&ana, next).await.unwrap();
    let third = world.lease(&ana, 100).await;
    assert_eq!(world.terms(third).await.carried, None, "settlement has not put it down again");
}

#[tokio::test]
async fn an_opening_that_could_not_be_paid_puts_the_round_back() {
    let world = World::new().await;
    let ana = world.player(1_000).await;
    leave_open(&world, &ana, &round(1)).await;
    let offer = world.offer(&ana, 800).await;
    world.withdraw(&ana, 500).await;
    assert!(world.open(&ana, &offer).await.is_err());
    assert_eq!(world.status(offer.lease).await, Status::Refused);
    let next = world.lease(&ana, 100).await;
    assert_eq!(world.terms(next).await.carried, Some(round(1)));
}

#[tokio::test]
async fn a_lease_that_never_opened_gives_the_round_back_through_settlement() {
    let world = World::new().await;
    let ana = world.player(1_000).await;
    leave_open(&world, &ana, &round(1)).await;
    let offer = world.offer(&ana, 100).await;
    world.dealer.set(Mood::Dark);
    assert!(world.open(&ana, &offer).await.is_err());
    world.reap_for(30_000).await;
    world.dealer.set(Mood::Answers);
    world.reap_for(20_000).await;
    assert_eq!(world.status(offer.lease).await, Status::Closed);
    world.settle(&ana, offer.lease).await;
    let next = world.lease(&ana, 100).await;
    assert_eq!(world.terms(next).await.carried, Some(round(1)));
}

#[tokio::test]
async fn another_player_or_currency_does_not_get_it() {
    let world = World::new().await;
    let (ana, bo) = (world.player(1_000).await, world.player(1_000).await);
    leave_open(&world, &ana, &round(1)).await;
    let lease = world.lease(&bo, 100).await;
    assert_eq!(world.terms(lease).await.carried, None);
    sqlx::query("UPDATE carried_rounds SET currency = 'GBP'").execute(world.database.pool()).await.unwrap();
    let lease = world.lease(&ana, 100).await;
    assert_eq!(world.terms(lease).await.carried, None);
}

#[tokio::test]
async fn a_lease_that_never_began_can_not_be_settled() {
    let world = World::new().await;
    let ana = world.player(1_000).await;
    let offer = world.offer(&ana, 100).await;
    let (player, lease) = (ana.id, offer.lease);
    let settled = run_tx(world.database.pool(), "settle", async move |tx| {
        settled_in_tx(tx, lease, player, Currency::EUR, None).await
    })
    .await;
    assert!(matches!(settled, Err(database::DbError::RowCount { .. })));
    assert_eq!(world.status(lease).await, Status::Offered);
}
