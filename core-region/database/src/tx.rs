//! The one way to run a transaction.
//!
//! Phases: BEGIN, the caller's closure, COMMIT. A failure before COMMIT was sent leaves nothing behind, so repeats and lost
//! connections are tried again up to [`limits::TX_ATTEMPTS`] times; a connection lost while waiting for COMMIT's answer
//! becomes [`DbError::Ambiguous`] and is the caller's to resolve by reading.
//! Counted as `database_tx_total{name, outcome}` and `database_tx_retries_total{name}`.

use std::time::Duration;

use metrics::counter;
use sqlx::PgConnection;

use crate::{DbError, Pool, limits};

/// An error that may wrap a [`DbError`], so that [`run_tx`] can see whether to run again.
pub trait AsDbError {
    /// The database's part in it, if any.
    fn as_db_error(&self) -> Option<&DbError>;
}

impl AsDbError for DbError {
    fn as_db_error(&self) -> Option<&DbError> {
        Some(self)
    }
}

/// Runs `work` in a transaction (READ COMMITTED) and commits it; `name` is what metrics and logs call it.
///
/// # Errors
/// The closure's own errors after a roll-back; a [`DbError`] when the database fails beyond the allowed tries.
pub async fn run_tx<T, E, F>(pool: &Pool, name: &'static str, mut work: F) -> Result<T, E>
where
    F: AsyncFnMut(&mut PgConnection) -> Result<T, E>,
    E: From<DbError> + AsDbError,
{
    retried(pool, name, "BEGIN", &mut work).await
}

/// Runs `work` on one unchanging snapshot of the database (REPEATABLE READ, READ ONLY): several reads that must agree.
///
/// # Errors
/// As [`run_tx`].
pub async fn read_snapshot<T, E, F>(pool: &Pool, name: &'static str, mut work: F) -> Result<T, E>
where
    F: AsyncFnMut(&mut PgConnection) -> Result<T, E>,
    E: From<DbError> + AsDbError,
{
    retried(pool, name, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", &mut work).await
}

async fn retried<T, E, F>(pool: &Pool, name: &'static str, begin: &'static str, work: &mut F) -> Result<T, E>
where
    F: AsyncFnMut(&mut PgConnection) -> Result<T, E>,
    E: From<DbError> + AsDbError,
{
    let mut pause = limits::TX_FIRST_PAUSE;
    let mut attempt = 1;
    loop {
        let error = match once(pool, begin, work).await {
            Ok(done) => {
                counter!("database_tx_total", "name" => name, "outcome" => "committed").increment(1);
                return Ok(done);
            }
            Err(error) => error,
        };
        let again = error.as_db_error().is_some_and(DbError::may_run_again);
        if !again || attempt == limits::TX_ATTEMPTS {
            counter!("database_tx_total", "name" => name, "outcome" => "failed").increment(1);
            return Err(error);
        }
        counter!("database_tx_retries_total", "name" => name).increment(1);
        tracing::debug!(name, attempt, "transaction is run again");
        tokio::time::sleep(pause).await;
        pause = Duration::min(pause * 2, limits::TX_LONGEST_PAUSE);
        attempt += 1;
    }
}

async fn once<T, E, F>(pool: &Pool, begin: &'static str, work: &mut F) -> Result<T, E>
where
    F: AsyncFnMut(&mut PgConnection) -> Result<T, E>,
    E: From<DbError> + AsDbError,
{
    let mut tx = pool.begin_with(begin).await.map_err(DbError::from)?;
    // An error drops `tx`, which rolls back before the connection serves anybody else.
    let done = work(&mut tx).await?;
    tx.commit().await.map_err(|error| DbError::from(error).at_commit())?;
    Ok(done)
}
