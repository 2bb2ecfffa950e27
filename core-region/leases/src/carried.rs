//! Unfinished rounds on their way from one lease to the player's next one in the same currency.
//!
//! Promise: a round is in at most one lease at a time. Settlement puts it down when it closes a lease; the opening that
//! fixes another lease's terms takes it up in the same transaction. A lease that never opens gives it back: by settlement,
//! since its log closes with the round that its terms began with, or at once, when not even its money moved.

use database::DbError;
use ids::{LeaseId, PlayerId};
use money::Currency;
use sqlx::PgConnection;
use wire::v1::lease::CarriedRound;

use crate::error::LeasesError;

/// Puts down the round that `from` left open, in the transaction that settles it. Doing it again changes nothing.
pub(crate) async fn put_in_tx(
    connection: &mut PgConnection,
    from: LeaseId,
    player: PlayerId,
    currency: Currency,
    round: &CarriedRound,
) -> Result<(), DbError> {
    sqlx::query(
        "INSERT INTO carried_rounds (from_lease, player, currency, round) VALUES ($1, $2, $3, $4)
         ON CONFLICT (from_lease) DO NOTHING",
    )
    .bind(from.as_uuid())
    .bind(player.as_uuid())
    .bind(currency.code())
    .bind(String::from_utf8_lossy(&wire::encode(round)).into_owned())
    .execute(connection)
    .await?;
    Ok(())
}

/// Takes up the player's oldest round for `lease`.
pub(crate) async fn take_in_tx(
    connection: &mut PgConnection,
    lease: LeaseId,
    player: PlayerId,
    currency: Currency,
) -> Result<Option<CarriedRound>, LeasesError> {
    let taken: Option<String> = sqlx::query_scalar(
        "UPDATE carried_rounds SET taken_by = $1
         WHERE from_lease = (
             SELECT from_lease FROM carried_rounds WHERE player = $2 AND currency = $3 AND taken_by IS NULL
             ORDER BY from_lease LIMIT 1 FOR UPDATE)
         RETURNING round",
    )
    .bind(lease.as_uuid())
    .bind(player.as_uuid())
    .bind(currency.code())
    .fetch_optional(connection)
    .await
    .map_err(DbError::from)?;
    let round = taken.map(|text| wire::decode(text.as_bytes())).transpose();
    round.map_err(|_| LeasesError::Broken { lease, what: "the round that it takes up can't be read" })
}

/// Puts back the round that a refused lease had taken.
pub(crate) async fn put_back_in_tx(connection: &mut PgConnection, lease: LeaseId) -> Result<(), LeasesError> {
    sqlx::query("UPDATE carried_rounds SET taken_by = NULL WHERE taken_by = $1")
        .bind(lease.as_uuid())
        .execute(connection)
        .await
        .map_err(DbError::from)?;
    Ok(())
}
