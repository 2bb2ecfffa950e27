//! What may go wrong at a dealer: denied requests, logs out of reach, logs that don't fold, keys that don't open.

use std::io;
use std::path::PathBuf;

use bus::{AppendError, BusError};
use wire::DecodeError;
use wire::v1::RefusalCode;

/// Why a request is not granted. Nothing was appended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// The asker's doing, or the lease's end: the code says which.
    #[error("{0}")]
    Refused(RefusalCode),
    /// The core asks for something else than it did before: its fault, kept and logged.
    #[error("contradicts the log: {0}")]
    Conflict(&'static str),
}

impl From<RefusalCode> for Denied {
    fn from(code: RefusalCode) -> Self {
        Self::Refused(code)
    }
}

/// A record that can't belong to its log. The lease stops, and alarms: somebody else wrote to the log.
#[derive(Debug, thiserror::Error)]
pub enum LogFault {
    /// It can't be read.
    #[error("sequence {seq} can't be read: {source}")]
    Unreadable {
        /// Its sequence in the stream.
        seq: u64,
        /// Why.
        source: DecodeError,
    },
    /// It names another lease, stands elsewhere than its index says, or after the end.
    #[error("record {index} is out of place")]
    OutOfPlace {
        /// Its index.
        index: u32,
    },
    /// It does not follow from the record before.
    #[error("record {index} does not follow from the one before")]
    Forked {
        /// Its index.
        index: u32,
    },
    /// Its deal or top-up is not the next one.
    #[error("record {index} skips a number")]
    Gap {
        /// Its index.
        index: u32,
    },
    /// Its terms can't be those of a lease of ours.
    #[error("record {index} has impossible terms")]
    BadTerms {
        /// Its index.
        index: u32,
    },
    /// More records than a lease can have.
    #[error("the log is too long")]
    TooLong,
}

/// Why the log can't be used now.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// It is not known whether the record stands. The lease is read back before it is used again.
    #[error("whether the record stands is unknown")]
    Unknown,
    /// The record does not stand: no room, no stream.
    #[error("append failed: {0}")]
    Append(#[from] AppendError),
    /// The log can't be read.
    #[error("read failed: {0}")]
    Read(#[from] BusError),
    /// The log does not fold.
    #[error("log fault: {0}")]
    Fault(#[from] LogFault),
    /// Others append all the time.
    #[error("the log grows under us")]
    Contended,
}

/// Why a key can't be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file can't be read or written.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file is no key: 64 lowercase hex digits.
    #[error("{0} holds no key")]
    Malformed(PathBuf),
    /// Others than its owner may read the file.
    #[error("{0} is open to others: chmod 600")]
    TooOpen(PathBuf),
    /// The lease's key does not open: sealed to another dealer, or for another lease.
    #[error("the lease's key does not open with this dealer's")]
    Sealed,
}
