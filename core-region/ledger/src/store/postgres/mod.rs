//! The log in Postgres.
//!
//! A batch without riders is one statement, one round trip, one implicit transaction; with riders it is BEGIN, that statement, the
//! riders' own, COMMIT. The writer has a connection of its own whose planner may not scan or hash whole tables: a plan made
//! when the tables were empty would otherwise stay. Reads use the pool. Nothing locks: two writers meet at the primary key
//! of `ledger_batches`.

mod append;
mod columns;
mod read;

use std::sync::Arc;

use async_trait::async_trait;
use database::{DbError, Pool};
use ids::{PlayerId, TransferId};
use sqlx::{ConnectOptions, Connection, PgConnection};
use tokio::sync::{Mutex, MutexGuard};

use super::{AppendError, Loaded, Store, StoreError};
use crate::engine::{Batch, BatchHead, OutboxRow, TransferRow};
use crate::rider::{Rider, RiderError};

/// The ledger's tables, versions 1001 and up.
pub static MIGRATOR: sqlx::migrate::Migrator = sqlx::migrate!("./migrations");

/// Settings of the writer's session: index scans only.
const WRITER_SETTINGS: [(&str, &str); 3] =
    [("enable_seqscan", "off"), ("enable_hashjoin", "off"), ("enable_mergejoin", "off")];

/// The Postgres store of one shard.
#[derive(Debug)]
pub struct Postgres {
    shard: u16,
    pool: Pool,
    writer: Mutex<Option<PgConnection>>,
}

impl Postgres {
    /// The log of `shard` in a migrated database.
    #[must_use]
    pub fn new(pool: Pool, shard: u16) -> Self {
        Self { shard, pool, writer: Mutex::new(None) }
    }

    /// The writer's connection, made anew after a failure.
    async fn writer(&self) -> Result<Session<'_>, StoreError> {
        let mut slot = self.writer.lock().await;
        if slot.is_none() {
            let options = (*self.pool.connect_options()).clone();
            let options = options.application_name("house-ledger-writer").options(WRITER_SETTINGS);
            let mut connection = options.connect().await?;
            warn_of_lax_durability(&mut connection).await?;
            *slot = Some(connection);
        }
        Ok(Session(slot))
    }
}

async fn warn_of_lax_durability(connection: &mut PgConnection) -> Result<(), StoreError> {
    let lax: Option<String> = sqlx::query_scalar(
        "SELECT string_agg(name, ', ' ORDER BY name) FROM pg_settings \
         WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit') AND setting = 'off'",
    )
    .fetch_one(connection)
    .await?;
    if let Some(settings) = lax {
        tracing::warn!(settings, "the database may lose acknowledged postings on a crash: these settings are off");
    }
    Ok(())
}

/// The writer's connection while one call uses it.
struct Session<'a>(MutexGuard<'a, Option<PgConnection>>);

impl Session<'_> {
    fn connection(&mut self) -> Result<&mut PgConnection, StoreError> {
        self.0.as_mut().ok_or(StoreError::Database(DbError::NoConnection))
    }

    /// Throws the connection away: nobody knows what state it is in.
    fn discard(&mut self) {
        *self.0 = None;
    }
}

fn of_statement(error: sqlx::Error) -> AppendError {
    match DbError::from(error) {
        DbError::Unique { constraint } => AppendError::Collision(constraint),
        error => {
            let error = StoreError::Database(error);
            if error.is_passing() { AppendError::Unknown(error) } else { AppendError::Refused(error) }
        }
    }
}

fn of_rider(at: usize, why: RiderError) -> AppendError {
    match why {
        RiderError::Database(error) if error.may_run_again() => AppendError::Unknown(error.into()),
        why => AppendError::Rider { at, why },
    }
}

async fn append_with_riders(
    connection: &mut PgConnection,
    batch: &Batch,
    riders: &[Arc<dyn Rider>],
) -> Result<(), AppendError> {
    let mut tx = connection.begin().await.map_err(of_statement)?;
    append::execute(&mut tx, batch).await?;
    for (at, rider) in riders.iter().enumerate() {
        rider.write(&mut tx).await.map_err(|why| of_rider(at, why))?;
    }
    tx.commit().await.map_err(of_statement)
}

#[async_trait]
impl Store for Postgres {
    fn shard(&self) -> u16 {
        self.shard
    }

    async fn load(&self) -> Result<Loaded, StoreError> {
        read::load(&self.pool, self.shard).await
    }

    async fn load_head(&self) -> Result<BatchHead, StoreError> {
        let mut session = self.writer().await?;
        let head = read::head(session.connection()?, self.shard).await;
        if head.is_err() {
            session.discard();
        }
        head
    }

    async fn lookup_ids(&self, ids: &[TransferId]) -> Result<Vec<TransferRow>, StoreError> {
        let mut session = self.writer().await?;
        let rows = read::lookup(session.connection()?, self.shard, ids).await;
        if rows.is_err() {
            session.discard();
        }
        rows
    }

    async fn append_batch(&self, batch: &Batch, riders: &[Arc<dyn Rider>]) -> Result<(), AppendError> {
        let mut session = self.writer().await.map_err(AppendError::Unknown)?;
        let connection = session.connection().map_err(AppendError::Unknown)?;
        let appended = if riders.is_empty() {
            append::execute(connection, batch).await
        } else {
            append_with_riders(connection, batch, riders).await
        };
        if matches!(appended, Err(AppendError::Unknown(_) | AppendError::Refused(_))) {
            session.discard();
        }
        appended
    }

    async fn read_transfers(&self, first: u64, n: u64) -> Result<Vec<TransferRow>, StoreError> {
        read::transfers(&self.pool, self.shard, first, n).await
    }

    async fn read_batches(&self, first: u64, n: u64) -> Result<Vec<BatchHead>, StoreError> {
        read::batches(&self.pool, self.shard, first, n).await
    }

    async fn next_unpublished(&self, limit: u32) -> Result<Vec<OutboxRow>, StoreError> {
        read::unpublished(&self.pool, self.shard, limit).await
    }

    async fn mark_published(&self, event_no: u64) -> Result<(), StoreError> {
        read::mark_published(&self.pool, self.shard, event_no).await
    }

    async fn read_wallet(&self, player: PlayerId, after: u64, limit: u32) -> Result<Vec<OutboxRow>, StoreError> {
        read::wallet(&self.pool, self.shard, player, after, limit).await
    }
}
