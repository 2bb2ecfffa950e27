//! `GET /v1/fairness/bundle/{lease}`: a closed lease as one file that anybody can check offline (`house verify`).
//!
//! It is computed anew from the log, so it costs one execution a deal; a few are computed at once, others are told to come
//! back. Until the log is closed there is none, because it holds the seed.

use axum::Json;
use axum::extract::State;
use ids::LeaseId;
use leases::Status;
use settlement::bundle;

use crate::auth::Caller;
use crate::body::Named;
use crate::problem::{Code, Problem, ProblemBody};
use crate::responses::{Always, Guarded};
use crate::state::Api;

/// Exports the proof of a closed lease of one's own: the lease bundle of fairness.md section 10.
#[utoipa::path(get, path = "/v1/fairness/bundle/{lease}", tag = "fairness", security(("player" = [])),
    params(("lease" = String, Path, format = "uuid", description = "a lease of the caller's")), responses(
    (status = 200, description = "the bundle, as `house verify` reads it", body = Object),
    (status = 404, description = "`lease_unknown` or `lease_never_began`", body = ProblemBody,
     content_type = "application/problem+json"),
    (status = 409, description = "`lease_open`: try again when it is over", body = ProblemBody,
     content_type = "application/problem+json"),
    Guarded, Always,
))]
pub(crate) async fn bundle(
    State(api): State<Api>,
    caller: Caller,
    Named(lease): Named<LeaseId>,
) -> Result<Json<::fairness::Bundle>, Problem> {
    let found = api.leases.find(lease).await?;
    let lease = found.filter(|lease| lease.player == caller.player).ok_or(Code::LeaseUnknown)?;
    match lease.status {
        Status::Refused => return Err(Code::NeverBegan.into()),
        Status::Closed | Status::Settled => {}
        _ => return Err(Code::LeaseOpen.into()),
    }
    let _turn = api.bundling().try_acquire().map_err(|_| Problem::from(Code::Busy))?;
    let replayed = api.replayer.replay(lease.id).await?.ok_or(Code::LeaseUnknown)?;
    // The closing record may still be on its way to the hub.
    bundle::of(&replayed, Vec::new()).map(Json).ok_or_else(|| Code::LeaseOpen.into())
}
