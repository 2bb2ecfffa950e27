//! The rows that travel with a batch's postings, in the ledger's own transaction: watermark, progress, deals, and what became
//! of the leases that ended. Either all of it stands with the money, or none.

use std::fmt;

use async_trait::async_trait;
use ledger::{MemoryTables, Rider, RiderError};
use sqlx::PgConnection;
use wire::v1::lease::CarriedRound;

use crate::entry::Entry;
use crate::settle::{DealRow, Ended, Settled};
use ids::{LeaseId, PlayerId};
use money::Currency;
use std::collections::BTreeMap;

/// The watermark is not where this settler left it: another one is at work.
pub(crate) const WATERMARK_MOVED: &str = "watermark_moved";

/// One batch's rows.
pub struct SettleRider {
    /// The shard.
    pub shard: u16,
    /// Where this settler believes the watermark to be.
    pub from_seq: u64,
    /// Where it is after the batch.
    pub to_seq: u64,
    /// Progress of each lease that moved, as JSON, and whether it is frozen.
    pub progress: Vec<(LeaseId, String, bool)>,
    /// Settled deals with their players.
    pub deals: Vec<(PlayerId, DealRow)>,
    /// Leases that ended, with their players and currencies.
    pub ended: Vec<(PlayerId, Currency, Ended)>,
}

impl fmt::Debug for SettleRider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SettleRider({} {}..{}: {} deals)", self.shard, self.from_seq, self.to_seq, self.deals.len())
    }
}

impl SettleRider {
    /// The rows of `settled`, which moved shard `shard` from `from_seq` to `to_seq`.
    #[must_use]
    pub fn of(shard: u16, from_seq: u64, to_seq: u64, leases: &BTreeMap<LeaseId, Entry>, settled: &Settled) -> Self {
        let terms = |lease: &LeaseId| leases.get(lease).map(|entry| entry.state.terms.clone());
        let json = |progress: &round::Progress| serde_json::to_string(progress).unwrap_or_default();
        let frozen = |lease: &LeaseId| leases.get(lease).is_some_and(|entry| entry.frozen);
        let mut progress: Vec<_> =
            settled.progress.iter().map(|(lease, progress)| (*lease, json(progress), frozen(lease))).collect();
        for aside in &settled.aside {
            if let Some(entry) = leases.get(&aside.lease)
                && !progress.iter().any(|(lease, ..)| *lease == aside.lease)
            {
                progress.push((aside.lease, json(&entry.state.progress), true));
            }
        }
        let player = |row: &DealRow| terms(&row.lease).map(|terms| (terms.player, row.clone()));
        let ended = |ended: &Ended| terms(&ended.lease).map(|terms| (terms.player, terms.currency, ended.clone()));
        Self {
            shard,
            from_seq,
            to_seq,
            progress,
            deals: settled.deals.iter().filter_map(player).collect(),
            ended: settled.ended.iter().filter_map(ended).collect(),
        }
    }

    async fn move_watermark(&self, connection: &mut PgConnection) -> Result<(), RiderError> {
        let moved = sqlx::query(
            "INSERT INTO settle_watermarks (shard, stream_seq) VALUES ($1, $2) \
             ON CONFLICT (shard) DO UPDATE SET stream_seq = excluded.stream_seq WHERE settle_watermarks.stream_seq = $3",
        )
        .bind(i32::from(self.shard))
        .bind(signed(self.to_seq))
        .bind(signed(self.from_seq))
        .execute(connection)
        .await?;
        if moved.rows_affected() == 1 { Ok(()) } else { Err(RiderError::Refused(WATERMARK_MOVED)) }
    }

    async fn write_progress(&self, connection: &mut PgConnection) -> Result<(), RiderError> {
        let leases: Vec<_> = self.progress.iter().map(|(lease, ..)| lease.as_uuid()).collect();
        let texts: Vec<_> = self.progress.iter().map(|(_, text, _)| text.as_str()).collect();
        let frozen: Vec<_> = self.progress.iter().map(|(.., frozen)| *frozen).collect();
        sqlx::query(
            "INSERT INTO lease_progress (lease, progress, frozen) \
             SELECT * FROM UNNEST($1::uuid[], $2::text[], $3::boolean[]) \
             ON CONFLICT (lease) DO UPDATE SET progress = excluded.progress, frozen = excluded.frozen",
        )
        .bind(leases)
        .bind(texts)
        .bind(frozen)
        .execute(connection)
        .await?;
        Ok(())
    }

    async fn write_deals(&self, connection: &mut PgConnection) -> Result<(), RiderError> {
        if self.deals.is_empty() {
            return Ok(());
        }
        let rows = &self.deals;
        let column = |of: fn(&DealRow) -> i64| rows.iter().map(|(_, row)| of(row)).collect::<Vec<_>>();
        sqlx::query(
            "INSERT INTO settled_deals \
             (lease, deal, player, game, stake, win, refund, void_code, outcome, link, played_ms, trace) \
             SELECT * FROM UNNEST($1::uuid[], $2::bigint[], $3::uuid[], $4::text[], $5::bigint[], $6::bigint[], \
             $7::bigint[], $8::text[], $9::bytea[], $10::bytea[], $11::bigint[], $12::text[])",
        )
        .bind(rows.iter().map(|(_, row)| row.lease.as_uuid()).collect::<Vec<_>>())
        .bind(column(|row| signed(row.deal.deal)))
        .bind(rows.iter().map(|(player, _)| player.as_uuid()).collect::<Vec<_>>())
        .bind(rows.iter().map(|(_, row)| row.deal.game.as_ref().map_or("", |game| game.as_str())).collect::<Vec<_>>())
        .bind(column(|row| row.deal.stake_minor.minor()))
        .bind(column(|row| row.deal.win_minor.minor()))
        .bind(column(|row| row.deal.refund_minor.minor()))
        .bind(rows.iter().map(|(_, row)| row.void_code).collect::<Vec<_>>())
        .bind(rows.iter().map(|(_, row)| row.deal.outcome.to_bytes().to_vec()).collect::<Vec<_>>())
        .bind(rows.iter().map(|(_, row)| row.deal.link.to_bytes().to_vec()).collect::<Vec<_>>())
        .bind(column(|row| signed(row.deal.played_ms)))
        .bind(rows.iter().map(|(_, row)| row.trace.as_str()).collect::<Vec<_>>())
        .execute(connection)
        .await?;
        Ok(())
    }
}

fn signed(unsigned: u64) -> i64 {
    i64::try_from(unsigned).unwrap_or(i64::MAX)
}

#[async_trait]
impl Rider for SettleRider {
    async fn write(&self, connection: &mut PgConnection) -> Result<(), RiderError> {
        self.move_watermark(connection).await?;
        self.write_progress(connection).await?;
        self.write_deals(connection).await?;
        for (player, currency, ended) in &self.ended {
            let carried: Option<&CarriedRound> = ended.closed.carried.as_ref();
            leases::settled_in_tx(connection, ended.lease, *player, *currency, carried).await?;
        }
        Ok(())
    }

    fn write_memory(&self, tables: &mut MemoryTables) -> Result<(), RiderError> {
        let shard = self.shard.to_be_bytes().to_vec();
        let stands =
            tables.get("settle_watermarks", &shard).map_or(Some(0), |row| row.try_into().ok().map(u64::from_be_bytes));
        if stands != Some(self.from_seq) {
            return Err(RiderError::Refused(WATERMARK_MOVED));
        }
        tables.put("settle_watermarks", shard, self.to_seq.to_be_bytes().to_vec());
        for (lease, text, _) in &self.progress {
            tables.put("lease_progress", lease.to_bytes().to_vec(), text.clone().into_bytes());
        }
        for (_, row) in &self.deals {
            let key = [row.lease.to_bytes().as_slice(), &row.deal.deal.to_be_bytes()].concat();
            let money = [row.deal.stake_minor, row.deal.win_minor, row.deal.refund_minor]
                .map(|amount| amount.minor().to_be_bytes());
            let stands = tables.put("settled_deals", key, money.concat());
            if stands.is_some() {
                return Err(RiderError::Refused("deal_settled_twice"));
            }
        }
        for (_, _, ended) in &self.ended {
            tables.put(
                "ended_leases",
                ended.lease.to_bytes().to_vec(),
                ended.closed.returned_minor.minor().to_be_bytes().to_vec(),
            );
        }
        Ok(())
    }
}
