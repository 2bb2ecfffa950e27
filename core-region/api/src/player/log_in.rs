//! `POST /v1/sessions`: a password for two tokens. Costs one Argon2id, also when the name is unknown.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use super::session::Session;
use crate::body::Body;
use crate::problem::{Problem, ProblemBody};
use crate::responses::{Always, WithBody};
use crate::state::Api;

/// Who logs in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Credentials)]
pub(crate) struct Asked {
    /// The name.
    #[schema(example = "ana")]
    name: String,
    /// The password.
    password: String,
}

/// Logs in.
#[utoipa::path(post, path = "/v1/sessions", tag = "player", request_body = Asked, responses(
    (status = 201, description = "a new session", body = Session),
    (status = 401, description = "`wrong_credentials`", body = ProblemBody, content_type = "application/problem+json"),
    (status = 403, description = "`player_blocked`", body = ProblemBody, content_type = "application/problem+json"),
    WithBody, Always,
))]
pub(crate) async fn log_in(
    State(api): State<Api>,
    Body(asked): Body<Asked>,
) -> Result<(StatusCode, Json<Session>), Problem> {
    let session = api.players.log_in(&asked.name, &asked.password).await?;
    Ok((StatusCode::CREATED, Json(session.into())))
}
