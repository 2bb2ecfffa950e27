//! What a database's answer means to a caller: repeat, give way, wait, ask, or stop.
//!
//! SQLSTATE codes: PostgreSQL manual, appendix A. CockroachDB and YugabyteDB use the same ones for repeats (40001).

use sqlx::error::DatabaseError;
use sqlx::migrate::MigrateError;

/// The cause, for logs only.
pub type BoxedError = Box<dyn std::error::Error + Send + Sync>;

/// Why the database did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// Nothing was done, and the same transaction may be run again at once (40001, 40P01, 55P03).
    #[error("the database asks to run the transaction again ({sqlstate})")]
    Retry {
        /// The five characters of the code.
        sqlstate: String,
    },
    /// A unique or primary key holds such a row already: somebody else was first.
    #[error("unique constraint {constraint} refuses the row")]
    Unique {
        /// The constraint's name.
        constraint: String,
    },
    /// The connection was lost or the server is going down. A statement outside a transaction may have been done.
    #[error("the database is unavailable: {source}")]
    Unavailable {
        /// What the driver or the server said.
        source: BoxedError,
    },
    /// No connection of the pool came free in time, or the pool is closed. Nothing was done.
    #[error("no connection to the database came free")]
    NoConnection,
    /// COMMIT was sent and no answer came: find out by reading, do not repeat.
    #[error("whether the transaction was committed is unknown: {source}")]
    Ambiguous {
        /// What ended the wait.
        source: BoxedError,
    },
    /// The migrations could not be applied.
    #[error("the schema could not be migrated: {source}")]
    Migration {
        /// Which one, and why.
        source: BoxedError,
    },
    /// A statement changed another number of rows than it must: an invariant is broken.
    #[error("{what}: {found} rows where {due} were due")]
    RowCount {
        /// The statement.
        what: &'static str,
        /// Rows that were due.
        due: u64,
        /// Rows that were touched.
        found: u64,
    },
    /// Anything else: a constraint, a type, a missing table. Repeating does not help.
    #[error("database error{}: {source}", sqlstate.as_ref().map(|code| format!(" {code}")).unwrap_or_default())]
    Other {
        /// The five characters of the code, when the server sent one.
        sqlstate: Option<String>,
        /// What the driver or the server said.
        source: BoxedError,
    },
}

impl DbError {
    /// Whether the transaction left no trace and may be run again as it is. True of lost connections only because the
    /// caller, [`crate::run_tx`], had not sent COMMIT.
    #[must_use]
    pub fn may_run_again(&self) -> bool {
        matches!(self, Self::Retry { .. } | Self::Unavailable { .. })
    }

    /// Whether a unique constraint of that name refused a row.
    #[must_use]
    pub fn is_unique(&self, name: &str) -> bool {
        matches!(self, Self::Unique { constraint } if constraint == name)
    }

    /// The same failure, met while waiting for the answer to COMMIT.
    #[must_use]
    pub(crate) fn at_commit(self) -> Self {
        match self {
            Self::Unavailable { source } => Self::Ambiguous { source },
            other => other,
        }
    }
}

fn of_server(error: Box<dyn DatabaseError>) -> DbError {
    let sqlstate = error.code().unwrap_or_default().into_owned();
    match sqlstate.as_str() {
        "40001" | "40P01" | "55P03" => DbError::Retry { sqlstate },
        "23505" => DbError::Unique { constraint: error.constraint().unwrap_or_default().to_owned() },
        "40003" => DbError::Ambiguous { source: error.into_error() },
        // cancelled, read-only after a failover, shutting down or starting up, out of a resource, an error of the disk
        "57014" | "25006" | "57P01" | "57P02" | "57P03" | "57P05" => {
            DbError::Unavailable { source: error.into_error() }
        }
        code if ["08", "53", "58"].iter().any(|class| code.starts_with(class)) => {
            DbError::Unavailable { source: error.into_error() }
        }
        _ => DbError::Other { sqlstate: Some(sqlstate), source: error.into_error() },
    }
}

impl From<sqlx::Error> for DbError {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::Database(error) => of_server(error),
            sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed => Self::NoConnection,
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::Protocol(_)
            | sqlx::Error::WorkerCrashed
            | sqlx::Error::BeginFailed => Self::Unavailable { source: Box::new(error) },
            other => Self::Other { sqlstate: None, source: Box::new(other) },
        }
    }
}

impl From<MigrateError> for DbError {
    fn from(error: MigrateError) -> Self {
        Self::Migration { source: Box::new(error) }
    }
}
