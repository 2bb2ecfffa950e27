//! `GET /v1/operator/summary`: whether the books are straight, and how far behind settlement is.
//!
//! Costs counts over settled deals, and a walk over all balances: for an operator, not for a scraper (that is `/metrics`).

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use ledger::{AccountKind, CurrencyTotal, State as LedgerState};
use money::Currency;
use serde::Serialize;
use utoipa::ToSchema;

use crate::problem::Problem;
use crate::responses::{Always, Guarded};
use crate::state::Api;

/// The house at this moment.
#[derive(Serialize, ToSchema)]
pub(crate) struct Summary {
    /// Counts of all time.
    totals: Totals,
    /// The books, by currency.
    books: Vec<Books>,
    /// Leases that are neither settled nor refused, counted by state.
    #[schema(value_type = Object, example = json!({"open": 12}))]
    leases: BTreeMap<&'static str, u64>,
    /// Settlement, by shard.
    settlement: Vec<Shard>,
    /// Reports of what edges told their players that are not compared yet; absent before the first look.
    #[serde(skip_serializing_if = "Option::is_none")]
    told_pending: Option<u64>,
    /// Whether the ledger takes work: `running`, or why not.
    #[schema(example = "running")]
    ledger: String,
}

/// Counts of all time.
#[derive(Serialize, ToSchema)]
struct Totals {
    /// Settled deals.
    settled: u64,
    /// Void ones among them.
    voided: u64,
    /// Results that an edge told otherwise than they were settled. Anything but 0 is an alarm.
    mismatches: u64,
    /// Records set aside. Anything but 0 is an alarm.
    quarantined: u64,
}

/// The books of one currency, minor units.
#[derive(Serialize, ToSchema)]
struct Books {
    /// The currency.
    #[schema(value_type = String, example = "EUR")]
    currency: Currency,
    /// The sum of all accounts. Anything but `0` is a broken ledger.
    #[schema(example = "0")]
    sum_minor: String,
    /// What leases hold.
    #[schema(example = "0")]
    escrow_minor: String,
    /// The sum of the accounts of each kind.
    #[schema(value_type = Object, example = json!({"player.cash": "100"}))]
    kinds: BTreeMap<&'static str, String>,
}

/// Settlement of one shard.
#[derive(Serialize, ToSchema)]
struct Shard {
    /// Which.
    shard: u16,
    /// Records that waited at the hub after the last batch.
    pending: u64,
    /// When that batch was settled, Unix milliseconds; absent before the first since the process began.
    #[serde(skip_serializing_if = "Option::is_none")]
    settled_ms: Option<u64>,
}

fn books((currency, total): (Currency, CurrencyTotal)) -> Books {
    let kind = |kind: AccountKind| total.kinds.get(&kind).copied().unwrap_or(0);
    Books {
        currency,
        sum_minor: total.sum.to_string(),
        escrow_minor: kind(AccountKind::LeaseEscrow).to_string(),
        kinds: total.kinds.iter().map(|(kind, sum)| (kind.name(), sum.to_string())).collect(),
    }
}

/// Shows the house.
#[utoipa::path(get, path = "/v1/operator/summary", tag = "operator", security(("operator" = [])), responses(
    (status = 200, description = "the house", body = Summary),
    Guarded, Always,
))]
pub(crate) async fn summary(State(api): State<Api>) -> Result<Json<Summary>, Problem> {
    let totals = settlement::totals(&api.pool).await?;
    let mut leases = BTreeMap::new();
    for count in api.leases.census().await? {
        *leases.entry(count.status.as_str()).or_default() += count.leases;
    }
    let shards = api.lag.shards().into_iter().map(|lag| Shard {
        shard: lag.shard,
        pending: lag.pending,
        settled_ms: Some(lag.settled_ms).filter(|ms| *ms > 0),
    });
    let ledger = match &*api.ledger.state().borrow() {
        LedgerState::Running => "running".to_owned(),
        LedgerState::Halted(why) => why.to_string(),
    };
    Ok(Json(Summary {
        totals: Totals {
            settled: totals.deals,
            voided: totals.voided,
            mismatches: totals.mismatches,
            quarantined: totals.quarantined,
        },
        books: api.ledger.trial_balance().currencies.into_iter().map(books).collect(),
        leases,
        settlement: shards.collect(),
        told_pending: api.lag.told(),
        ledger,
    }))
}
