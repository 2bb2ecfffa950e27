//! Rows of `seeds`: stored once, read with a line in the log, ended once.

use database::DbError;
use ids::LeaseId;
use sqlx::{PgConnection, Row};
use uuid::Uuid;

use crate::audit::{self, column_ms, row_id};
use crate::envelope::SealedSeed;
use crate::error::SeedsError;
use crate::randomness::Randomness;

/// What a seed is opened for: it stands in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// Its lease key is sealed to a dealer; only a live seed may be.
    Seal,
    /// Settlement derives the draw keys of bound deals.
    Settle,
    /// Deals are recomputed for a player who missed them.
    Replay,
}

impl Use {
    const fn event(self) -> &'static str {
        match self {
            Self::Seal => "sealed",
            Self::Settle => "settled",
            Self::Replay => "replayed",
        }
    }
}

/// A stored seed and whether it is live.
pub(crate) struct Stored {
    pub(crate) sealed: SealedSeed,
    pub(crate) live: bool,
}

impl SealedSeed {
    /// Stores the seed in the caller's transaction, which also stores the lease that it serves.
    ///
    /// # Errors
    /// [`SeedsError::Database`]; a lease has one seed for ever.
    pub async fn store_in_tx(
        &self,
        connection: &mut PgConnection,
        randomness: &Randomness,
        at_ms: u64,
    ) -> Result<(), SeedsError> {
        sqlx::query(
            "INSERT INTO seeds (lease, commit_hash, key_id, nonce, ciphertext, state, made_ms)
             VALUES ($1, $2, $3, $4, $5, 'live', $6)",
        )
        .bind(self.lease.as_uuid())
        .bind(self.commit.as_slice())
        .bind(self.key_id.as_slice())
        .bind(self.nonce.as_slice())
        .bind(self.ciphertext.as_slice())
        .bind(column_ms(at_ms))
        .execute(&mut *connection)
        .await
        .map_err(DbError::from)?;
        audit::write(connection, row_id(at_ms, randomness.bytes()?), at_ms, self.lease, "made", "").await
    }
}

/// Reads seeds and writes down that they were read, in one statement. Leases without a seed are left out.
pub(crate) async fn read(
    connection: &mut PgConnection,
    leases: &[(Uuid, LeaseId)],
    purpose: Use,
    at_ms: u64,
) -> Result<Vec<Stored>, SeedsError> {
    let ids: Vec<Uuid> = leases.iter().map(|(id, _)| *id).collect();
    let wanted: Vec<Uuid> = leases.iter().map(|(_, lease)| lease.as_uuid()).collect();
    let rows = sqlx::query(
        "WITH asked AS (SELECT * FROM unnest($1::uuid[], $2::uuid[]) AS row(id, lease)),
         logged AS (
             INSERT INTO seed_log (id, at_ms, lease, event, detail)
             SELECT asked.id, $3, asked.lease, $4, '' FROM asked JOIN seeds ON seeds.lease = asked.lease)
         SELECT seeds.lease, commit_hash, key_id, nonce, ciphertext, state = 'live' AS live
         FROM seeds JOIN asked ON seeds.lease = asked.lease",
    )
    .bind(ids)
    .bind(wanted)
    .bind(column_ms(at_ms))
    .bind(purpose.event())
    .fetch_all(connection)
    .await
    .map_err(DbError::from)?;
    rows.iter().map(stored).collect()
}

fn stored(row: &sqlx::postgres::PgRow) -> Result<Stored, SeedsError> {
    let lease = LeaseId::from(row.try_get::<Uuid, _>("lease").map_err(DbError::from)?);
    let sealed = SealedSeed {
        lease,
        commit: bytes(row, "commit_hash", lease)?,
        key_id: bytes(row, "key_id", lease)?,
        nonce: bytes(row, "nonce", lease)?,
        ciphertext: row.try_get("ciphertext").map_err(DbError::from)?,
    };
    Ok(Stored { sealed, live: row.try_get("live").map_err(DbError::from)? })
}

fn bytes<const N: usize>(row: &sqlx::postgres::PgRow, column: &str, lease: LeaseId) -> Result<[u8; N], SeedsError> {
    let bytes: &[u8] = row.try_get(column).map_err(DbError::from)?;
    bytes.try_into().map_err(|_| SeedsError::Corrupt(lease))
}

/// Burns the seed of a lease that never began: it is known from now on, and nothing may depend on it. Burning a burnt
/// seed changes nothing.
///
/// # Errors
/// [`SeedsError::NotLive`] when it was revealed, [`SeedsError::Unknown`], or the database's.
pub async fn burn_in_tx(
    connection: &mut PgConnection,
    randomness: &Randomness,
    lease: LeaseId,
    at_ms: u64,
) -> Result<(), SeedsError> {
    end(connection, randomness, lease, at_ms, "burnt").await
}

/// Marks the seed of a settled lease as revealed, in the transaction that makes the lease settled. Doing it again changes
/// nothing.
///
/// # Errors
/// [`SeedsError::NotLive`] when it was burnt, [`SeedsError::Unknown`], or the database's.
pub async fn reveal_in_tx(
    connection: &mut PgConnection,
    randomness: &Randomness,
    lease: LeaseId,
    at_ms: u64,
) -> Result<(), SeedsError> {
    end(connection, randomness, lease, at_ms, "revealed").await
}

async fn end(
    connection: &mut PgConnection,
    randomness: &Randomness,
    lease: LeaseId,
    at_ms: u64,
    state: &'static str,
) -> Result<(), SeedsError> {
    let changed = sqlx::query("UPDATE seeds SET state = $2, ended_ms = $3 WHERE lease = $1 AND state = 'live'")
        .bind(lease.as_uuid())
        .bind(state)
        .bind(column_ms(at_ms))
        .execute(&mut *connection)
        .await
        .map_err(DbError::from)?;
    if changed.rows_affected() == 1 {
        return audit::write(connection, row_id(at_ms, randomness.bytes()?), at_ms, lease, state, "").await;
    }
    let found: Option<String> = sqlx::query_scalar("SELECT state FROM seeds WHERE lease = $1")
        .bind(lease.as_uuid())
        .fetch_optional(connection)
        .await
        .map_err(DbError::from)?;
    match found {
        None => Err(SeedsError::Unknown(lease)),
        Some(found) if found == state => Ok(()),
        Some(_) => Err(SeedsError::NotLive(lease)),
    }
}
