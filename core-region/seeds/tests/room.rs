//! The room on a real Postgres: what is stored, what is logged, what happens once.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail the test")]

use std::sync::Arc;

use clock::{Clock, ManualClock};
use database::testing::TestDatabase;
use database::{DbError, run_tx};
use fairness::{commit, lease_key};
use ids::{LeaseId, PlayerId};
use seeds::{Hardware, KeyRing, Options, SealedSeed, Seeds, SeedsError, Use};
use zeroize::Zeroizing;

const NOW_MS: u64 = 1_790_000_000_000;

struct Room {
    database: TestDatabase,
    seeds: Seeds,
    clock: Arc<ManualClock>,
}

fn options(hardware: Hardware) -> Options {
    Options {
        keys: KeyRing::new(Zeroizing::new([1; 32]), Vec::new()),
        player_tag_secret: Zeroizing::new([2; 32]),
        hardware,
    }
}

async fn room() -> Room {
    let database = TestDatabase::create(&[&seeds::MIGRATIONS]).await.unwrap();
    let clock = Arc::new(ManualClock::at(NOW_MS));
    let seeds = Seeds::open(database.pool().clone(), options(Hardware::Absent), clock.clone()).await.unwrap();
    Room { database, seeds, clock }
}

impl Room {
    async fn stored(&self) -> SealedSeed {
        let sealed = self.seeds.offer().unwrap();
        let (randomness, copy) = (self.seeds.randomness(), sealed.clone());
        run_tx(self.database.pool(), "store", async move |tx| copy.store_in_tx(tx, &randomness, NOW_MS).await)
            .await
            .unwrap();
        sealed
    }

    async fn events(&self, lease: LeaseId) -> Vec<String> {
        sqlx::query_scalar("SELECT event FROM seed_log WHERE lease = $1 ORDER BY at_ms, id")
            .bind(lease.as_uuid())
            .fetch_all(self.database.pool())
            .await
            .unwrap()
    }

    async fn reseedings(&self) -> i64 {
        sqlx::query_scalar("SELECT count(*) FROM seed_log WHERE event = 'reseeded'")
            .fetch_one(self.database.pool())
            .await
            .unwrap()
    }
}

#[tokio::test]
async fn a_seed_comes_back_as_the_one_that_was_committed_to_and_each_use_is_logged() {
    let room = room().await;
    let sealed = room.stored().await;
    room.clock.advance(1);
    let seed = room.seeds.seed_of(sealed.lease, Use::Settle).await.unwrap();
    assert_eq!(commit(&seed), sealed.commit);
    room.clock.advance(1);
    room.seeds.seed_of(sealed.lease, Use::Replay).await.unwrap();
    assert_eq!(room.events(sealed.lease).await, ["made", "settled", "replayed"]);
    let nobody = LeaseId::from_bytes([9; 16]);
    assert!(matches!(room.seeds.seed_of(nobody, Use::Replay).await, Err(SeedsError::Unknown(_))));
    assert!(room.events(nobody).await.is_empty());
}

#[tokio::test]
async fn the_database_never_holds_a_seed_in_the_clear() {
    let room = room().await;
    let sealed = room.stored().await;
    let seed = room.seeds.seed_of(sealed.lease, Use::Settle).await.unwrap();
    let ciphertext: Vec<u8> = sqlx::query_scalar("SELECT ciphertext FROM seeds WHERE lease = $1")
        .bind(sealed.lease.as_uuid())
        .fetch_one(room.database.pool())
        .await
        .unwrap();
    assert!(!ciphertext.windows(4).any(|window| seed.as_bytes().windows(4).any(|other| window == other)));
}

#[tokio::test]
async fn a_lease_has_one_seed_for_ever() {
    let room = room().await;
    let sealed = room.stored().await;
    let other = sealed.clone();
    let randomness = room.seeds.randomness();
    let refused =
        run_tx(room.database.pool(), "again", async move |tx| other.store_in_tx(tx, &randomness, NOW_MS).await).await;
    assert!(matches!(refused, Err(SeedsError::Database(DbError::Unique { .. }))));
}

#[tokio::test]
async fn a_burnt_seed_is_shown_and_never_sealed_or_revealed() {
    let room = room().await;
    let lease = room.stored().await.lease;
    let seed = room.seeds.burn(lease).await.unwrap();
    assert_eq!(room.seeds.burn(lease).await.unwrap().as_bytes(), seed.as_bytes());
    assert!(matches!(room.seeds.reveal(lease).await, Err(SeedsError::NotLive(_))));
    assert!(matches!(room.seeds.seed_of(lease, Use::Seal).await, Err(SeedsError::NotLive(_))));
    assert_eq!(room.events(lease).await.iter().filter(|event| *event == "burnt").count(), 1);
}

#[tokio::test]
async fn a_revealed_seed_is_the_committed_one_every_time_and_reveals_once() {
    let room = room().await;
    let sealed = room.stored().await;
    let first = room.seeds.reveal(sealed.lease).await.unwrap();
    let second = room.seeds.reveal(sealed.lease).await.unwrap();
    assert_eq!((commit(&first), first.as_bytes()), (sealed.commit, second.as_bytes()));
    assert_eq!(room.events(sealed.lease).await.iter().filter(|event| *event == "revealed").count(), 1);
    let key = wire::v1::Hex([4; 32]);
    assert!(matches!(room.seeds.seal_for(&key, sealed.lease, &key).await, Err(SeedsError::NotLive(_))));
}

#[tokio::test]
async fn a_sealed_key_opens_at_the_dealer_as_the_key_of_seed_and_opening() {
    use hpke::kem::{Kem, X25519HkdfSha256};
    use hpke::{Deserializable, OpModeR, Serializable};
    let room = room().await;
    let lease = room.stored().await.lease;
    let (secret, public) = X25519HkdfSha256::derive_keypair(&[5; 32]);
    let open = wire::v1::Hex([6; 32]);
    let sealed = room.seeds.seal_for(&wire::v1::Hex(public.to_bytes().into()), lease, &open).await.unwrap();
    let key = hpke::single_shot_open::<hpke::aead::ChaCha20Poly1305, hpke::kdf::HkdfSha256, X25519HkdfSha256>(
        &OpModeR::Base,
        &secret,
        &<X25519HkdfSha256 as Kem>::EncappedKey::from_bytes(&sealed.enc.0).unwrap(),
        wire::v1::dealer::SealedKey::INFO,
        &sealed.ciphertext.0,
        &wire::v1::dealer::SealedKey::associated(lease, &open),
    )
    .unwrap();
    let seed = room.seeds.seed_of(lease, Use::Settle).await.unwrap();
    assert_eq!(key, lease_key(&seed, &open.0).as_bytes());
}

#[tokio::test]
async fn every_reseeding_is_written_down_once() {
    let room = room().await;
    assert_eq!(room.reseedings().await, 1);
    room.seeds.tick().await.unwrap();
    assert_eq!(room.reseedings().await, 1);
    room.clock.advance(60_000);
    room.seeds.offer().unwrap();
    room.seeds.tick().await.unwrap();
    room.seeds.tick().await.unwrap();
    assert_eq!(room.reseedings().await, 2);
    assert_eq!(room.clock.now_ms(), NOW_MS + 60_000);
}

#[tokio::test]
async fn a_stuck_hardware_source_stops_new_leases_only() {
    let database = TestDatabase::create(&[&seeds::MIGRATIONS]).await.unwrap();
    let clock = Arc::new(ManualClock::at(NOW_MS));
    let stuck = options(Hardware::Device("/dev/zero".into()));
    let seeds = Seeds::open(database.pool().clone(), stuck, clock).await.unwrap();
    assert!(matches!(seeds.offer(), Err(SeedsError::Unhealthy { origin: "hardware", .. })));
    assert!(seeds.healthy().is_err());
    assert_ne!(seeds.randomness().bytes::<40>().unwrap(), seeds.randomness().bytes::<40>().unwrap());
}

#[tokio::test]
async fn tags_tell_players_apart_and_not_who_they_are() {
    let room = room().await;
    let (ana, bo) = (PlayerId::from_bytes([1; 16]), PlayerId::from_bytes([2; 16]));
    assert_eq!(room.seeds.player_tag(ana), room.seeds.player_tag(ana));
    assert_ne!(room.seeds.player_tag(ana), room.seeds.player_tag(bo));
}
