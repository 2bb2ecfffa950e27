//! The catalogue: what the core's KV bucket GAMES says of each game, key = game.

use ids::{Digest, GameId};
use serde::{Deserialize, Serialize};

use super::lease::PinnedGame;

/// A game on offer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CatalogueEntry {
    /// Its name.
    pub game: GameId,
    /// Its title.
    pub title: String,
    /// SHA-256 of the component in the object store COMPONENTS, which is also the object's name.
    pub digest: Digest,
    /// SHA-256 of `config`.
    pub params: Digest,
    /// The canonical configuration.
    pub config: String,
    /// Shortest time between two deals, milliseconds.
    pub min_cycle_ms: u64,
    /// What players may do with it.
    pub status: GameStatus,
}

impl CatalogueEntry {
    /// The entry's game as a lease pins it.
    #[must_use]
    pub fn pin(&self) -> PinnedGame {
        PinnedGame {
            game: self.game.clone(),
            digest: self.digest,
            params: self.params,
            config: self.config.clone(),
            min_cycle_ms: self.min_cycle_ms,
        }
    }
}

/// Whether a game can be played.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum GameStatus {
    /// Open to all.
    Enabled,
    /// Switched off by an operator: no new lease pins it.
    Disabled,
    /// Switched off by the core after a trap or a broken bound: no deal runs.
    Quarantined,
}
