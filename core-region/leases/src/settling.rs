//! What settlement needs of a lease, and does to it.

use std::collections::BTreeMap;
use std::sync::Arc;

use database::{DbError, Pool};
use ids::{LeaseId, PlayerId};
use money::Currency;
use sqlx::PgConnection;
use wire::v1::lease::{CarriedRound, LeaseTerms};

use crate::entity::Status;
use crate::error::LeasesError;
use crate::repo::steps;
use crate::{carried, repo};

/// The terms of those leases that have any: the ones that were granted.
///
/// # Errors
/// [`LeasesError::Database`] or [`LeasesError::Broken`].
pub async fn terms_of(pool: &Pool, leases: &[LeaseId]) -> Result<BTreeMap<LeaseId, Arc<LeaseTerms>>, LeasesError> {
    let found = repo::find_all(pool, leases).await?;
    Ok(found.into_iter().filter_map(|lease| Some((lease.id, Arc::new(lease.terms?)))).collect())
}

/// Makes a lease settled, and puts down the round that it left open, in the transaction of the postings that settle it.
/// Doing it again changes nothing. The reaper then marks the seed as revealed.
///
/// # Errors
/// [`DbError::RowCount`] when there is no such lease or it never began; the database's.
pub async fn settled_in_tx(
    connection: &mut PgConnection,
    lease: LeaseId,
    player: PlayerId,
    currency: Currency,
    round: Option<&CarriedRound>,
) -> Result<(), DbError> {
    if !steps::settle(connection, lease).await? {
        let state: Option<String> = sqlx::query_scalar("SELECT state FROM leases WHERE lease = $1")
            .bind(lease.as_uuid())
            .fetch_optional(&mut *connection)
            .await?;
        if state.as_deref().and_then(Status::parse) != Some(Status::Settled) {
            return Err(DbError::RowCount { what: "settling a lease", due: 1, found: 0 });
        }
    }
    match round {
        Some(round) => carried::put_in_tx(connection, lease, player, currency, round).await,
        None => Ok(()),
    }
}
