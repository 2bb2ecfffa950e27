//! What may go wrong in this room, by fate.

use database::DbError;

/// Trouble that a later try may not have. Nothing of the batch is settled.
#[derive(Debug, thiserror::Error)]
pub enum SettleError {
    /// The database.
    #[error(transparent)]
    Database(#[from] DbError),
    /// The bus.
    #[error(transparent)]
    Bus(#[from] bus::BusError),
    /// The ledger did not take the unit, or its answer is unknown: the same unit is submitted again.
    #[error(transparent)]
    Submit(#[from] ledger::SubmitError),
    /// The ledger refuses what the fold allows: an invariant is broken, and the shard halts until someone looks.
    #[error("the ledger refuses a settled batch: {0}")]
    Refused(&'static str),
    /// A game is not ready here, or this machine could not run it.
    #[error(transparent)]
    Fold(#[from] execution::FoldError),
    /// The leases room.
    #[error(transparent)]
    Leases(#[from] leases::LeasesError),
    /// The seeds room.
    #[error(transparent)]
    Seeds(#[from] seeds::SeedsError),
    /// A stored row can't be read: it was written by another version, or tampered with.
    #[error("a stored row can't be read: {0}")]
    Row(&'static str),
    /// A task of the machine's pool died.
    #[error("a worker died: {0}")]
    Worker(String),
}
