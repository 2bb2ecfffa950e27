//! The steps of a lease as conditional updates: each takes effect only from the states that [`Step`] allows, and says
//! whether it did. Also the claims by which the reaper takes rows in hand.

use database::{DbError, Pool};
use ids::LeaseId;
use sqlx::PgConnection;
use uuid::Uuid;
use wire::v1::lease::CloseReason;
use wire::v1::record::Record;

use super::{column_ms, word};
use crate::entity::{Lease, Step};
use crate::error::LeasesError;
use crate::limits;

/// Whether a step was taken, or another had been before.
pub(crate) type Taken = bool;

fn text(record: &Record) -> String {
    String::from_utf8_lossy(&wire::encode(record)).into_owned()
}

fn hands_off(now_ms: u64) -> i64 {
    column_ms(now_ms.saturating_add(limits::HANDS_OFF_MS))
}

/// Stores an offered lease.
pub(crate) async fn insert(connection: &mut PgConnection, lease: &Lease) -> Result<(), LeasesError> {
    sqlx::query(
        "INSERT INTO leases (lease, player, state, epoch, edge, region, dealer, log_region, currency, escrow_minor,
             commit_hash, player_tag, offer_signature, offer_ms, expires_ms, max_rounds, valid_until_ms, changed_ms,
             next_ms, tries)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $14, $14, 0)",
    )
    .bind(lease.id.as_uuid())
    .bind(lease.player.as_uuid())
    .bind(lease.status.as_str())
    .bind(i32::try_from(lease.epoch).unwrap_or(i32::MAX))
    .bind(lease.edge.as_str())
    .bind(lease.region.as_str())
    .bind(lease.dealer.as_str())
    .bind(lease.log_region.as_str())
    .bind(lease.currency.code())
    .bind(lease.escrow_minor.minor())
    .bind(lease.commit.0.as_slice())
    .bind(lease.player_tag.0.as_slice())
    .bind(lease.offer_signature.0.as_slice())
    .bind(column_ms(lease.offer_ms))
    .bind(column_ms(lease.expires_ms))
    .bind(i64::from(lease.max_rounds))
    .bind(column_ms(lease.valid_until_ms))
    .execute(connection)
    .await
    .map_err(DbError::from)?;
    Ok(())
}

/// Locks a lease's row until the transaction ends; whether it is still an offer.
pub(crate) async fn lock_offered(connection: &mut PgConnection, lease: LeaseId) -> Result<bool, LeasesError> {
    let state: Option<String> = sqlx::query_scalar("SELECT state FROM leases WHERE lease = $1 FOR UPDATE")
        .bind(lease.as_uuid())
        .fetch_optional(connection)
        .await
        .map_err(DbError::from)?;
    Ok(state.as_deref() == Some("offered"))
}

/// [`Step::Grant`]: the terms, as JSON, are fixed.
pub(crate) async fn grant(
    connection: &mut PgConnection,
    lease: LeaseId,
    terms: &str,
    valid_until_ms: u64,
    now_ms: u64,
) -> Result<Taken, LeasesError> {
    let done = sqlx::query(
        "UPDATE leases SET state = 'granted', terms = $2, granted_ms = $3, valid_until_ms = $4, changed_ms = $3,
             next_ms = $5, tries = 0
         WHERE lease = $1 AND state = ANY($6)",
    )
    .bind(lease.as_uuid())
    .bind(terms)
    .bind(column_ms(now_ms))
    .bind(column_ms(valid_until_ms))
    .bind(hands_off(now_ms))
    .bind(Step::Grant.leaving())
    .execute(connection)
    .await
    .map_err(DbError::from)?;
    Ok(done.rows_affected() == 1)
}

/// [`Step::Refuse`].
pub(crate) async fn refuse(connection: &mut PgConnection, lease: LeaseId, now_ms: u64) -> Result<Taken, LeasesError> {
    let done = sqlx::query("UPDATE leases SET state = 'refused', changed_ms = $2 WHERE lease = $1 AND state = ANY($3)")
        .bind(lease.as_uuid())
        .bind(column_ms(now_ms))
        .bind(Step::Refuse.leaving())
        .execute(connection)
        .await
        .map_err(DbError::from)?;
    Ok(done.rows_affected() == 1)
}

/// [`Step::Refuse`] of an offer only: one that was taken up meanwhile is left alone.
pub(crate) async fn refuse_offer(
    connection: &mut PgConnection,
    lease: LeaseId,
    now_ms: u64,
) -> Result<Taken, LeasesError> {
    let done =
        sqlx::query("UPDATE leases SET state = 'refused', changed_ms = $2 WHERE lease = $1 AND state = 'offered'")
            .bind(lease.as_uuid())
            .bind(column_ms(now_ms))
            .execute(connection)
            .await
            .map_err(DbError::from)?;
    Ok(done.rows_affected() == 1)
}

/// A granted lease that is tried again gets a new time to live.
pub(crate) async fn revive(pool: &Pool, lease: LeaseId, valid_until_ms: u64) -> Result<Taken, LeasesError> {
    let done = sqlx::query("UPDATE leases SET valid_until_ms = $2 WHERE lease = $1 AND state = 'granted'")
        .bind(lease.as_uuid())
        .bind(column_ms(valid_until_ms))
        .execute(pool)
        .await
        .map_err(DbError::from)?;
    Ok(done.rows_affected() == 1)
}

/// [`Step::Open`], with the dealer's first record.
pub(crate) async fn open(pool: &Pool, lease: LeaseId, record: &Record, now_ms: u64) -> Result<Taken, LeasesError> {
    let done = sqlx::query(
        "UPDATE leases SET state = 'open', opened = $2, changed_ms = $3, tries = 0 WHERE lease = $1 AND state = ANY($4)",
    )
    .bind(lease.as_uuid())
    .bind(text(record))
    .bind(column_ms(now_ms))
    .bind(Step::Open.leaving())
    .execute(pool)
    .await
    .map_err(DbError::from)?;
    Ok(done.rows_affected() == 1)
}

/// [`Step::StartClosing`]: the epoch rises, and so the edge that held the lease has lost it.
pub(crate) async fn start_closing(
    pool: &Pool,
    lease: LeaseId,
    reason: CloseReason,
    now_ms: u64,
) -> Result<Taken, LeasesError> {
    let done = sqlx::query(
        "UPDATE leases SET state = 'closing', epoch = epoch + 1, reason = $2, changed_ms = $3, next_ms = $4, tries = 0
         WHERE lease = $1 AND state = ANY($5)",
    )
    .bind(lease.as_uuid())
    .bind(word(&reason))
    .bind(column_ms(now_ms))
    .bind(hands_off(now_ms))
    .bind(Step::StartClosing.leaving())
    .execute(pool)
    .await
    .map_err(DbError::from)?;
    Ok(done.rows_affected() == 1)
}

/// [`Step::Close`], with the dealer's last record.
pub(crate) async fn close(pool: &Pool, lease: LeaseId, record: &Record, now_ms: u64) -> Result<Taken, LeasesError> {
    let done = sqlx::query(
        "UPDATE leases SET state = 'closed', closed = $2, changed_ms = $3, tries = 0 WHERE lease = $1 AND state = ANY($4)",
    )
    .bind(lease.as_uuid())
    .bind(text(record))
    .bind(column_ms(now_ms))
    .bind(Step::Close.leaving())
    .execute(pool)
    .await
    .map_err(DbError::from)?;
    Ok(done.rows_affected() == 1)
}

/// [`Step::Settle`]. The lease then waits for [`reveal`].
pub(crate) async fn settle(connection: &mut PgConnection, lease: LeaseId) -> Result<Taken, DbError> {
    let done = sqlx::query("UPDATE leases SET state = 'settled', next_ms = 0 WHERE lease = $1 AND state = ANY($2)")
        .bind(lease.as_uuid())
        .bind(Step::Settle.leaving())
        .execute(connection)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Settled leases whose seed is not marked as revealed.
pub(crate) async fn to_reveal(pool: &Pool) -> Result<Vec<LeaseId>, LeasesError> {
    let rows: Vec<Uuid> =
        sqlx::query_scalar("SELECT lease FROM leases WHERE state = 'settled' AND next_ms = 0 ORDER BY lease LIMIT $1")
            .bind(limits::REAPER_ROWS)
            .fetch_all(pool)
            .await
            .map_err(DbError::from)?;
    Ok(rows.into_iter().map(LeaseId::from).collect())
}

/// Nothing is left to do for a settled lease: its seed is marked as revealed, its closing record is kept.
pub(crate) async fn reveal(
    connection: &mut PgConnection,
    lease: LeaseId,
    record: &Record,
    now_ms: u64,
) -> Result<(), LeasesError> {
    sqlx::query(
        "UPDATE leases SET closed = COALESCE(closed, $2), changed_ms = $3, next_ms = $3
         WHERE lease = $1 AND state = 'settled' AND next_ms = 0",
    )
    .bind(lease.as_uuid())
    .bind(text(record))
    .bind(column_ms(now_ms))
    .execute(connection)
    .await
    .map_err(DbError::from)?;
    Ok(())
}

/// Offers that nobody took up since `offered_before_ms`.
pub(crate) async fn lapsed_offers(pool: &Pool, offered_before_ms: u64) -> Result<Vec<LeaseId>, LeasesError> {
    let rows: Vec<Uuid> = sqlx::query_scalar(
        "SELECT lease FROM leases WHERE state = 'offered' AND offer_ms < $1 ORDER BY offer_ms LIMIT $2",
    )
    .bind(column_ms(offered_before_ms))
    .bind(limits::REAPER_ROWS)
    .fetch_all(pool)
    .await
    .map_err(DbError::from)?;
    Ok(rows.into_iter().map(LeaseId::from).collect())
}

/// Open leases whose time is over: each with whether its whole lifetime is.
pub(crate) async fn overdue(pool: &Pool, before_ms: u64) -> Result<Vec<(LeaseId, bool)>, LeasesError> {
    let rows: Vec<(Uuid, bool)> = sqlx::query_as(
        "SELECT lease, expires_ms < $1 FROM leases
         WHERE state = 'open' AND (valid_until_ms < $1 OR expires_ms < $1) LIMIT $2",
    )
    .bind(column_ms(before_ms))
    .bind(limits::REAPER_ROWS)
    .fetch_all(pool)
    .await
    .map_err(DbError::from)?;
    Ok(rows.into_iter().map(|(lease, ended)| (lease.into(), ended)).collect())
}

/// Takes in hand granted and closing leases that nobody has moved for long enough: nobody else gets them until their next
/// time, which is further off at each try.
pub(crate) async fn claim(pool: &Pool, now_ms: u64) -> Result<Vec<LeaseId>, LeasesError> {
    let rows: Vec<Uuid> = sqlx::query_scalar(
        "UPDATE leases SET tries = LEAST(tries + 1, 20), next_ms = $1 + LEAST(500 * 2 ^ tries, $2)::int8
         WHERE lease IN (
             SELECT lease FROM leases WHERE state IN ('granted', 'closing') AND next_ms <= $1
             ORDER BY next_ms LIMIT $3 FOR UPDATE SKIP LOCKED)
         RETURNING lease",
    )
    .bind(column_ms(now_ms))
    .bind(column_ms(limits::LONGEST_PAUSE_MS))
    .bind(limits::REAPER_ROWS)
    .fetch_all(pool)
    .await
    .map_err(DbError::from)?;
    Ok(rows.into_iter().map(LeaseId::from).collect())
}
