//! `GET /v1/leases`: the caller's leases, the newest first.

use axum::Json;
use axum::extract::State;
use ids::LeaseId;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::auth::Caller;
use crate::body::Asked;
use crate::limits;
use crate::problem::{Problem, ProblemBody};
use crate::responses::{Always, Guarded};
use crate::shown_lease::{ShownLease, ShownLeases};
use crate::state::Api;

/// Which page.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Page {
    /// Leases older than this one: the last of the page before.
    #[param(value_type = Option<String>, format = "uuid")]
    before: Option<LeaseId>,
    /// Rows of the page, 1 to 200; 50 when it is not given.
    limit: Option<u32>,
}

/// Shows the caller's leases.
#[utoipa::path(get, path = "/v1/leases", tag = "player", security(("player" = [])), params(Page), responses(
    (status = 200, description = "a page", body = ShownLeases),
    (status = 400, description = "`malformed`", body = ProblemBody, content_type = "application/problem+json"),
    Guarded, Always,
))]
pub(crate) async fn leases(
    State(api): State<Api>,
    caller: Caller,
    Asked(page): Asked<Page>,
) -> Result<Json<ShownLeases>, Problem> {
    let limit = page.limit.unwrap_or(limits::PAGE).clamp(1, limits::MOST_ROWS);
    let found = api.leases.of_player(caller.player, page.before, limit).await?;
    Ok(Json(ShownLeases { leases: found.iter().map(ShownLease::from).collect() }))
}
