//! `GET /v1/history`: the caller's settled deals, the newest first.
//!
//! Pages are cut between milliseconds, so that none of two deals of one millisecond falls between two pages.

use axum::Json;
use axum::extract::State;
use ids::{Digest, LeaseId};
use money::Amount;
use serde::{Deserialize, Serialize};
use settlement::HistoryRow;
use utoipa::{IntoParams, ToSchema};

use crate::auth::Caller;
use crate::body::Asked;
use crate::limits;
use crate::problem::{Problem, ProblemBody};
use crate::responses::{Always, Guarded};
use crate::state::Api;

/// Which page.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Page {
    /// Deals before this time, Unix milliseconds: `next_before_ms` of the page before.
    before_ms: Option<u64>,
    /// Rows of the page, 16 to 200; 50 when it is not given.
    limit: Option<u32>,
}

/// A settled deal.
#[derive(Clone, Serialize, ToSchema)]
#[schema(as = SettledDeal)]
pub(crate) struct Shown {
    /// The lease.
    #[schema(value_type = String, format = "uuid")]
    lease: LeaseId,
    /// Its number in the lease.
    deal: u64,
    /// The game; empty when a void deal named none of the lease's.
    game: String,
    /// Staked, minor units.
    #[schema(value_type = String, example = "100")]
    stake_minor: Amount,
    /// Won, minor units.
    #[schema(value_type = String, example = "250")]
    win_minor: Amount,
    /// Given back because the deal, or its round, is void, minor units.
    #[schema(value_type = String, example = "0")]
    refund_minor: Amount,
    /// Why it is void; absent when it is not.
    #[serde(skip_serializing_if = "Option::is_none")]
    void_code: Option<String>,
    /// The link of the lease's proof chain.
    #[schema(value_type = String, pattern = "^[0-9a-f]{64}$")]
    link: Digest,
    /// The dealer's time, Unix milliseconds.
    played_ms: u64,
    /// The trace of the frame that caused it.
    #[serde(skip_serializing_if = "String::is_empty")]
    trace: String,
}

/// A page of settled deals.
#[derive(Serialize, ToSchema)]
pub(crate) struct History {
    /// The newest first.
    #[schema(value_type = Vec<Shown>)]
    deals: Vec<Shown>,
    /// Where the next page begins; absent when this is the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_before_ms: Option<u64>,
}

impl From<HistoryRow> for Shown {
    fn from(row: HistoryRow) -> Self {
        let HistoryRow { lease, deal, game, stake_minor, win_minor, refund_minor, void_code, link, played_ms, trace } =
            row;
        let void_code = Some(void_code).filter(|code| !code.is_empty());
        Self { lease, deal, game, stake_minor, win_minor, refund_minor, void_code, link, played_ms, trace }
    }
}

/// Cuts what was read, one row more than a page, to a page.
fn cut(mut rows: Vec<Shown>, limit: u32) -> History {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let Some(following) = rows.get(limit).map(|row| row.played_ms) else {
        return History { deals: rows, next_before_ms: None };
    };
    rows.truncate(limit);
    let whole = rows.partition_point(|row| row.played_ms > following);
    if whole > 0 {
        rows.truncate(whole);
    }
    let next_before_ms = rows.last().map(|row| row.played_ms);
    History { deals: rows, next_before_ms }
}

/// Shows settled deals.
#[utoipa::path(get, path = "/v1/history", tag = "player", security(("player" = [])), params(Page), responses(
    (status = 200, description = "a page", body = History),
    (status = 400, description = "`malformed`", body = ProblemBody, content_type = "application/problem+json"),
    Guarded, Always,
))]
pub(crate) async fn history(
    State(api): State<Api>,
    caller: Caller,
    Asked(page): Asked<Page>,
) -> Result<Json<History>, Problem> {
    let limit = page.limit.unwrap_or(limits::PAGE).clamp(limits::LEAST_HISTORY, limits::MOST_ROWS);
    let before_ms = page.before_ms.unwrap_or(u64::MAX);
    let rows = settlement::history(&api.pool, caller.player, before_ms, limit.saturating_add(1)).await?;
    Ok(Json(cut(rows.into_iter().map(Shown::from).collect(), limit)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(deal: u64, played_ms: u64) -> Shown {
        let lease = LeaseId::from_bytes([1; 16]);
        let link = Digest::from_bytes([0; 32]);
        let (stake_minor, win_minor, refund_minor) = (Amount::ZERO, Amount::ZERO, Amount::ZERO);
        let (game, trace, void_code) = (String::new(), String::new(), None);
        Shown { lease, deal, game, stake_minor, win_minor, refund_minor, void_code, link, played_ms, trace }
    }

    /// Reads all pages of `limit` as a client would.
    fn walk(all: &[Shown], limit: u32) -> Vec<u64> {
        let (mut seen, mut before) = (Vec::new(), u64::MAX);
        loop {
            let found = all.iter().filter(|row| row.played_ms < before);
            let page = cut(found.take(usize::try_from(limit).unwrap() + 1).cloned().collect(), limit);
            seen.extend(page.deals.iter().map(|row| row.deal));
            match page.next_before_ms {
                Some(next) => before = next,
                None => return seen,
            }
        }
    }

    #[test]
    fn walking_the_pages_shows_every_deal_once_also_those_of_one_millisecond() {
        let times = [90, 80, 80, 80, 70, 60, 60, 50, 40, 40, 40, 30];
        let all: Vec<Shown> = (1..).zip(times).map(|(deal, ms)| row(deal, ms)).collect();
        for limit in 3..14 {
            assert_eq!(walk(&all, limit), (1..=12).collect::<Vec<u64>>(), "{limit}");
        }
    }
}
