//! `POST /v1/players`: a new account. Costs one Argon2id.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use ids::PlayerId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::body::Body;
use crate::problem::Problem;
use crate::responses::{Always, WithBody};
use crate::state::Api;

/// Who wants an account.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Registration)]
pub(crate) struct Asked {
    /// 3 to 32 of `a-z 0-9 _ -`.
    #[schema(example = "ana")]
    name: String,
    /// 8 to 256 bytes.
    password: String,
}

/// A new account.
#[derive(Serialize, ToSchema)]
pub(crate) struct Registered {
    /// The player.
    #[schema(value_type = String, format = "uuid")]
    player: PlayerId,
}

/// Opens an account.
#[utoipa::path(post, path = "/v1/players", tag = "player", request_body = Asked, responses(
    (status = 201, description = "the account is there", body = Registered),
    (status = 409, description = "`name_taken`", body = crate::problem::ProblemBody, content_type = "application/problem+json"),
    WithBody, Always,
))]
pub(crate) async fn register(
    State(api): State<Api>,
    Body(asked): Body<Asked>,
) -> Result<(StatusCode, Json<Registered>), Problem> {
    let player = api.players.register(&asked.name, &asked.password).await?;
    Ok((StatusCode::CREATED, Json(Registered { player })))
}
