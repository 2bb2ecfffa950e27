//! Rows of `lease_topups`. A top-up goes moving -> moved -> written, or moving -> rejected, or moved -> returning ->
//! returned: it ends exactly once.

use database::{DbError, Pool};
use ids::LeaseId;
use money::Amount;
use sqlx::PgConnection;
use uuid::Uuid;
use wire::v1::record::Record;

use super::column_ms;
use crate::error::LeasesError;
use crate::limits;

/// Where a top-up stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TopUpStatus {
    /// The ledger is asked to move the money.
    Moving,
    /// The money is in the escrow; the dealer is asked to write it into the log.
    Moved,
    /// The log was closed without it: the ledger is asked to give the money back.
    Returning,
    /// In the log.
    Written,
    /// Back in cash.
    Returned,
    /// The player could not pay it.
    Rejected,
}

impl TopUpStatus {
    const ALL: [(Self, &'static str); 6] = [
        (Self::Moving, "moving"),
        (Self::Moved, "moved"),
        (Self::Returning, "returning"),
        (Self::Written, "written"),
        (Self::Returned, "returned"),
        (Self::Rejected, "rejected"),
    ];

    fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, name)| *name == text).map(|(status, _)| *status)
    }
}

/// One attempt to put more money into a lease.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TopUpRow {
    pub(crate) lease: LeaseId,
    /// From 1; the number of its transfers.
    pub(crate) attempt: u32,
    pub(crate) status: TopUpStatus,
    pub(crate) amount: Amount,
    /// Its number in the log, once its money is in the escrow.
    pub(crate) grant: Option<u32>,
    pub(crate) record: Option<Record>,
    pub(crate) made_ms: u64,
}

type Columns = (Uuid, i32, String, i64, Option<i32>, Option<String>, i64);

fn row(columns: Columns) -> Result<TopUpRow, LeasesError> {
    let (lease, attempt, status, amount, grant, record, made_ms) = columns;
    let lease = LeaseId::from(lease);
    let broken = LeasesError::Broken { lease, what: "a top-up's row can't be read" };
    let count = |number: i32| u32::try_from(number).ok();
    let (Some(status), Some(attempt)) = (TopUpStatus::parse(&status), count(attempt)) else { return Err(broken) };
    let Ok(record) = record.map(|text| wire::decode(text.as_bytes())).transpose() else { return Err(broken) };
    let made_ms = super::from_column_ms(made_ms);
    Ok(TopUpRow {
        lease,
        attempt,
        status,
        amount: Amount::from_minor(amount),
        grant: grant.and_then(count),
        record,
        made_ms,
    })
}

/// The top-up of a lease that is on its way.
pub(crate) async fn pending(connection: &mut PgConnection, lease: LeaseId) -> Result<Option<TopUpRow>, LeasesError> {
    let found: Option<Columns> = sqlx::query_as(
        "SELECT lease, attempt, state, amount_minor, grant_no, record, made_ms FROM lease_topups
         WHERE lease = $1 AND state IN ('moving', 'moved', 'returning')",
    )
    .bind(lease.as_uuid())
    .fetch_optional(connection)
    .await
    .map_err(DbError::from)?;
    found.map(row).transpose()
}

/// One top-up.
pub(crate) async fn find(pool: &Pool, lease: LeaseId, attempt: u32) -> Result<Option<TopUpRow>, LeasesError> {
    let found: Option<Columns> = sqlx::query_as(
        "SELECT lease, attempt, state, amount_minor, grant_no, record, made_ms FROM lease_topups
         WHERE lease = $1 AND attempt = $2",
    )
    .bind(lease.as_uuid())
    .bind(column(attempt))
    .fetch_optional(pool)
    .await
    .map_err(DbError::from)?;
    found.map(row).transpose()
}

/// Begins the next attempt of a lease that is still open; none when it is not, or has had too many.
pub(crate) async fn begin(
    connection: &mut PgConnection,
    lease: LeaseId,
    amount: Amount,
    now_ms: u64,
) -> Result<Option<TopUpRow>, LeasesError> {
    // The row's lock orders this against the lease's closing and against another top-up.
    let open: Option<Uuid> =
        sqlx::query_scalar("SELECT lease FROM leases WHERE lease = $1 AND state = 'open' FOR UPDATE")
            .bind(lease.as_uuid())
            .fetch_optional(&mut *connection)
            .await
            .map_err(DbError::from)?;
    if open.is_none() {
        return Ok(None);
    }
    let made: Option<Columns> = sqlx::query_as(
        "INSERT INTO lease_topups (lease, attempt, state, amount_minor, made_ms, next_ms, tries)
         SELECT $1, COALESCE(max(attempt), 0) + 1, 'moving', $2, $3, $4, 0 FROM lease_topups WHERE lease = $1
         HAVING COALESCE(max(attempt), 0) < $5
         RETURNING lease, attempt, state, amount_minor, grant_no, record, made_ms",
    )
    .bind(lease.as_uuid())
    .bind(amount.minor())
    .bind(column_ms(now_ms))
    .bind(column_ms(now_ms.saturating_add(limits::HANDS_OFF_MS)))
    .bind(limits::TOPUP_ATTEMPTS)
    .fetch_optional(connection)
    .await
    .map_err(DbError::from)?;
    made.map(row).transpose()
}

/// The money is in the escrow: the top-up gets the number that is next in the log.
pub(crate) async fn moved(pool: &Pool, topup: &TopUpRow) -> Result<(), LeasesError> {
    sqlx::query(
        "UPDATE lease_topups SET state = 'moved', tries = 0,
             grant_no = (SELECT count(*) + 1 FROM lease_topups AS other WHERE other.lease = $1 AND other.state = 'written')
         WHERE lease = $1 AND attempt = $2 AND state = 'moving'",
    )
    .bind(topup.lease.as_uuid())
    .bind(column(topup.attempt))
    .execute(pool)
    .await
    .map_err(DbError::from)?;
    Ok(())
}

/// The ledger says that the player could not pay.
pub(crate) async fn rejected(pool: &Pool, topup: &TopUpRow) -> Result<(), LeasesError> {
    sqlx::query("UPDATE lease_topups SET state = 'rejected' WHERE lease = $1 AND attempt = $2 AND state = 'moving'")
        .bind(topup.lease.as_uuid())
        .bind(column(topup.attempt))
        .execute(pool)
        .await
        .map_err(DbError::from)?;
    Ok(())
}

/// It stands in the log.
pub(crate) async fn written(pool: &Pool, topup: &TopUpRow, record: &Record) -> Result<(), LeasesError> {
    sqlx::query(
        "UPDATE lease_topups SET state = 'written', record = $3 WHERE lease = $1 AND attempt = $2 AND state = 'moved'",
    )
    .bind(topup.lease.as_uuid())
    .bind(column(topup.attempt))
    .bind(String::from_utf8_lossy(&wire::encode(record)).into_owned())
    .execute(pool)
    .await
    .map_err(DbError::from)?;
    Ok(())
}

/// The log was closed without it.
pub(crate) async fn returning(pool: &Pool, topup: &TopUpRow) -> Result<(), LeasesError> {
    sqlx::query(
        "UPDATE lease_topups SET state = 'returning', tries = 0 WHERE lease = $1 AND attempt = $2 AND state = 'moved'",
    )
    .bind(topup.lease.as_uuid())
    .bind(column(topup.attempt))
    .execute(pool)
    .await
    .map_err(DbError::from)?;
    Ok(())
}

/// Its money is back.
pub(crate) async fn returned(pool: &Pool, topup: &TopUpRow) -> Result<(), LeasesError> {
    sqlx::query("UPDATE lease_topups SET state = 'returned' WHERE lease = $1 AND attempt = $2 AND state = 'returning'")
        .bind(topup.lease.as_uuid())
        .bind(column(topup.attempt))
        .execute(pool)
        .await
        .map_err(DbError::from)?;
    Ok(())
}

/// Takes in hand top-ups that nobody has moved for long enough, as leases are claimed.
pub(crate) async fn claim(pool: &Pool, now_ms: u64) -> Result<Vec<(LeaseId, u32)>, LeasesError> {
    let rows: Vec<(Uuid, i32)> = sqlx::query_as(
        "UPDATE lease_topups SET tries = LEAST(tries + 1, 20), next_ms = $1 + LEAST(500 * 2 ^ tries, $2)::int8
         WHERE (lease, attempt) IN (
             SELECT lease, attempt FROM lease_topups WHERE state IN ('moving', 'moved', 'returning') AND next_ms <= $1
             ORDER BY next_ms LIMIT $3 FOR UPDATE SKIP LOCKED)
         RETURNING lease, attempt",
    )
    .bind(column_ms(now_ms))
    .bind(column_ms(limits::LONGEST_PAUSE_MS))
    .bind(limits::REAPER_ROWS)
    .fetch_all(pool)
    .await
    .map_err(DbError::from)?;
    Ok(rows.into_iter().filter_map(|(lease, attempt)| Some((lease.into(), u32::try_from(attempt).ok()?))).collect())
}

fn column(attempt: u32) -> i32 {
    i32::try_from(attempt).unwrap_or(i32::MAX)
}
