//! `POST /v1/withdrawals`: money set aside to be paid out. Also a blocked player may have his money.

use axum::extract::State;
use axum::{Extension, Json};
use ledger::Intent;
use money::Amount;
use telemetry::Trace;
use wire::v1::wallet::WalletBody;

use super::order::{Order, Receipt};
use crate::auth::Caller;
use crate::body::Body;
use crate::problem::{Problem, ProblemBody};
use crate::responses::{Always, Guarded, WithBody};
use crate::state::Api;

/// Asks for a payout. The same order again gets the same answer; one that was refused for lack of funds has spent its id.
#[utoipa::path(post, path = "/v1/withdrawals", tag = "player", security(("player" = [])), request_body = Order, responses(
    (status = 200, description = "the money is set aside", body = Receipt),
    (status = 409, description = "`id_conflict`", body = ProblemBody, content_type = "application/problem+json"),
    Guarded, WithBody, Always,
))]
pub(crate) async fn withdraw(
    State(api): State<Api>,
    caller: Caller,
    Extension(trace): Extension<Trace>,
    Body(order): Body<Order>,
) -> Result<Json<Receipt>, Problem> {
    order.check(&api, Amount::MAX)?;
    let (player, currency, amount_minor) = (caller.player, order.currency, order.amount_minor);
    let intent = Intent::WithdrawRequest { player, amount: amount_minor };
    let event = WalletBody::WithdrawalRequested { currency, amount_minor };
    Ok(Json(order.carry_out(&api, player, ("withdrawal", intent, event), &trace).await?))
}
