//! `GET /v1/games`: the catalogue.

use axum::Json;
use axum::extract::State;
use ids::{Digest, GameId};
use serde::Serialize;
use utoipa::ToSchema;
use wire::v1::catalogue::GameStatus;

use crate::responses::Always;
use crate::state::Api;

/// A game.
#[derive(Serialize, ToSchema)]
#[schema(as = Game)]
pub(crate) struct Shown {
    /// Its name.
    #[schema(value_type = String, example = "roulette")]
    game: GameId,
    /// Its title.
    title: String,
    /// SHA-256 of the component.
    #[schema(value_type = String, pattern = "^[0-9a-f]{64}$")]
    digest: Digest,
    /// SHA-256 of the configuration.
    #[schema(value_type = String, pattern = "^[0-9a-f]{64}$")]
    params: Digest,
    /// Shortest time between two deals, milliseconds.
    min_cycle_ms: u64,
    /// `enabled`, `disabled` or `quarantined`.
    #[schema(value_type = String, example = "enabled")]
    status: GameStatus,
}

/// The games.
#[derive(Serialize, ToSchema)]
pub(crate) struct Games {
    /// By name.
    #[schema(value_type = Vec<Shown>)]
    games: Vec<Shown>,
}

/// Lists the games.
#[utoipa::path(get, path = "/v1/games", tag = "player", responses(
    (status = 200, description = "the games", body = Games), Always,
))]
pub(crate) async fn games(State(api): State<Api>) -> Json<Games> {
    let entries = api.leases.catalogue().entries().into_iter();
    let games = entries.map(|entry| Shown {
        game: entry.game,
        title: entry.title,
        digest: entry.digest,
        params: entry.params,
        min_cycle_ms: entry.min_cycle_ms,
        status: entry.status,
    });
    Json(Games { games: games.collect() })
}
