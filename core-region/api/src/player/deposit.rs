//! `POST /v1/deposits`: money from the sandbox provider, which always pays.

use axum::extract::State;
use axum::{Extension, Json};
use ledger::Intent;
use players::Status;
use telemetry::Trace;
use wire::v1::wallet::WalletBody;

use super::order::{Order, Receipt};
use crate::auth::Caller;
use crate::body::Body;
use crate::problem::{Code, Problem, ProblemBody};
use crate::responses::{Always, Guarded, WithBody};
use crate::state::Api;

/// The payment provider of the sandbox.
const PROVIDER: &str = "sandbox";

/// Pays money in. The same order again gets the same answer.
#[utoipa::path(post, path = "/v1/deposits", tag = "player", security(("player" = [])), request_body = Order, responses(
    (status = 200, description = "the money is there", body = Receipt),
    (status = 403, description = "`player_blocked`", body = ProblemBody, content_type = "application/problem+json"),
    (status = 409, description = "`id_conflict`", body = ProblemBody, content_type = "application/problem+json"),
    Guarded, WithBody, Always,
))]
pub(crate) async fn deposit(
    State(api): State<Api>,
    caller: Caller,
    Extension(trace): Extension<Trace>,
    Body(order): Body<Order>,
) -> Result<Json<Receipt>, Problem> {
    order.check(&api, api.options.max_deposit_minor)?;
    if api.players.profile(caller.player).await?.status == Status::Blocked {
        return Err(Code::PlayerBlocked.into());
    }
    let (player, currency, amount_minor) = (caller.player, order.currency, order.amount_minor);
    let intent = Intent::Deposit { player, amount: amount_minor, provider: PROVIDER.to_owned() };
    let event = WalletBody::Deposited { currency, amount_minor };
    Ok(Json(order.carry_out(&api, player, ("deposit", intent, event), &trace).await?))
}
