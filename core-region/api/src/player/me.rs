//! `GET /v1/me`: the caller's account.

use axum::Json;
use axum::extract::State;
use ids::PlayerId;
use players::{Profile, Status};
use serde::Serialize;
use utoipa::ToSchema;

use crate::auth::Caller;
use crate::problem::Problem;
use crate::responses::{Always, Guarded};
use crate::state::Api;

/// An account.
#[derive(Serialize, ToSchema)]
#[schema(as = Account)]
pub(crate) struct Me {
    /// The player.
    #[schema(value_type = String, format = "uuid")]
    player: PlayerId,
    /// The name.
    name: String,
    /// Whether the player may play.
    blocked: bool,
    /// When the account was opened, Unix milliseconds.
    created_ms: u64,
}

/// Shows the account.
#[utoipa::path(get, path = "/v1/me", tag = "player", security(("player" = [])), responses(
    (status = 200, description = "the account", body = Me),
    Guarded, Always,
))]
pub(crate) async fn me(State(api): State<Api>, caller: Caller) -> Result<Json<Me>, Problem> {
    let Profile { player, name, status, created_ms } = api.players.profile(caller.player).await?;
    Ok(Json(Me { player, name, blocked: status == Status::Blocked, created_ms }))
}
