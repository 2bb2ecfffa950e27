//! This room's rows, read.

use std::collections::BTreeMap;

use database::{DbError, Pool};
use ids::{Digest, LeaseId, PlayerId};
use money::Amount;
use sqlx::Row;
use uuid::Uuid;

use crate::error::SettleError;
use crate::settle::SetAside;

/// This room's migrations, versions 5001 and up.
pub static MIGRATOR: sqlx::migrate::Migrator = sqlx::migrate!("./migrations");

/// How far a shard's stream is settled; 0 before the first batch.
pub(crate) async fn watermark(pool: &Pool, shard: u16) -> Result<u64, SettleError> {
    let row: Option<i64> = sqlx::query_scalar("SELECT stream_seq FROM settle_watermarks WHERE shard = $1")
        .bind(i32::from(shard))
        .fetch_optional(pool)
        .await
        .map_err(DbError::from)?;
    u64::try_from(row.unwrap_or(0)).map_err(|_| SettleError::Row("settle_watermarks"))
}

/// Progress of each of `leases` that has any, and whether it is frozen.
pub(crate) async fn progress(
    pool: &Pool,
    leases: &[LeaseId],
) -> Result<BTreeMap<LeaseId, (round::Progress, bool)>, SettleError> {
    let ids: Vec<Uuid> = leases.iter().map(|lease| lease.as_uuid()).collect();
    let rows = sqlx::query("SELECT lease, progress, frozen FROM lease_progress WHERE lease = ANY($1)")
        .bind(ids)
        .fetch_all(pool)
        .await
        .map_err(DbError::from)?;
    let mut found = BTreeMap::new();
    for row in rows {
        let text: String = row.try_get("progress").map_err(DbError::from)?;
        let progress = serde_json::from_str(&text).map_err(|_| SettleError::Row("lease_progress"))?;
        let lease: Uuid = row.try_get("lease").map_err(DbError::from)?;
        found.insert(lease.into(), (progress, row.try_get("frozen").map_err(DbError::from)?));
    }
    Ok(found)
}

/// A settled deal, as a player's history shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryRow {
    /// The lease.
    pub lease: LeaseId,
    /// The deal.
    pub deal: u64,
    /// The game's name; empty when a void deal named none of the lease's.
    pub game: String,
    /// Minor units.
    pub stake_minor: Amount,
    /// Minor units.
    pub win_minor: Amount,
    /// Minor units.
    pub refund_minor: Amount,
    /// Why it is void; empty when it is not.
    pub void_code: String,
    /// link_r.
    pub link: Digest,
    /// The dealer's time.
    pub played_ms: u64,
    /// The trace of the frame that caused it, or empty.
    pub trace: String,
}

/// A player's settled deals played before `before_ms`, the newest first.
///
/// # Errors
/// [`SettleError`] when the database fails.
pub async fn history(
    pool: &Pool,
    player: PlayerId,
    before_ms: u64,
    limit: u32,
) -> Result<Vec<HistoryRow>, SettleError> {
    let rows = sqlx::query(
        "SELECT lease, deal, game, stake, win, refund, void_code, link, played_ms, trace FROM settled_deals \
         WHERE player = $1 AND played_ms < $2 ORDER BY played_ms DESC, deal DESC LIMIT $3",
    )
    .bind(player.as_uuid())
    .bind(i64::try_from(before_ms).unwrap_or(i64::MAX))
    .bind(i64::from(limit))
    .fetch_all(pool)
    .await
    .map_err(DbError::from)?;
    rows.iter().map(history_row).collect()
}

fn history_row(row: &sqlx::postgres::PgRow) -> Result<HistoryRow, SettleError> {
    let number = |name| row.try_get::<i64, _>(name).map_err(DbError::from);
    let text = |name| row.try_get::<String, _>(name).map_err(DbError::from);
    let link: Vec<u8> = row.try_get("link").map_err(DbError::from)?;
    Ok(HistoryRow {
        lease: row.try_get::<Uuid, _>("lease").map_err(DbError::from)?.into(),
        deal: u64::try_from(number("deal")?).map_err(|_| SettleError::Row("settled_deals.deal"))?,
        game: text("game")?,
        stake_minor: Amount::from_minor(number("stake")?),
        win_minor: Amount::from_minor(number("win")?),
        refund_minor: Amount::from_minor(number("refund")?),
        void_code: text("void_code")?,
        link: Digest::from_bytes(link.try_into().map_err(|_| SettleError::Row("settled_deals.link"))?),
        played_ms: u64::try_from(number("played_ms")?).map_err(|_| SettleError::Row("settled_deals.played_ms"))?,
        trace: text("trace")?,
    })
}

/// Counts that operators and the demo look at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Settled deals.
    pub deals: u64,
    /// Void ones among them.
    pub voided: u64,
    /// Results told otherwise than they were settled.
    pub mismatches: u64,
    /// Records in quarantine.
    pub quarantined: u64,
}

/// The counts of all time.
///
/// # Errors
/// [`SettleError`] when the database fails.
pub async fn totals(pool: &Pool) -> Result<Totals, SettleError> {
    let row = sqlx::query(
        "SELECT (SELECT count(*) FROM settled_deals) AS deals, \
         (SELECT count(*) FROM settled_deals WHERE void_code <> '') AS voided, \
         (SELECT count(*) FROM mismatches) AS mismatches, (SELECT count(*) FROM quarantined_records) AS quarantined",
    )
    .fetch_one(pool)
    .await
    .map_err(DbError::from)?;
    let count = |name| {
        let count: i64 = row.try_get(name).map_err(DbError::from)?;
        u64::try_from(count).map_err(|_| SettleError::Row("count"))
    };
    Ok(Totals {
        deals: count("deals")?,
        voided: count("voided")?,
        mismatches: count("mismatches")?,
        quarantined: count("quarantined")?,
    })
}

/// A record to keep in quarantine.
#[derive(Clone, Debug)]
pub(crate) struct Quarantined {
    pub(crate) aside: SetAside,
    pub(crate) subject: String,
    pub(crate) payload: Vec<u8>,
}

/// Keeps records that could not be folded. Once per place in the stream, however often they are redelivered.
pub(crate) async fn quarantine(
    pool: &Pool,
    shard: u16,
    records: &[Quarantined],
    now_ms: u64,
) -> Result<(), SettleError> {
    for record in records {
        sqlx::query(
            "INSERT INTO quarantined_records (shard, stream_seq, subject, fault, payload, seen_ms) \
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
        )
        .bind(i32::from(shard))
        .bind(i64::try_from(record.aside.stream_seq).unwrap_or(i64::MAX))
        .bind(&record.subject)
        .bind(record.aside.fault.to_string())
        .bind(&record.payload)
        .bind(i64::try_from(now_ms).unwrap_or(i64::MAX))
        .execute(pool)
        .await
        .map_err(DbError::from)?;
    }
    Ok(())
}
