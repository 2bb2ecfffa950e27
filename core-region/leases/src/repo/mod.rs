//! Rows of `leases`: how one becomes a [`Lease`], and the ways in which they are found. Steps are in [`steps`].

mod columns;
pub(crate) mod steps;
pub(crate) mod topups;

use database::{DbError, Pool};
use ids::{DealerId, EdgeId, LeaseId, PlayerId};
use sqlx::Row;
use sqlx::postgres::PgRow;
use uuid::Uuid;

pub(crate) use columns::{column_ms, from_column_ms, word};

use crate::entity::{Lease, Status};
use crate::error::LeasesError;
use columns::{bytes, name, read_word, record, small};

/// All columns of a lease.
macro_rules! select_lease {
    ($rest:literal) => {
        concat!(
            "SELECT lease, player, state, epoch, edge, region, dealer, log_region, currency, escrow_minor, commit_hash, ",
            "player_tag, offer_signature, offer_ms, expires_ms, max_rounds, granted_ms, valid_until_ms, terms, opened, ",
            "reason, closed, changed_ms FROM leases ",
            $rest
        )
    };
}

/// The lease of that id.
pub(crate) async fn find(pool: &Pool, lease: LeaseId) -> Result<Option<Lease>, LeasesError> {
    let query = sqlx::query(select_lease!("WHERE lease = $1")).bind(lease.as_uuid());
    let row = query.fetch_optional(pool).await.map_err(DbError::from)?;
    row.as_ref().map(entity).transpose()
}

/// The leases of those ids.
pub(crate) async fn find_all(pool: &Pool, leases: &[LeaseId]) -> Result<Vec<Lease>, LeasesError> {
    let ids: Vec<Uuid> = leases.iter().map(|lease| lease.as_uuid()).collect();
    let rows = sqlx::query(select_lease!("WHERE lease = ANY($1)")).bind(ids).fetch_all(pool).await;
    rows.map_err(DbError::from)?.iter().map(entity).collect()
}

/// The player's offer or running lease.
pub(crate) async fn active_of(pool: &Pool, player: PlayerId) -> Result<Option<Lease>, LeasesError> {
    let query = sqlx::query(select_lease!("WHERE player = $1 AND state IN ('offered', 'granted', 'open')"));
    let row = query.bind(player.as_uuid()).fetch_optional(pool).await.map_err(DbError::from)?;
    row.as_ref().map(entity).transpose()
}

/// The player's leases, the newest first.
pub(crate) async fn of_player(
    pool: &Pool,
    player: PlayerId,
    before: Option<LeaseId>,
    limit: u32,
) -> Result<Vec<Lease>, LeasesError> {
    let query = sqlx::query(select_lease!(
        "WHERE player = $1 AND ($2::uuid IS NULL OR lease < $2) ORDER BY lease DESC LIMIT $3"
    ));
    let rows = query
        .bind(player.as_uuid())
        .bind(before.map(LeaseId::as_uuid))
        .bind(i64::from(limit))
        .fetch_all(pool)
        .await
        .map_err(DbError::from)?;
    rows.iter().map(entity).collect()
}

/// A dealer's open leases, by id.
pub(crate) async fn open_at(
    pool: &Pool,
    dealer: &DealerId,
    after: Option<LeaseId>,
    limit: i64,
) -> Result<Vec<Lease>, LeasesError> {
    let query = sqlx::query(select_lease!(
        "WHERE dealer = $1 AND state = 'open' AND ($2::uuid IS NULL OR lease > $2) ORDER BY lease LIMIT $3"
    ));
    let rows = query
        .bind(dealer.as_str())
        .bind(after.map(LeaseId::as_uuid))
        .bind(limit)
        .fetch_all(pool)
        .await
        .map_err(DbError::from)?;
    rows.iter().map(entity).collect()
}

/// The escrow accounts that may hold money of a player: his leases that are neither refused nor settled, and those to
/// which a top-up is still on its way.
pub(crate) async fn unsettled_of(pool: &Pool, player: PlayerId) -> Result<Vec<(LeaseId, String)>, LeasesError> {
    let rows: Vec<(Uuid, String)> = sqlx::query_as(
        "SELECT lease, currency FROM leases WHERE player = $1 AND state IN ('granted', 'open', 'closing', 'closed')
         UNION
         SELECT leases.lease, leases.currency FROM lease_topups JOIN leases ON leases.lease = lease_topups.lease
         WHERE leases.player = $1 AND lease_topups.state IN ('moving', 'moved', 'returning')",
    )
    .bind(player.as_uuid())
    .fetch_all(pool)
    .await
    .map_err(DbError::from)?;
    Ok(rows.into_iter().map(|(lease, currency)| (lease.into(), currency)).collect())
}

/// The leases of `held` that this edge still holds at that epoch live until `valid_until_ms`; each with its dealer.
pub(crate) async fn renew(
    pool: &Pool,
    edge: &EdgeId,
    held: &[(LeaseId, u32)],
    valid_until_ms: u64,
) -> Result<Vec<(LeaseId, DealerId)>, LeasesError> {
    let leases: Vec<Uuid> = held.iter().map(|(lease, _)| lease.as_uuid()).collect();
    let epochs: Vec<i32> = held.iter().map(|(_, epoch)| i32::try_from(*epoch).unwrap_or(i32::MAX)).collect();
    let rows: Vec<(Uuid, String)> = sqlx::query_as(
        "UPDATE leases SET valid_until_ms = GREATEST(leases.valid_until_ms, $4)
         FROM unnest($1::uuid[], $2::int4[]) AS held(lease, epoch)
         WHERE leases.lease = held.lease AND leases.epoch = held.epoch AND leases.edge = $3 AND leases.state = 'open'
         RETURNING leases.lease, leases.dealer",
    )
    .bind(leases)
    .bind(epochs)
    .bind(edge.as_str())
    .bind(column_ms(valid_until_ms))
    .fetch_all(pool)
    .await
    .map_err(DbError::from)?;
    let named = |(lease, dealer): (Uuid, String)| {
        let lease = LeaseId::from(lease);
        Ok((lease, dealer.parse().map_err(|_| LeasesError::Broken { lease, what: "its dealer's name is none" })?))
    };
    rows.into_iter().map(named).collect()
}

/// Leases in one state, by id.
pub(crate) async fn in_state(
    pool: &Pool,
    status: Status,
    after: Option<LeaseId>,
    limit: u32,
) -> Result<Vec<Lease>, LeasesError> {
    let query =
        sqlx::query(select_lease!("WHERE state = $1 AND ($2::uuid IS NULL OR lease > $2) ORDER BY lease LIMIT $3"));
    let rows = query
        .bind(status.as_str())
        .bind(after.map(LeaseId::as_uuid))
        .bind(i64::from(limit))
        .fetch_all(pool)
        .await
        .map_err(DbError::from)?;
    rows.iter().map(entity).collect()
}

/// How many leases are in each state that is not final, by state and currency.
pub(crate) async fn census(pool: &Pool) -> Result<Vec<(Status, String, i64)>, LeasesError> {
    let rows: Vec<(String, String, i64)> = sqlx::query_as(
        "SELECT state, currency, count(*) FROM leases
         WHERE state NOT IN ('settled', 'refused') GROUP BY state, currency ORDER BY state, currency",
    )
    .fetch_all(pool)
    .await
    .map_err(DbError::from)?;
    Ok(rows
        .into_iter()
        .filter_map(|(state, currency, count)| Some((Status::parse(&state)?, currency, count)))
        .collect())
}

/// The row as a lease.
fn entity(row: &PgRow) -> Result<Lease, LeasesError> {
    let lease = LeaseId::from(row.try_get::<Uuid, _>("lease").map_err(DbError::from)?);
    let status: String = row.try_get("state").map_err(DbError::from)?;
    let terms: Option<String> = row.try_get("terms").map_err(DbError::from)?;
    let terms = terms.map(|text| wire::decode(text.as_bytes())).transpose();
    let granted_ms: Option<i64> = row.try_get("granted_ms").map_err(DbError::from)?;
    let escrow: i64 = row.try_get("escrow_minor").map_err(DbError::from)?;
    Ok(Lease {
        id: lease,
        player: row.try_get::<Uuid, _>("player").map_err(DbError::from)?.into(),
        status: Status::parse(&status).ok_or(LeasesError::Broken { lease, what: "its state has no name" })?,
        epoch: small(row, "epoch", lease)?,
        edge: name(row, "edge", lease)?,
        region: name(row, "region", lease)?,
        dealer: name(row, "dealer", lease)?,
        log_region: name(row, "log_region", lease)?,
        currency: name(row, "currency", lease)?,
        escrow_minor: money::Amount::from_minor(escrow),
        commit: bytes(row, "commit_hash", lease)?,
        player_tag: bytes(row, "player_tag", lease)?,
        offer_signature: bytes(row, "offer_signature", lease)?,
        offer_ms: from_column_ms(row.try_get("offer_ms").map_err(DbError::from)?),
        expires_ms: from_column_ms(row.try_get("expires_ms").map_err(DbError::from)?),
        max_rounds: small(row, "max_rounds", lease)?,
        granted_ms: granted_ms.map(from_column_ms),
        valid_until_ms: from_column_ms(row.try_get("valid_until_ms").map_err(DbError::from)?),
        terms: terms.map_err(|_| LeasesError::Broken { lease, what: "its terms can't be read" })?,
        opened: record(row, "opened", lease)?,
        reason: read_word(row, "reason", lease)?,
        closed: record(row, "closed", lease)?,
        changed_ms: from_column_ms(row.try_get("changed_ms").map_err(DbError::from)?),
    })
}
