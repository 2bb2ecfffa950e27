//! Games on offer: pinned, switched off, quarantined for good.

use leases::{Catalogue, LeasesError};
use wire::v1::catalogue::GameStatus;

use crate::world::{World, release};

fn status(world: &World, game: &str) -> GameStatus {
    let entries = world.catalogue.entries();
    entries.iter().find(|entry| entry.game.as_str() == game).unwrap().status
}

#[tokio::test]
async fn a_game_that_is_switched_off_is_in_no_new_lease_and_stays_off_after_a_restart() {
    let mut world = World::new().await;
    let ana = world.player(1_000).await;
    world.catalogue.disable(&"dice".parse().unwrap()).await.unwrap();
    let lease = world.lease(&ana, 100).await;
    let games: Vec<String> = world.terms(lease).await.games.iter().map(|game| game.game.to_string()).collect();
    assert_eq!(games, ["slot"]);
    world.with_catalogue(vec![release("dice", 1), release("slot", 2)]).await;
    assert_eq!(status(&world, "dice"), GameStatus::Disabled);
    world.catalogue.enable(&"dice".parse().unwrap()).await.unwrap();
    assert_eq!(status(&world, "dice"), GameStatus::Enabled);
}

#[tokio::test]
async fn a_quarantine_holds_for_the_component_under_every_name_and_for_no_other() {
    let mut world = World::new().await;
    let bad = release("dice", 1).digest;
    world.catalogue.quarantine(bad, "trap").await.unwrap();
    world.catalogue.quarantine(bad, "trap again").await.unwrap();
    assert_eq!(status(&world, "dice"), GameStatus::Quarantined);
    world.catalogue.enable(&"dice".parse().unwrap()).await.unwrap();
    assert_eq!(status(&world, "dice"), GameStatus::Quarantined);
    world.with_catalogue(vec![release("other", 1), release("slot", 2)]).await;
    assert_eq!((status(&world, "other"), status(&world, "slot")), (GameStatus::Quarantined, GameStatus::Enabled));
    world.with_catalogue(vec![release("dice", 3)]).await;
    assert_eq!(status(&world, "dice"), GameStatus::Enabled, "a repaired release");
}

#[tokio::test]
async fn a_catalogue_that_no_lease_can_hold_is_refused() {
    let world = World::new().await;
    let open = |releases| Catalogue::open(world.database.pool().clone(), releases, None, world.clock.clone());
    let twice = open(vec![release("dice", 1), release("dice", 2)]).await;
    assert!(matches!(twice, Err(LeasesError::BrokenTable(_))));
    let mut long = Vec::new();
    for version in 0..8 {
        let mut release = release(&format!("game-{version}"), version);
        release.config = format!("{{\"x\":\"{}\"}}", "y".repeat(4_000));
        long.push(release);
    }
    assert!(matches!(open(long).await, Err(LeasesError::BrokenTable(_))));
}

#[tokio::test]
async fn a_component_is_found_by_its_digest() {
    let world = World::new().await;
    let dice = release("dice", 1);
    assert_eq!(world.catalogue.component(dice.digest).await.unwrap(), dice.component);
    let unknown = release("dice", 9).digest;
    assert!(matches!(world.catalogue.component(unknown).await, Err(LeasesError::Bus(_))));
}
