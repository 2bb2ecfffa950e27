//! The leases room's port for deals that a player missed: they are recomputed, never stored.
//!
//! Costs what a replay costs; a lease whose log has not arrived at the hub gives what is there.

use async_trait::async_trait;
use ids::LeaseId;
use leases::{Replays, ReplaysError};
use wire::v1::client::DealResult;

use crate::replay::Replayer;

#[async_trait]
impl Replays for Replayer {
    async fn missed(&self, lease: LeaseId, after_deal: u64, most: usize) -> Result<Vec<DealResult>, ReplaysError> {
        let replayed = self.replay(lease).await.map_err(|failed| ReplaysError(Box::new(failed)))?;
        let deals = replayed.map(|replayed| replayed.deals).unwrap_or_default();
        let results = deals.into_iter().map(|(_, decided)| decided.result);
        Ok(results.filter(|result| result.deal > after_deal).take(most).collect())
    }
}
