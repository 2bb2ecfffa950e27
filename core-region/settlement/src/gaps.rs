//! Records that the hub did not get: fetched from the region that wrote them, before a gap is believed or a lease is left
//! without its end.

use std::collections::BTreeMap;

use ids::LeaseId;
use tracing::warn;
use uuid::Uuid;
use wire::subjects;

use crate::error::SettleError;
use crate::limits;
use crate::settle::Delivered;
use crate::shard::Shard;

impl Shard {
    /// `good` with the records that it lacks, in order. A gap that can't be filled in [`limits::GAP_TRIES`] tries is left to
    /// the fold, which sets the record aside.
    pub(crate) async fn fill_gaps(&mut self, good: Vec<Delivered>) -> Result<Vec<Delivered>, SettleError> {
        let mut next: BTreeMap<LeaseId, u32> = BTreeMap::new();
        let mut whole = Vec::with_capacity(good.len());
        for delivered in good {
            let lease = delivered.record.lease;
            let held = self.held.get(&lease).filter(|entry| !entry.frozen);
            let Some((terms, folded)) = held.map(|entry| (entry.state.terms.clone(), entry.state.progress.records))
            else {
                whole.push(delivered);
                continue;
            };
            let expected = next.entry(lease).or_insert(folded);
            if delivered.record.index > *expected {
                match self.logs.missing(&terms, *expected, delivered.record.index).await {
                    Ok(missing) => {
                        warn!(%lease, from = *expected, until = delivered.record.index, found = missing.len(), "the hub has a gap");
                        let (stream_seq, trace) = (delivered.stream_seq, String::new());
                        let of = |record| Delivered { stream_seq, record, trace: trace.clone() };
                        whole.extend(missing.into_iter().map(of));
                    }
                    Err(failed) if self.gap_tries < limits::GAP_TRIES => {
                        self.gap_tries += 1;
                        return Err(failed);
                    }
                    Err(failed) => warn!(%lease, %failed, "a gap can't be filled"),
                }
            }
            *expected = (*expected).max(delivered.record.index.saturating_add(1));
            whole.push(delivered);
        }
        self.gap_tries = 0;
        Ok(whole)
    }

    /// Settles leases whose logs are closed, as the dealer told the core, but whose end has not come to the hub.
    pub(crate) async fn chase(&mut self) -> Result<(), SettleError> {
        let now = self.clock.monotonic();
        if now.saturating_sub(self.chased) < limits::CHASE_EVERY {
            return Ok(());
        }
        self.chased = now;
        let patience = u64::try_from(limits::CHASE_AFTER.as_millis()).unwrap_or(u64::MAX);
        let before_ms = self.clock.now_ms().saturating_sub(patience);
        let late: Vec<Uuid> = sqlx::query_scalar(
            "SELECT lease FROM leases WHERE state = 'closed' AND changed_ms < $1 ORDER BY changed_ms LIMIT $2",
        )
        .bind(i64::try_from(before_ms).unwrap_or(i64::MAX))
        .bind(limits::CHASED_AT_ONCE)
        .fetch_all(&self.books.pool)
        .await
        .map_err(database::DbError::from)?;
        let shard = self.shard;
        for lease in late.into_iter().map(LeaseId::from).filter(|lease| subjects::shard_of(*lease) == shard) {
            self.chase_one(lease).await?;
        }
        Ok(())
    }

    async fn chase_one(&mut self, lease: LeaseId) -> Result<(), SettleError> {
        self.books.fill(&mut self.held, &[lease].into()).await?;
        let Some(entry) = self.held.get(&lease).filter(|entry| !entry.frozen) else { return Ok(()) };
        let (terms, from) = (entry.state.terms.clone(), entry.state.progress.records);
        let records = match self.logs.missing(&terms, from, u32::MAX).await {
            Ok(records) => records,
            Err(failed) => {
                warn!(%lease, %failed, "the end of a closed log can't be fetched yet");
                return Ok(());
            }
        };
        if records.is_empty() {
            return Ok(());
        }
        warn!(%lease, from, found = records.len(), "the end of a closed log did not come to the hub: fetched");
        let of = |record| Delivered { stream_seq: 0, record, trace: String::new() };
        self.settle_records(records.into_iter().map(of).collect(), Vec::new(), 0, &[]).await
    }
}
