//! Buckets and objects.

use bus::testing::NatsServer;
use bus::{Bus, BusError, Change, Site, provision};

use crate::region::streams;

async fn hub() -> (NatsServer, Bus) {
    let server = NatsServer::start("hub").await.unwrap();
    let bus = server.connect("test").await.unwrap();
    let site = Site::Hub { own: "core".parse().unwrap(), regions: vec![] };
    provision(&bus, &streams(), &site).await.unwrap();
    (server, bus)
}

#[tokio::test]
async fn a_key_is_changed_under_its_revision_only_and_a_watch_shows_all_values_then_changes() {
    let (_server, bus) = hub().await;
    // By domain, as an edge reaches the hub's bucket.
    let games = bus.kv(Some("hub"), "GAMES").await.unwrap();
    assert_eq!(games.get("roulette").await.unwrap(), None);
    let first = games.update("roulette", "a".into(), 0).await.unwrap();
    let second = games.update("roulette", "b".into(), first).await.unwrap();
    let stale = games.update("roulette", "c".into(), first).await;
    assert!(matches!(stale, Err(BusError::WrongRevision(_))), "{stale:?}");
    let entry = games.get("roulette").await.unwrap().unwrap();
    assert_eq!((entry.value.as_ref(), entry.revision), (b"b".as_slice(), second));

    let mut watch = games.watch_all().await.unwrap();
    let change = watch.next().await.unwrap().unwrap();
    assert_eq!(change, Change { key: "roulette".into(), value: Some("b".into()), revision: second });
    let third = games.put("slot-lines", "x".into()).await.unwrap();
    let change = watch.next().await.unwrap().unwrap();
    assert_eq!(change, Change { key: "slot-lines".into(), value: Some("x".into()), revision: third });
}

#[tokio::test]
async fn an_object_larger_than_a_message_comes_back_byte_for_byte_and_is_stored_once() {
    let (_server, bus) = hub().await;
    let components = bus.objects(Some("hub"), "COMPONENTS").await.unwrap();
    let bytes: Vec<u8> = (0..700_001u32).map(|i| u8::try_from(i % 251).unwrap()).collect();
    let missing = components.get("0123").await;
    assert!(matches!(missing, Err(BusError::NotFound(_))), "{missing:?}");
    components.put("0123", &bytes).await.unwrap();
    components.put("0123", &bytes).await.unwrap();
    assert_eq!(components.get("0123").await.unwrap(), bytes);
    components.put("0123", b"new").await.unwrap();
    assert_eq!(components.get("0123").await.unwrap().as_ref(), b"new");
    components.put("empty", b"").await.unwrap();
    assert!(components.get("empty").await.unwrap().is_empty());
}

#[tokio::test]
async fn a_bucket_that_is_not_there_is_an_error() {
    let (_server, bus) = hub().await;
    assert!(bus.kv(None, "NOBODY").await.is_err());
    assert!(bus.objects(None, "NOBODY").await.is_err());
}
