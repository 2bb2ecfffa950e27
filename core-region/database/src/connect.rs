//! Connecting and migrating.

use std::str::FromStr;
use std::time::Duration;

use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use crate::{DbError, Pool};

/// How a pool behaves.
#[derive(Clone, Debug)]
pub struct Options {
    /// Connections at most.
    pub max_connections: u32,
    /// How long a caller waits for one.
    pub acquire_timeout: Duration,
    /// How long one statement may run; the server ends it then (57014).
    pub statement_timeout: Duration,
    /// What the server's own views call us.
    pub application_name: String,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            max_connections: 16,
            acquire_timeout: Duration::from_secs(5),
            statement_timeout: Duration::from_secs(30),
            application_name: "house".to_owned(),
        }
    }
}

/// A pool on the database that `url` names (`postgres://user:password@host:port/database`), with one connection made.
///
/// # Errors
/// [`DbError::Unavailable`] or [`DbError::NoConnection`] when nobody answers, [`DbError::Other`] when the URL or the
/// password is wrong.
pub async fn connect(url: &str, options: &Options) -> Result<Pool, DbError> {
    let server = PgConnectOptions::from_str(url)?
        .application_name(&options.application_name)
        .options([("statement_timeout", options.statement_timeout.as_millis().to_string())]);
    let pool = PgPoolOptions::new()
        .max_connections(options.max_connections)
        .acquire_timeout(options.acquire_timeout)
        .connect_with(server)
        .await?;
    Ok(pool)
}

/// Applies those of `migrator`'s migrations that the database lacks. Versions that belong to other rooms are left alone.
///
/// # Errors
/// [`DbError::Migration`] when one fails, or when one that was applied has been edited since.
pub async fn migrate(pool: &Pool, migrator: &Migrator) -> Result<(), DbError> {
    let mut ours = Migrator::with_migrations(migrator.iter().cloned().collect());
    ours.set_ignore_missing(true);
    ours.run(pool).await?;
    Ok(())
}
