//! `GET /v1/operator/leases`: leases in one state.

use axum::Json;
use axum::extract::State;
use ids::LeaseId;
use leases::Status;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::body::Asked;
use crate::limits;
use crate::problem::{Code, Problem, ProblemBody};
use crate::responses::{Always, Guarded};
use crate::shown_lease::{ShownLease, ShownLeases};
use crate::state::Api;

/// Which leases.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Page {
    /// `offered`, `granted`, `open`, `closing`, `closed`, `settled`, or `refused`; `open` when it is not given.
    state: Option<String>,
    /// Leases younger than this one: the last of the page before.
    #[param(value_type = Option<String>, format = "uuid")]
    after: Option<LeaseId>,
    /// Rows of the page, 1 to 200; 50 when it is not given.
    limit: Option<u32>,
}

/// Lists leases in one state, the oldest first.
#[utoipa::path(get, path = "/v1/operator/leases", tag = "operator", security(("operator" = [])), params(Page), responses(
    (status = 200, description = "a page", body = ShownLeases),
    (status = 400, description = "`malformed`", body = ProblemBody, content_type = "application/problem+json"),
    Guarded, Always,
))]
pub(crate) async fn leases(State(api): State<Api>, Asked(page): Asked<Page>) -> Result<Json<ShownLeases>, Problem> {
    let named = page.state.as_deref().unwrap_or(Status::Open.as_str());
    let status = Status::parse(named).ok_or_else(|| Problem::because(Code::Malformed, "no such state"))?;
    let limit = page.limit.unwrap_or(limits::PAGE).clamp(1, limits::MOST_ROWS);
    let found = api.leases.in_state(status, page.after, limit).await?;
    Ok(Json(ShownLeases { leases: found.iter().map(ShownLease::from).collect() }))
}
