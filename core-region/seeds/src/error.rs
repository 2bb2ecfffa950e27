//! What can go wrong in the room, and with its key files.

use std::io;
use std::path::PathBuf;

use database::{AsDbError, DbError};
use fairness::HealthError;
use ids::LeaseId;

/// Why the room did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum SeedsError {
    /// The database.
    #[error(transparent)]
    Database(#[from] DbError),
    /// No such lease has a seed here.
    #[error("lease {0} has no seed")]
    Unknown(LeaseId),
    /// The seed is burnt or revealed: nothing new may depend on it.
    #[error("the seed of lease {0} is not live")]
    NotLive(LeaseId),
    /// The stored seed does not open, or is not the committed one: an invariant is broken.
    #[error("the stored seed of lease {0} is corrupt, or its key is not in the ring")]
    Corrupt(LeaseId),
    /// The operating system gave no randomness.
    #[error("no randomness: {0}")]
    NoRandomness(String),
    /// A source failed its health test: no new leases.
    #[error("the {origin} entropy source is unhealthy, new leases are stopped: {fault}")]
    Unhealthy {
        /// `system` or `hardware`.
        origin: &'static str,
        /// Which test.
        fault: HealthError,
    },
    /// The hardware source that the configuration names can't be read: no new leases.
    #[error("the hardware entropy source can't be read, new leases are stopped: {0}")]
    NoHardware(String),
    /// Reseedings could not be written down for too long.
    #[error("the audit log is behind, the generator is stopped")]
    LogBehind,
    /// The dealer's public key is no key.
    #[error("the dealer's key is not an X25519 public key")]
    BadDealerKey,
    /// More seeds than one statement reads.
    #[error("{0} seeds asked for at once")]
    TooMany(usize),
}

impl AsDbError for SeedsError {
    fn as_db_error(&self) -> Option<&DbError> {
        match self {
            Self::Database(error) => Some(error),
            _ => None,
        }
    }
}

/// Why a key file can't be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// Reading or writing.
    #[error("key file {path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// How it failed.
        source: io::Error,
    },
    /// Others than the owner may read it.
    #[error("key file {path} has mode {mode:o}: only its owner may read it (0600)")]
    TooOpen {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// It is not 64 hex digits.
    #[error("key file {path} does not hold 64 lowercase hex digits")]
    Malformed {
        /// The file.
        path: PathBuf,
    },
    /// The system gave no randomness.
    #[error("no randomness for a new key: {0}")]
    NoRandomness(String),
}
