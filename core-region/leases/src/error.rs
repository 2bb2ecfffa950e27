//! Three fates: refuse (the player's doing), repeat (ours, and passing), halt (an invariant is broken).

use bus::BusError;
use database::{AsDbError, DbError};
use ids::LeaseId;
use ledger::{StoreError, SubmitError};
use seeds::SeedsError;
use wire::v1::{Refusal, RefusalCode, Reply};

use crate::dealers::DealerError;
use crate::resume::ReplaysError;

/// Why the room did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum LeasesError {
    /// The asker may not have it.
    #[error("refused: {0}")]
    Refused(#[from] Refusal),
    /// The database.
    #[error(transparent)]
    Database(#[from] DbError),
    /// The seeds room.
    #[error(transparent)]
    Seeds(#[from] SeedsError),
    /// The ledger gave no answer, or halted.
    #[error(transparent)]
    Ledger(#[from] SubmitError),
    /// The ledger's log can't be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The dealer gave no answer.
    #[error(transparent)]
    Dealer(#[from] DealerError),
    /// The bus.
    #[error(transparent)]
    Bus(#[from] BusError),
    /// Settlement could not recompute deals.
    #[error(transparent)]
    Replays(#[from] ReplaysError),
    /// The stored lease contradicts itself, or the ledger or the dealer contradicts it. Nothing goes on from here by itself.
    #[error("lease {lease}: {what}")]
    Broken {
        /// Which.
        lease: LeaseId,
        /// How.
        what: &'static str,
    },
    /// A table of this room holds what the room never wrote, or a configuration asks for what can't be.
    #[error("{0}")]
    BrokenTable(&'static str),
}

impl From<RefusalCode> for LeasesError {
    fn from(code: RefusalCode) -> Self {
        Self::Refused(code.into())
    }
}

impl AsDbError for LeasesError {
    fn as_db_error(&self) -> Option<&DbError> {
        match self {
            Self::Database(error) => Some(error),
            Self::Seeds(error) => error.as_db_error(),
            Self::Store(error) => error.as_db_error(),
            _ => None,
        }
    }
}

impl LeasesError {
    /// What the asker is told: a refusal as it is, of everything else no more than which part failed.
    pub(crate) fn into_reply<T>(self) -> Reply<T> {
        let part = match self {
            Self::Refused(refusal) => return Reply::Refused(refusal),
            Self::Database(_) | Self::Broken { .. } | Self::BrokenTable(_) => "leases",
            Self::Seeds(_) => "seeds",
            Self::Ledger(_) | Self::Store(_) => "ledger",
            Self::Dealer(_) => "dealer",
            Self::Bus(_) => "bus",
            Self::Replays(_) => "settlement",
        };
        Reply::Failed(format!("{part} is not available"))
    }
}
