//! `GET /v1/balances`: the caller's money, by currency.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use money::{Amount, Currency};
use serde::Serialize;
use utoipa::ToSchema;

use crate::auth::Caller;
use crate::problem::Problem;
use crate::responses::{Always, Guarded};
use crate::state::Api;

/// The caller's money in one currency, minor units.
#[derive(Serialize, ToSchema)]
#[schema(as = Balance)]
pub(crate) struct Shown {
    /// The currency.
    #[schema(value_type = String, example = "EUR")]
    currency: Currency,
    /// Free to withdraw or to play with.
    #[schema(value_type = String, example = "12500")]
    available_minor: Amount,
    /// In the escrow of leases that are not settled.
    #[schema(value_type = String, example = "2000")]
    in_play_minor: Amount,
    /// Waits to be paid out.
    #[schema(value_type = String, example = "0")]
    withdrawing_minor: Amount,
}

/// All of the caller's money.
#[derive(Serialize, ToSchema)]
pub(crate) struct Balances {
    /// By currency.
    #[schema(value_type = Vec<Shown>)]
    balances: Vec<Shown>,
}

/// Shows the caller's money: what the ledger has posted, and nothing that is under way.
#[utoipa::path(get, path = "/v1/balances", tag = "player", security(("player" = [])), responses(
    (status = 200, description = "the money", body = Balances),
    Guarded, Always,
))]
pub(crate) async fn balances(State(api): State<Api>, caller: Caller) -> Result<Json<Balances>, Problem> {
    let held = api.leases.wallet_of(caller.player).await?;
    let waiting: BTreeMap<Currency, Amount> = api.ledger.pending_of(caller.player).into_iter().collect();
    let shown = held.into_iter().map(|balance| Shown {
        currency: balance.currency,
        available_minor: balance.available_minor,
        in_play_minor: balance.in_play_minor,
        withdrawing_minor: waiting.get(&balance.currency).copied().unwrap_or(Amount::ZERO),
    });
    Ok(Json(Balances { balances: shown.collect() }))
}
