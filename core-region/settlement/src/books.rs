//! Where a shard gets the leases that a batch names: terms from the leases room, progress from its own rows, seeds from the
//! seeds room. Nothing of it is taken from the log.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use database::Pool;
use ed25519_dalek::VerifyingKey;
use ids::{DealerId, LeaseId};
use round::LeaseState;
use seeds::{Seeds, Use};

use crate::entry::Entry;
use crate::error::SettleError;
use crate::repo;

/// What entries are made of.
#[derive(Clone)]
pub struct Books {
    /// The core's database.
    pub pool: Pool,
    /// The seeds room.
    pub seeds: Arc<Seeds>,
    /// The dealers' signing keys.
    pub dealers: BTreeMap<DealerId, VerifyingKey>,
}

impl Books {
    /// Reads those of `wanted` that `held` lacks. A lease that the core does not know stays missing.
    ///
    /// # Errors
    /// [`SettleError`] when a room fails.
    pub async fn fill(
        &self,
        held: &mut BTreeMap<LeaseId, Entry>,
        wanted: &BTreeSet<LeaseId>,
    ) -> Result<(), SettleError> {
        let missing: Vec<LeaseId> = wanted.iter().filter(|lease| !held.contains_key(lease)).copied().collect();
        if missing.is_empty() {
            return Ok(());
        }
        let terms = leases::terms_of(&self.pool, &missing).await?;
        let known: Vec<LeaseId> = terms.keys().copied().collect();
        let mut progress = repo::progress(&self.pool, &known).await?;
        let mut seeds = self.seeds.seeds_of(&known, Use::Settle).await?;
        for (lease, terms) in terms {
            let (Some(seed), Some(dealer)) = (seeds.remove(&lease), self.dealers.get(&terms.dealer)) else {
                return Err(SettleError::Row("a lease without a seed, or of an unknown dealer"));
            };
            let mut state = LeaseState::new(terms);
            let mut frozen = false;
            if let Some((progress, is_frozen)) = progress.remove(&lease) {
                state.progress = progress;
                frozen = is_frozen;
            }
            let entry = Entry::try_new(state, seed, *dealer, frozen).map_err(|_| SettleError::Row("leases.terms"))?;
            held.insert(lease, entry);
        }
        Ok(())
    }
}
