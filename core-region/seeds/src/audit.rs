//! `seed_log`: what was done with the generator and with each seed.

use ids::LeaseId;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::error::SeedsError;
use crate::generator::Reseeding;
use database::DbError;

/// A row's id: the time, then chance.
pub(crate) fn row_id(at_ms: u64, random: [u8; 10]) -> Uuid {
    uuid::Builder::from_unix_timestamp_millis(at_ms, &random).into_uuid()
}

/// Times fit a signed column until the year 292 million.
pub(crate) fn column_ms(at_ms: u64) -> i64 {
    i64::try_from(at_ms).unwrap_or(i64::MAX)
}

/// Writes down one thing done with one seed.
pub(crate) async fn write(
    connection: &mut PgConnection,
    id: Uuid,
    at_ms: u64,
    lease: LeaseId,
    event: &'static str,
    detail: &str,
) -> Result<(), SeedsError> {
    sqlx::query("INSERT INTO seed_log (id, at_ms, lease, event, detail) VALUES ($1, $2, $3, $4, $5)")
        .bind(id)
        .bind(column_ms(at_ms))
        .bind(lease.as_uuid())
        .bind(event)
        .bind(detail)
        .execute(connection)
        .await
        .map_err(DbError::from)?;
    Ok(())
}

/// Writes down reseedings. A row that is there already is left as it is.
pub(crate) async fn write_reseedings(
    connection: &mut PgConnection,
    reseedings: &[Reseeding],
) -> Result<(), SeedsError> {
    let ids: Vec<Uuid> = reseedings.iter().map(|one| row_id(one.at_ms, one.random)).collect();
    let times: Vec<i64> = reseedings.iter().map(|one| column_ms(one.at_ms)).collect();
    let details: Vec<String> = reseedings.iter().map(|one| describe(*one)).collect();
    sqlx::query(
        "INSERT INTO seed_log (id, at_ms, lease, event, detail)
         SELECT id, at_ms, NULL, 'reseeded', detail FROM unnest($1::uuid[], $2::int8[], $3::text[]) AS row(id, at_ms, detail)
         ON CONFLICT (id) DO NOTHING",
    )
    .bind(ids)
    .bind(times)
    .bind(details)
    .execute(connection)
    .await
    .map_err(DbError::from)?;
    Ok(())
}

fn describe(reseeding: Reseeding) -> String {
    let sources = if reseeding.with_hardware { "system and hardware" } else { "system" };
    format!("reseeding {} since start, from {sources}", reseeding.number)
}
