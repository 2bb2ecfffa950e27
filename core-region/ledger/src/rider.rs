//! Riders: rows of another room that are written in the transaction of the batch that holds their unit.
//!
//! This is how a settlement's watermark and the postings it stands for become true together. A rider that refuses takes its
//! unit with it: the batch is rolled back and appended again without that unit, so that a rider costs its neighbours
//! time and nothing else. Make it few statements; it runs while the whole shard waits. It may run more than once, so it does
//! nothing but SQL on the connection that it is given.

use std::collections::BTreeMap;
use std::fmt::Debug;

use async_trait::async_trait;
use database::DbError;
use sqlx::PgConnection;

/// Rows that travel with a unit.
#[async_trait]
pub trait Rider: Debug + Send + Sync {
    /// Writes them, inside the batch's transaction, after the batch's own rows.
    ///
    /// # Errors
    /// [`RiderError::Refused`] with a stable code, or what the database said.
    async fn write(&self, connection: &mut PgConnection) -> Result<(), RiderError>;

    /// Writes them to the memory store's tables, in simulations.
    ///
    /// # Errors
    /// [`RiderError::Refused`] with the same codes as [`Rider::write`].
    fn write_memory(&self, tables: &mut MemoryTables) -> Result<(), RiderError>;
}

/// Why a rider is not written.
#[derive(Debug, thiserror::Error)]
pub enum RiderError {
    /// The rider's room says no: a stale epoch, a watermark that moved.
    #[error("the rider refuses: {0}")]
    Refused(&'static str),
    /// The database says no.
    #[error(transparent)]
    Database(#[from] DbError),
}

impl From<sqlx::Error> for RiderError {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error.into())
    }
}

/// Tables of other rooms in the memory store: ordered maps of bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemoryTables(BTreeMap<&'static str, BTreeMap<Vec<u8>, Vec<u8>>>);

impl MemoryTables {
    /// The row of `table` under `key`.
    #[must_use]
    pub fn get(&self, table: &str, key: &[u8]) -> Option<&[u8]> {
        self.0.get(table)?.get(key).map(Vec::as_slice)
    }

    /// Writes a row and returns the one it replaces.
    pub fn put(&mut self, table: &'static str, key: Vec<u8>, row: Vec<u8>) -> Option<Vec<u8>> {
        self.0.entry(table).or_default().insert(key, row)
    }

    /// Removes a row.
    pub fn remove(&mut self, table: &str, key: &[u8]) -> Option<Vec<u8>> {
        self.0.get_mut(table)?.remove(key)
    }

    /// The rows of `table` by key.
    pub fn rows(&self, table: &str) -> impl Iterator<Item = (&[u8], &[u8])> {
        self.0.get(table).into_iter().flatten().map(|(key, row)| (key.as_slice(), row.as_slice()))
    }
}
