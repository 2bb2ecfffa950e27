//! `GET /v1/fairness/commitments/{lease}`: what the core had committed to before the player chose his seed, and what both
//! then signed. Nothing here is secret, at any time.

use axum::Json;
use axum::extract::State;
use ids::{DealerId, LeaseId};
use serde::Serialize;
use utoipa::ToSchema;
use wire::v1::lease::{LeaseOffer, Opening};
use wire::v1::{ClientKey, Hex, Signature};

use crate::auth::Caller;
use crate::body::Named;
use crate::problem::{Code, Problem, ProblemBody};
use crate::responses::{Always, Guarded};
use crate::state::Api;

/// What was committed to and signed (fairness.md sections 2 and 3).
#[derive(Serialize, ToSchema)]
pub(crate) struct Commitments {
    /// The lease.
    #[schema(value_type = String, format = "uuid")]
    lease: LeaseId,
    /// Where it stands.
    #[schema(example = "open")]
    state: &'static str,
    /// C, the commitment to the seed.
    #[schema(value_type = String, pattern = "^[0-9a-f]{64}$")]
    commit: Hex<32>,
    /// The offer as the player was given it, with the core's signature.
    #[schema(value_type = Object)]
    offer: LeaseOffer,
    /// The core's Ed25519 key, with which offer and opening verify.
    #[schema(value_type = String, pattern = "^[0-9a-f]{64}$")]
    core_key: Hex<32>,
    /// The opening, once the player has taken the offer up.
    #[schema(value_type = Option<Object>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    opening: Option<Signed>,
}

/// The opening and its signatures.
#[derive(Serialize, ToSchema)]
struct Signed {
    /// Every field of the opening.
    #[schema(value_type = Object)]
    fields: Opening,
    /// O, its hash: what is signed.
    #[schema(value_type = String)]
    open: Hex<32>,
    /// The player's session key.
    #[schema(value_type = String)]
    client_key: ClientKey,
    /// The session key's signature.
    #[schema(value_type = String)]
    client_signature: Signature,
    /// The core's signature.
    #[schema(value_type = String)]
    core_signature: Signature,
    /// The dealer that signs receipts.
    #[schema(value_type = String)]
    dealer: DealerId,
    /// Its Ed25519 key; absent when the dealer is not of this house any more.
    #[schema(value_type = Option<String>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    dealer_key: Option<Hex<32>>,
}

/// Shows what a lease of one's own was committed to.
#[utoipa::path(get, path = "/v1/fairness/commitments/{lease}", tag = "fairness", security(("player" = [])),
    params(("lease" = String, Path, format = "uuid", description = "a lease of the caller's")), responses(
    (status = 200, description = "the commitments", body = Commitments),
    (status = 404, description = "`lease_unknown`", body = ProblemBody, content_type = "application/problem+json"),
    Guarded, Always,
))]
pub(crate) async fn commitments(
    State(api): State<Api>,
    caller: Caller,
    Named(lease): Named<LeaseId>,
) -> Result<Json<Commitments>, Problem> {
    let found = api.leases.find(lease).await?;
    let lease = found.filter(|lease| lease.player == caller.player).ok_or(Code::LeaseUnknown)?;
    let offer = lease.offer();
    let dealer_key = |dealer: &DealerId| api.leases.rules().dealer(dealer).map(|identity| identity.signing_key);
    let opening = lease.terms.map(|terms| Signed {
        dealer_key: dealer_key(&terms.dealer),
        fields: terms.opening,
        open: terms.open,
        client_key: terms.client_key,
        client_signature: terms.client_signature,
        core_signature: terms.core_signature,
        dealer: terms.dealer,
    });
    let (commit, core_key) = (lease.commit, api.core_key);
    Ok(Json(Commitments { lease: lease.id, state: lease.status.as_str(), commit, offer, core_key, opening }))
}
