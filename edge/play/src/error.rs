//! What fails inside this crate, and how a player hears of it.
//!
//! A player's doing is a [`Refusal`] with a stable code. Everything here is ours: the player is told to send the same again.

use bus::BusError;
use wire::v1::{Refusal, RefusalCode};

use crate::catalogue::CatalogueError;
use crate::lease::FoldError;

/// A fault of this edge or of what it depends on.
#[derive(Debug, thiserror::Error)]
pub enum PlayError {
    /// NATS: a request or a read of the log.
    #[error(transparent)]
    Bus(#[from] BusError),
    /// A message that is no message of ours.
    #[error("unreadable record in the log of lease {lease}: {source}")]
    Record {
        /// Whose log.
        lease: ids::LeaseId,
        /// Why.
        source: wire::DecodeError,
    },
    /// The log holds less than its dealer says, after several reads.
    #[error("the log of lease {lease} holds {held} records, its dealer says {said}")]
    ShortLog {
        /// Whose log.
        lease: ids::LeaseId,
        /// Records read.
        held: u32,
        /// Records that the dealer appended.
        said: u32,
    },
    /// A game can't be loaded.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    /// A record could not be folded.
    #[error("record of lease {lease}: {reason}")]
    Fold {
        /// Whose.
        lease: ids::LeaseId,
        /// Why.
        reason: String,
    },
    /// An answer that contradicts what was asked: another player's lease, another edge's.
    #[error("lease {0} is not this player's at this edge")]
    WrongLease(ids::LeaseId),
    /// The answer said no, in words for a player.
    #[error("refused: {0}")]
    Refused(Refusal),
    /// A task of this process ended early.
    #[error("the work was cut off")]
    CutOff,
}

impl PlayError {
    pub(crate) fn fold(lease: ids::LeaseId, error: &FoldError) -> Self {
        Self::Fold { lease, reason: error.to_string() }
    }

    /// What the player is told. The cause is logged here, once, with the trace.
    pub(crate) fn refusal(self, trace: &telemetry::Trace) -> Refusal {
        match self {
            Self::Refused(refusal) => refusal,
            other => {
                tracing::warn!(trace_id = %trace.trace_id(), error = %other, "a player is told to try again");
                RefusalCode::Unavailable.into()
            }
        }
    }
}

impl From<Refusal> for PlayError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}
