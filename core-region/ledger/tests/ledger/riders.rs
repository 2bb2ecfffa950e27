//! Riders: true together with their unit, or not at all, and nobody else's trouble.

use std::sync::Arc;

use async_trait::async_trait;
use ledger::{Ledger, Memory, MemoryTables, Reason, Rider, RiderError, Store, Unit, verify};
use sqlx::PgConnection;

use crate::support::*;

/// Moves the mark `name` from `from` to `to`, or refuses.
#[derive(Debug)]
pub(crate) struct Mark {
    pub(crate) name: &'static str,
    pub(crate) from: i64,
    pub(crate) to: i64,
}

#[async_trait]
impl Rider for Mark {
    async fn write(&self, connection: &mut PgConnection) -> Result<(), RiderError> {
        let moved = sqlx::query(
            "INSERT INTO marks AS m VALUES ($1, $3) ON CONFLICT (name) DO UPDATE SET n = excluded.n WHERE m.n = $2",
        )
        .bind(self.name)
        .bind(self.from)
        .bind(self.to)
        .execute(connection)
        .await?;
        if moved.rows_affected() == 1 { Ok(()) } else { Err(RiderError::Refused("mark_moved")) }
    }

    fn write_memory(&self, tables: &mut MemoryTables) -> Result<(), RiderError> {
        let held = tables.get("marks", self.name.as_bytes()).map(|row| i64::from_be_bytes(row.try_into().unwrap()));
        if held.is_some_and(|n| n != self.from) {
            return Err(RiderError::Refused("mark_moved"));
        }
        tables.put("marks", self.name.as_bytes().to_vec(), self.to.to_be_bytes().to_vec());
        Ok(())
    }
}

/// Sends SQL that no server understands.
#[derive(Debug)]
struct Nonsense;

#[async_trait]
impl Rider for Nonsense {
    async fn write(&self, connection: &mut PgConnection) -> Result<(), RiderError> {
        sqlx::query("INSERT INTO no_such_table VALUES (1)").execute(connection).await?;
        Ok(())
    }

    fn write_memory(&self, _: &mut MemoryTables) -> Result<(), RiderError> {
        Err(RiderError::Refused("rider_failed"))
    }
}

fn with(rider: impl Rider + 'static, n: u64) -> Unit {
    Unit { rider: Some(Arc::new(rider)), events: vec![event(1, "{}")], ..Unit::of(deposit(n, 1, 10)) }
}

async fn check(store: Arc<dyn Store>) -> Ledger {
    let ledger = open(store.clone()).await;
    assert!(ledger.submit(with(Mark { name: "w", from: 0, to: 5 }, 1)).await.unwrap().applied().is_some());
    let no = ledger.submit(with(Mark { name: "w", from: 4, to: 6 }, 2)).await.unwrap().rejected().copied().unwrap();
    assert_eq!((no.reason, no.is_final, no.id), (Reason::Rider("mark_moved"), false, id(2)));
    let no = ledger.submit(with(Nonsense, 2)).await.unwrap().rejected().copied().unwrap();
    assert_eq!(no.reason, Reason::Rider("rider_failed"));
    assert_eq!((ledger.balance(&cash(1)), ledger.next_unpublished(9).await.unwrap().len()), (eur(10), 1));
    // A replay writes no rider: this one would be refused.
    let again = ledger.submit(with(Mark { name: "w", from: 0, to: 9 }, 1)).await.unwrap();
    assert!(again.applied().unwrap().replayed);
    // The id of a refused unit is free.
    assert!(!ledger.submit(with(Mark { name: "w", from: 5, to: 6 }, 2)).await.unwrap().applied().unwrap().replayed);
    assert_eq!(verify::replay(store.as_ref()).await.unwrap().transfers, 2);
    ledger
}

#[tokio::test]
async fn a_refused_rider_takes_its_unit_with_it_in_memory() {
    let store = Memory::new(0);
    check(Arc::new(store.clone())).await;
    assert_eq!(store.rooms(|rooms| rooms.get("marks", b"w").map(<[u8]>::to_vec)), Some(6_i64.to_be_bytes().to_vec()));
}

#[tokio::test]
async fn a_refused_rider_takes_its_unit_with_it_in_postgres() {
    let database = Database::new().await;
    check(database.store.clone()).await;
    let n: i64 = sqlx::query_scalar("SELECT n FROM marks").fetch_one(database.database.pool()).await.unwrap();
    assert_eq!(n, 6);
}

#[tokio::test]
async fn refused_riders_in_a_crowded_batch_spare_their_neighbours() {
    let ledger = open(Arc::new(Memory::new(0))).await;
    let units = (0..200_u64).map(|n| match n % 3 {
        0 => with(Mark { name: "w", from: -1, to: -1 }, n),
        1 => with(Nonsense, n),
        _ => Unit::of(deposit(n, 1, 10)),
    });
    let replies = futures::future::join_all(units.map(|unit| ledger.submit(unit))).await;
    for (n, reply) in replies.iter().enumerate() {
        let is_applied = reply.as_ref().unwrap().applied().is_some();
        assert_eq!(is_applied, n % 3 != 1, "{n}: {reply:?}");
    }
    assert_eq!(ledger.balance(&cash(1)), eur(10 * 133));
}
