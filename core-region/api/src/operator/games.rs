//! `POST /v1/operator/games/{game}/enable` and `…/disable`: whether new leases may pin a game. A quarantine is the core's own
//! and stays.

use axum::extract::State;
use http::StatusCode;
use ids::GameId;

use crate::body::Named;
use crate::problem::{Code, Problem, ProblemBody};
use crate::responses::{Always, Guarded};
use crate::state::Api;

fn known(api: &Api, game: &GameId) -> Result<(), Problem> {
    let known = api.leases.catalogue().entries().iter().any(|entry| entry.game == *game);
    if known { Ok(()) } else { Err(Code::GameUnknown.into()) }
}

/// Lets a game be played that an operator had switched off.
#[utoipa::path(post, path = "/v1/operator/games/{game}/enable", tag = "operator", security(("operator" = [])),
    params(("game" = String, Path, description = "a game of the catalogue")), responses(
    (status = 204, description = "new leases may pin it, unless it is in quarantine"),
    (status = 404, description = "`game_unknown`", body = ProblemBody, content_type = "application/problem+json"),
    Guarded, Always,
))]
pub(crate) async fn enable(State(api): State<Api>, Named(game): Named<GameId>) -> Result<StatusCode, Problem> {
    known(&api, &game)?;
    api.leases.catalogue().enable(&game).await?;
    tracing::warn!(%game, "an operator has switched a game on");
    Ok(StatusCode::NO_CONTENT)
}

/// Lets no new lease pin a game. Open leases play on.
#[utoipa::path(post, path = "/v1/operator/games/{game}/disable", tag = "operator", security(("operator" = [])),
    params(("game" = String, Path, description = "a game of the catalogue")), responses(
    (status = 204, description = "no new lease pins it"),
    (status = 404, description = "`game_unknown`", body = ProblemBody, content_type = "application/problem+json"),
    Guarded, Always,
))]
pub(crate) async fn disable(State(api): State<Api>, Named(game): Named<GameId>) -> Result<StatusCode, Problem> {
    known(&api, &game)?;
    api.leases.catalogue().disable(&game).await?;
    tracing::warn!(%game, "an operator has switched a game off");
    Ok(StatusCode::NO_CONTENT)
}
