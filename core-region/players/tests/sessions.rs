//! Registration, log-in and rotation on a real Postgres.

#![cfg(test)]

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use clock::{Clock, ManualClock, SystemClock};
use players::{AccessKey, MIGRATOR, Players, PlayersError, Status};

fn key() -> AccessKey {
    let signing = ed25519_dalek::SigningKey::from_bytes(&[3; 32]);
    AccessKey::try_new(&[3; 32], &signing.verifying_key().to_bytes()).unwrap()
}

async fn room(clock: clock::SharedClock) -> (Players, database::testing::TestDatabase) {
    let database = database::testing::TestDatabase::create(&[&MIGRATOR]).await.unwrap();
    let counter = AtomicU64::new(1);
    let random = move || {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&counter.fetch_add(1, Ordering::SeqCst).to_be_bytes());
        Some(bytes)
    };
    (Players::new(database.pool().clone(), clock, key(), Arc::new(random)), database)
}

#[tokio::test]
async fn a_player_registers_logs_in_and_is_known_by_the_token() {
    let (players, _database) = room(SystemClock::shared()).await;
    let player = players.register("ana", "correct horse").await.unwrap();
    assert!(matches!(players.register("ana", "another one").await, Err(PlayersError::NameTaken)));
    let session = players.log_in("ana", "correct horse").await.unwrap();
    assert_eq!(players.access_key().verify(&session.access).unwrap(), (player, session.session));
    assert_eq!(players.profile(player).await.unwrap().name, "ana");
    for wrong in [("ana", "correct hors"), ("bob", "correct horse"), ("", ""), ("ana", "")] {
        assert!(matches!(players.log_in(wrong.0, wrong.1).await, Err(PlayersError::WrongCredentials)), "{wrong:?}");
    }
}

#[tokio::test]
async fn bad_names_and_passwords_are_refused() {
    let (players, _database) = room(SystemClock::shared()).await;
    for name in ["", "ab", "Ana", "a b c", "ana@x", &"a".repeat(33)] {
        assert!(matches!(players.register(name, "correct horse").await, Err(PlayersError::BadName)), "{name}");
    }
    for password in ["", "1234567", &"p".repeat(257)] {
        assert!(matches!(players.register("ana", password).await, Err(PlayersError::BadPassword)));
    }
}

#[tokio::test]
async fn a_refresh_token_is_good_once_and_its_second_use_ends_the_session() {
    let (players, _database) = room(SystemClock::shared()).await;
    players.register("ana", "correct horse").await.unwrap();
    let first = players.log_in("ana", "correct horse").await.unwrap();
    let second = players.refresh(&first.refresh).await.unwrap();
    assert_eq!(second.session, first.session);
    assert!(matches!(players.refresh(&first.refresh).await, Err(PlayersError::BadRefresh)));
    assert!(matches!(players.refresh(&second.refresh).await, Err(PlayersError::BadRefresh)), "the session ended");
    assert!(matches!(players.refresh("no token").await, Err(PlayersError::BadRefresh)));
}

#[tokio::test]
async fn of_racing_refreshes_one_wins() {
    let (players, _database) = room(SystemClock::shared()).await;
    players.register("ana", "correct horse").await.unwrap();
    let token = players.log_in("ana", "correct horse").await.unwrap().refresh;
    let racing = (0..8).map(|_| players.refresh(&token));
    let won = futures::future::join_all(racing).await.into_iter().filter(Result::is_ok).count();
    assert_eq!(won, 1);
}

#[tokio::test]
async fn logging_out_and_blocking_end_what_they_should() {
    let clock = Arc::new(ManualClock::at(SystemClock::new().now_ms()));
    let (players, _database) = room(clock.clone()).await;
    let player = players.register("ana", "correct horse").await.unwrap();
    let session = players.log_in("ana", "correct horse").await.unwrap();
    players.log_out(&session.refresh).await.unwrap();
    assert!(matches!(players.refresh(&session.refresh).await, Err(PlayersError::BadRefresh)));
    let session = players.log_in("ana", "correct horse").await.unwrap();
    players.set_status(player, Status::Blocked).await.unwrap();
    assert!(matches!(players.log_in("ana", "correct horse").await, Err(PlayersError::Blocked)));
    assert!(matches!(players.refresh(&session.refresh).await, Err(PlayersError::Blocked)));
    clock.advance(31 * 24 * 60 * 60 * 1_000);
    players.set_status(player, Status::Active).await.unwrap();
    let stale = players.log_in("ana", "correct horse").await.unwrap();
    clock.advance(31 * 24 * 60 * 60 * 1_000);
    assert!(matches!(players.refresh(&stale.refresh).await, Err(PlayersError::BadRefresh)));
}

#[test]
fn tokens_of_other_keys_and_other_texts_are_not_good() {
    let other = ed25519_dalek::SigningKey::from_bytes(&[4; 32]);
    let other = AccessKey::try_new(&[4; 32], &other.verifying_key().to_bytes()).unwrap();
    for text in ["", "v4.public.", "v4.public.AAAA", "v2.local.x"] {
        assert!(other.verify(text).is_err());
    }
}
