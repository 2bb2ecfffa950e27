//! What edges told their players, compared with what the core computed.
//!
//! A difference is recorded with both sides and alarms; money follows the core. A result that is told before its deal is
//! settled waits and is asked for again. Nothing here moves money, so it may lag.

use std::collections::BTreeMap;
use std::sync::Arc;

use bus::{Consumer, Stored};
use clock::SharedClock;
use database::{DbError, Pool};
use ids::{Digest, LeaseId};
use sqlx::Row;
use telemetry::names;
use tokio_util::sync::CancellationToken;
use tracing::{error, warn};
use uuid::Uuid;
use wire::subjects;
use wire::v1::told::{Told, ToldBatch};

use crate::error::SettleError;
use crate::lag::Lag;
use crate::{limits, observe};

/// The comparer.
pub struct ToldReader {
    /// The hub's stream of all regions.
    pub consumer: Consumer,
    /// The core's database.
    pub pool: Pool,
    /// Time of rows.
    pub clock: SharedClock,
    /// Where it shows how far it is behind.
    pub lag: Arc<Lag>,
}

/// A result as it was told, and by whom.
struct Claim {
    edge: String,
    told: Told,
}

impl ToldReader {
    /// Compares until `cancel`.
    pub async fn run(mut self, cancel: CancellationToken) {
        while !cancel.is_cancelled() {
            let step = tokio::select! { () = cancel.cancelled() => break, step = self.step() => step };
            if let Err(failed) = step {
                warn!(%failed, "comparing told results waits");
                tokio::select! { () = cancel.cancelled() => break, () = tokio::time::sleep(limits::TOLD_RETRY) => {} }
            }
        }
    }

    async fn step(&mut self) -> Result<(), SettleError> {
        let batch = self.consumer.next_batch(limits::TOLD_BATCHES, limits::BATCH_WAIT).await?;
        if batch.is_empty() {
            self.lag.note_told(0);
            return Ok(());
        }
        let (here, pending) = (u64::try_from(batch.messages.len()).unwrap_or(u64::MAX), batch.pending);
        self.lag.note_told(pending.saturating_add(here));
        let claims: Vec<Claim> = batch.messages.iter().flat_map(claims).collect();
        if self.compare(&claims).await? {
            batch.ack().await?;
            self.lag.note_told(pending);
        } else {
            batch.nak_later(limits::TOLD_RETRY);
        }
        Ok(())
    }

    /// Whether all of `claims` are settled and compared.
    async fn compare(&self, claims: &[Claim]) -> Result<bool, SettleError> {
        let settled = self.settled(claims).await?;
        let mut complete = true;
        for claim in claims {
            match settled.get(&(claim.told.lease, claim.told.deal)) {
                None => complete = false,
                Some((link, win)) if *link == claim.told.link && *win == claim.told.win_minor.minor() => {}
                Some((link, win)) => self.record(claim, *link, *win).await?,
            }
        }
        Ok(complete || self.is_hopeless(claims, &settled).await?)
    }

    /// Frozen leases and leases that the core never knew would hold the reader up for ever.
    async fn is_hopeless(
        &self,
        claims: &[Claim],
        settled: &BTreeMap<(LeaseId, u64), (Digest, i64)>,
    ) -> Result<bool, SettleError> {
        let unsettled: Vec<Uuid> = claims
            .iter()
            .filter(|claim| !settled.contains_key(&(claim.told.lease, claim.told.deal)))
            .map(|claim| claim.told.lease.as_uuid())
            .collect();
        let waiting: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM UNNEST($1::uuid[]) AS told(lease) JOIN leases ON leases.lease = told.lease \
             LEFT JOIN lease_progress ON lease_progress.lease = told.lease \
             WHERE leases.state <> 'settled' AND NOT COALESCE(lease_progress.frozen, false)",
        )
        .bind(unsettled)
        .fetch_one(&self.pool)
        .await
        .map_err(DbError::from)?;
        Ok(waiting == 0)
    }

    async fn settled(&self, claims: &[Claim]) -> Result<BTreeMap<(LeaseId, u64), (Digest, i64)>, SettleError> {
        let leases: Vec<Uuid> = claims.iter().map(|claim| claim.told.lease.as_uuid()).collect();
        let deals: Vec<i64> = claims.iter().map(|claim| i64::try_from(claim.told.deal).unwrap_or(i64::MAX)).collect();
        let rows = sqlx::query(
            "SELECT d.lease, d.deal, d.link, d.win FROM UNNEST($1::uuid[], $2::bigint[]) AS told(lease, deal) \
             JOIN settled_deals d ON d.lease = told.lease AND d.deal = told.deal",
        )
        .bind(leases)
        .bind(deals)
        .fetch_all(&self.pool)
        .await
        .map_err(DbError::from)?;
        let mut settled = BTreeMap::new();
        for row in rows {
            let lease: Uuid = row.try_get("lease").map_err(DbError::from)?;
            let deal: i64 = row.try_get("deal").map_err(DbError::from)?;
            let link: Vec<u8> = row.try_get("link").map_err(DbError::from)?;
            let link = Digest::from_bytes(link.try_into().map_err(|_| SettleError::Row("settled_deals.link"))?);
            let deal = u64::try_from(deal).map_err(|_| SettleError::Row("settled_deals.deal"))?;
            settled.insert((lease.into(), deal), (link, row.try_get("win").map_err(DbError::from)?));
        }
        Ok(settled)
    }

    async fn record(&self, claim: &Claim, link: Digest, win: i64) -> Result<(), SettleError> {
        let Claim { edge, told } = claim;
        observe::count(names::MISMATCHES, 1);
        error!(%edge, lease = %told.lease, deal = told.deal, told_win = told.win_minor.minor(), win,
            "ALARM an edge told its player otherwise than the core computed");
        sqlx::query(
            "INSERT INTO mismatches (lease, deal, edge, told_link, told_win, link, win, seen_ms) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING",
        )
        .bind(told.lease.as_uuid())
        .bind(i64::try_from(told.deal).unwrap_or(i64::MAX))
        .bind(edge)
        .bind(told.link.to_bytes().to_vec())
        .bind(told.win_minor.minor())
        .bind(link.to_bytes().to_vec())
        .bind(win)
        .bind(i64::try_from(self.clock.now_ms()).unwrap_or(i64::MAX))
        .execute(&self.pool)
        .await
        .map_err(DbError::from)?;
        Ok(())
    }
}

fn claims(stored: &Stored) -> Vec<Claim> {
    let edge = subjects::last_token(&stored.subject).to_owned();
    match wire::decode::<ToldBatch>(&stored.payload) {
        Ok(batch) => batch.told.into_iter().map(|told| Claim { edge: edge.clone(), told }).collect(),
        Err(failed) => {
            error!(%edge, %failed, "ALARM an edge's report of what it told can't be read");
            Vec::new()
        }
    }
}
