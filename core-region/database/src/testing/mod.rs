//! A real database for a test: cloned from a migrated template in some tens of milliseconds, dropped with its guard.
//!
//! The server is the one that the environment names in `HOUSE_TEST_DATABASE_URL` (its role must be allowed to create
//! databases), else a private one that the first test starts and that ends by itself some seconds after the last test process is
//! gone ([`cluster`]). For tests only: the private server runs without fsync, and trusts this machine's users.
//!
//! ```no_run
//! # async fn example(migrator: &'static sqlx::migrate::Migrator) -> Result<(), database::testing::TestingError> {
//! let database = database::testing::TestDatabase::create(&[migrator]).await?;
//! sqlx::query("SELECT 1").execute(database.pool()).await.expect("answers");
//! # Ok(())
//! # }
//! ```

mod cluster;
mod template;

use std::io;

pub use template::TestDatabase;

use crate::DbError;

/// Why there is no database for a test.
#[derive(Debug, thiserror::Error)]
pub enum TestingError {
    /// A program of Postgres, or one that starts it as another user, is missing.
    #[error("{0} not found: install PostgreSQL 15 or newer, or set HOUSE_TEST_DATABASE_URL")]
    Missing(&'static str),
    /// A program failed.
    #[error("{program} failed: {stderr}")]
    Program {
        /// Which one.
        program: &'static str,
        /// The end of what it said.
        stderr: String,
    },
    /// Files or processes.
    #[error("{doing}: {source}")]
    Io {
        /// What was tried.
        doing: &'static str,
        /// How it failed.
        source: io::Error,
    },
    /// The server refused.
    #[error(transparent)]
    Database(#[from] DbError),
}

impl From<sqlx::Error> for TestingError {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error.into())
    }
}
