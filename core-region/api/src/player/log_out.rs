//! `DELETE /v1/sessions`: ends the session of the access token. The token itself lasts its five minutes at most, because
//! edges check it offline.

use axum::extract::State;
use http::StatusCode;

use crate::auth::Caller;
use crate::problem::Problem;
use crate::responses::{Always, Guarded};
use crate::state::Api;

/// Logs out.
#[utoipa::path(delete, path = "/v1/sessions", tag = "player", security(("player" = [])), responses(
    (status = 204, description = "the session has ended"),
    Guarded, Always,
))]
pub(crate) async fn log_out(State(api): State<Api>, caller: Caller) -> Result<StatusCode, Problem> {
    api.players.revoke(caller.session).await?;
    Ok(StatusCode::NO_CONTENT)
}
