//! `POST /v1/sessions/refresh`: a refresh token, which is used up, for new tokens.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;

use super::session::Session;
use crate::body::Body;
use crate::problem::{Problem, ProblemBody};
use crate::responses::{Always, WithBody};
use crate::state::Api;

/// Whose session goes on.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RefreshRequest)]
pub(crate) struct Asked {
    /// The token of the last log-in or refresh.
    refresh_token: String,
}

/// New tokens of the same session. A token that is used twice was stolen from somebody: its session ends.
#[utoipa::path(post, path = "/v1/sessions/refresh", tag = "player", request_body = Asked, responses(
    (status = 200, description = "new tokens", body = Session),
    (status = 401, description = "`bad_refresh`", body = ProblemBody, content_type = "application/problem+json"),
    (status = 403, description = "`player_blocked`", body = ProblemBody, content_type = "application/problem+json"),
    WithBody, Always,
))]
pub(crate) async fn refresh(State(api): State<Api>, Body(asked): Body<Asked>) -> Result<Json<Session>, Problem> {
    Ok(Json(api.players.refresh(&asked.refresh_token).await?.into()))
}
