//! `POST /v1/operator/leases/{lease}/close`: ends a lease whatever its edge does. Its money comes back when settlement has
//! read its log to the end, as always.

use axum::extract::State;
use axum::{Extension, Json};
use ids::LeaseId;
use serde::Serialize;
use telemetry::Trace;
use utoipa::ToSchema;
use wire::v1::record::RecordBody;

use crate::body::Named;
use crate::problem::{Problem, ProblemBody};
use crate::responses::{Always, Guarded};
use crate::state::Api;

/// The lease's log is closed.
#[derive(Serialize, ToSchema)]
pub(crate) struct Ended {
    /// The lease.
    #[schema(value_type = String, format = "uuid")]
    lease: LeaseId,
    /// Deals bound in it; absent when it was only an offer, which is declined now.
    #[serde(skip_serializing_if = "Option::is_none")]
    deals: Option<u64>,
}

/// Ends a lease. Doing it again gives the same answer.
#[utoipa::path(post, path = "/v1/operator/leases/{lease}/close", tag = "operator", security(("operator" = [])),
    params(("lease" = String, Path, format = "uuid", description = "any lease")), responses(
    (status = 200, description = "its log is closed", body = Ended),
    (status = 404, description = "`lease_unknown`, or it never began", body = ProblemBody,
     content_type = "application/problem+json"),
    Guarded, Always,
))]
pub(crate) async fn close(
    State(api): State<Api>,
    Extension(trace): Extension<Trace>,
    Named(lease): Named<LeaseId>,
) -> Result<Json<Ended>, Problem> {
    let record = api.leases.close_by_operator(lease, &trace).await?;
    tracing::warn!(%lease, trace_id = trace.trace_id(), "an operator has ended a lease");
    let deals = record.and_then(|record| match record.body {
        RecordBody::Closed(closed) => Some(closed.deals),
        _ => None,
    });
    Ok(Json(Ended { lease, deals }))
}
