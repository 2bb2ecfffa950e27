//! One suite for every store: what [`Store`] promises, batch by batch.

use std::sync::Arc;

use ledger::{AppendError, Batch, BatchHead, Engine, Lookup, Memory, PreparedUnit, Store, Unit};

use crate::riders::Mark;
use crate::support::*;

fn batch(engine: &mut Engine, units: &[PreparedUnit], now_ms: u64) -> Batch {
    let units: Vec<&PreparedUnit> = units.iter().collect();
    engine.evaluate(&units, now_ms, Lookup::Done).unwrap().batch.unwrap()
}

fn with_events(n: u64) -> PreparedUnit {
    let events = vec![event(1, "{\"a\":1}"), event(2, "{\"b\":2}")];
    PreparedUnit::try_new(&[deposit(n, 1, 100)], events, Some("trace".into())).unwrap()
}

async fn what_is_appended_is_read_back(store: &dyn Store) {
    assert_eq!(store.load_head().await.unwrap(), BatchHead::genesis(0));
    let mut engine = engine_on(store).await;
    let grant = prepared(&[grant(2, 1, 1, 60), deal(3, 1, 10, 25), deal(4, 1, 0, 0)]);
    let first = batch(&mut engine, &[with_events(1), grant], START_MS);
    store.append_batch(&first, &[]).await.unwrap();
    engine.commit();
    let second = batch(&mut engine, &[with_events(5), prepared(&[withdraw(6, 2, 1)])], START_MS);
    store.append_batch(&second, &[]).await.unwrap();
    let loaded = store.load().await.unwrap();
    assert_eq!((loaded.head, store.load_head().await.unwrap()), (second.head, second.head));
    assert_eq!(loaded.wallet_heads, vec![(player(1), 2), (player(2), 2)]);
    assert_eq!(loaded.accounts.len(), 4);
    assert!(second.accounts.iter().all(|row| loaded.accounts.contains(row)));
    assert_eq!(store.read_batches(1, 10).await.unwrap(), vec![first.head, second.head]);
    assert_eq!(store.read_batches(2, 10).await.unwrap(), vec![second.head]);
    assert_eq!(store.read_transfers(1, 5).await.unwrap(), first.rows);
    assert_eq!(store.read_transfers(6, 100).await.unwrap(), second.rows);
    let mut found = store.lookup_ids(&[id(3), id(99), id(6)]).await.unwrap();
    found.sort_by_key(|row| row.seq);
    assert_eq!(found, vec![first.rows[2].clone(), first.rows[3].clone(), second.rows[1].clone()]);
    assert!(store.lookup_ids(&[]).await.unwrap().is_empty());
}

async fn the_outbox_is_read_in_order_until_marked(store: &dyn Store) {
    let mut engine = engine_on(store).await;
    let appended = batch(&mut engine, &[with_events(1), with_events(2)], START_MS);
    store.append_batch(&appended, &[]).await.unwrap();
    assert_eq!(store.next_unpublished(100).await.unwrap(), appended.events);
    assert_eq!(store.next_unpublished(3).await.unwrap(), appended.events[..3]);
    store.mark_published(3).await.unwrap();
    store.mark_published(1).await.unwrap();
    assert_eq!(store.next_unpublished(100).await.unwrap(), appended.events[3..]);
    assert_eq!(
        store.read_wallet(player(2), 0, 100).await.unwrap(),
        [appended.events[1].clone(), appended.events[3].clone()]
    );
    assert_eq!(store.read_wallet(player(2), 1, 100).await.unwrap(), appended.events[3..]);
    assert!(store.read_wallet(player(3), 0, 100).await.unwrap().is_empty());
}

async fn a_taken_number_or_id_collides_and_leaves_nothing(store: &dyn Store) {
    let mut engine = engine_on(store).await;
    let first = batch(&mut engine, &[with_events(1)], START_MS);
    store.append_batch(&first, &[]).await.unwrap();
    engine.undo().unwrap();
    let rival = batch(&mut engine, &[with_events(2)], START_MS);
    assert!(matches!(store.append_batch(&rival, &[]).await, Err(AppendError::Collision(_))));
    assert!(matches!(store.append_batch(&first, &[]).await, Err(AppendError::Collision(_))));
    let mut engine = engine_on(store).await;
    let again = batch(&mut engine, &[with_events(3), with_events(1)], START_MS);
    assert!(matches!(store.append_batch(&again, &[]).await, Err(AppendError::Collision(_))));
    let rider: Arc<dyn ledger::Rider> = Arc::new(Mark { name: "w", from: 0, to: 1 });
    assert!(matches!(store.append_batch(&again, &[rider]).await, Err(AppendError::Collision(_))));
    let loaded = store.load().await.unwrap();
    assert_eq!((loaded.head, loaded.accounts), (first.head, first.accounts));
    assert_eq!(store.read_transfers(1, 100).await.unwrap(), first.rows);
    assert_eq!(store.next_unpublished(100).await.unwrap(), first.events);
}

async fn riders_are_written_with_their_batch_or_name_the_one_that_refuses(store: &dyn Store) {
    let mut engine = engine_on(store).await;
    let mark = |name, from, to| -> Arc<dyn ledger::Rider> { Arc::new(Mark { name, from, to }) };
    let first = batch(&mut engine, &[with_events(1)], START_MS);
    store.append_batch(&first, &[mark("a", 0, 1), mark("b", 0, 1)]).await.unwrap();
    engine.commit();
    let second = batch(&mut engine, &[with_events(2)], START_MS);
    let refused = store.append_batch(&second, &[mark("a", 1, 2), mark("b", 7, 8)]).await;
    assert!(matches!(refused, Err(AppendError::Rider { at: 1, .. })), "{refused:?}");
    assert_eq!(store.load_head().await.unwrap(), first.head);
    store.append_batch(&second, &[mark("a", 1, 2), mark("b", 1, 2)]).await.unwrap();
    assert_eq!(store.load_head().await.unwrap(), second.head);
}

macro_rules! on_both_stores {
    ($($check:ident),+ $(,)?) => {
        mod memory {
            use super::*;
            $(#[tokio::test]
            async fn $check() {
                super::$check(&Memory::new(0)).await;
            })+
        }
        mod postgres {
            use super::*;
            $(#[tokio::test]
            async fn $check() {
                let database = Database::new().await;
                super::$check(database.store.as_ref()).await;
            })+
        }
    };
}

on_both_stores! {
    what_is_appended_is_read_back,
    the_outbox_is_read_in_order_until_marked,
    a_taken_number_or_id_collides_and_leaves_nothing,
    riders_are_written_with_their_batch_or_name_the_one_that_refuses,
}

/// A list of units that meets every intent, rejections, replays and events.
async fn play(store: Arc<dyn Store>) -> BatchHead {
    let ledger = open(store.clone()).await;
    for n in 0..60_u64 {
        let by = u8::try_from(n % 3).unwrap();
        let commands = match n % 6 {
            0 => vec![deposit(n, by, 100)],
            1 => vec![deposit(n, by, 5), grant(1_000 + n, by, by, 50)],
            2 => vec![deal(n, by, 7, i64::try_from(n).unwrap())],
            3 => vec![withdraw(n, by, 40)],
            4 => vec![deposit(n - 4, u8::try_from((n - 4) % 3).unwrap(), 100)],
            _ => vec![deal(n, by, 0, 0)],
        };
        let unit = Unit { events: vec![event(by, "{}")], ..unit(commands) };
        ledger.submit(unit).await.unwrap();
    }
    ledger.close().await;
    store.load_head().await.unwrap()
}

#[tokio::test]
async fn the_same_commands_give_the_same_chain_of_hashes_on_every_store() {
    let database = Database::new().await;
    let (memory, postgres) = (play(Arc::new(Memory::new(0))).await, play(database.store.clone()).await);
    assert_eq!(memory, postgres);
    assert!(memory.no > 30, "{memory:?}");
}
