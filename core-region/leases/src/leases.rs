//! The room's front, and what it is made of.

use std::sync::Arc;

use clock::SharedClock;
use database::Pool;
use ids::{LeaseId, PlayerId};
use ledger::Ledger;
use seeds::{CoreSigner, Seeds};

use crate::catalogue::Catalogue;
use crate::dealers::DealerPort;
use crate::edges::Edges;
use crate::entity::Lease;
use crate::error::LeasesError;
use crate::repo;
use crate::rules::Rules;

/// What the room is made of.
#[derive(Debug)]
pub struct Parts {
    /// Its database.
    pub pool: Pool,
    /// Where money moves.
    pub ledger: Ledger,
    /// Where chance is made.
    pub seeds: Arc<Seeds>,
    /// The core's signing key.
    pub signer: CoreSigner,
    /// How dealers are reached.
    pub dealers: Arc<dyn DealerPort>,
    /// What can be played.
    pub catalogue: Arc<Catalogue>,
    /// The time.
    pub clock: SharedClock,
    /// The operator's rules.
    pub rules: Rules,
}

/// The leases room.
#[derive(Debug)]
pub struct Leases {
    pub(crate) pool: Pool,
    pub(crate) ledger: Ledger,
    pub(crate) seeds: Arc<Seeds>,
    pub(crate) signer: CoreSigner,
    pub(crate) dealers: Arc<dyn DealerPort>,
    pub(crate) catalogue: Arc<Catalogue>,
    pub(crate) clock: SharedClock,
    pub(crate) rules: Rules,
    pub(crate) edges: Edges,
}

impl Leases {
    /// The room made of these parts.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        let Parts { pool, ledger, seeds, signer, dealers, catalogue, clock, rules } = parts;
        Self { pool, ledger, seeds, signer, dealers, catalogue, clock, rules, edges: Edges::default() }
    }

    /// What can be played.
    #[must_use]
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// The edges that are there.
    #[must_use]
    pub fn edges(&self) -> &Edges {
        &self.edges
    }

    /// The operator's rules.
    #[must_use]
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// A lease, if there is one of that id.
    ///
    /// # Errors
    /// [`LeasesError::Database`] or [`LeasesError::Broken`].
    pub async fn find(&self, lease: LeaseId) -> Result<Option<Lease>, LeasesError> {
        repo::find(&self.pool, lease).await
    }

    /// Up to `limit` leases of a player, the newest first; those before `before` when it is given.
    ///
    /// # Errors
    /// [`LeasesError::Database`] or [`LeasesError::Broken`].
    pub async fn of_player(
        &self,
        player: PlayerId,
        before: Option<LeaseId>,
        limit: u32,
    ) -> Result<Vec<Lease>, LeasesError> {
        repo::of_player(&self.pool, player, before, limit).await
    }

    pub(crate) fn now_ms(&self) -> u64 {
        self.clock.now_ms()
    }
}
