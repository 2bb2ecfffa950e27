//! The ledger as an operator reads it: what an owner has, what became of one transfer, whether the whole log is sound.
//!
//! Reads balances as of the last batch, and the log itself; nothing here writes. Names of kinds, codes and states are those
//! of the log.

use axum::Json;
use axum::extract::State;
use ids::TransferId;
use ledger::{AccountRow, Side, TransferRow};
use serde::Serialize;
use utoipa::ToSchema;

use crate::body::Named;
use crate::problem::{Code, Problem, ProblemBody};
use crate::responses::{Always, Guarded};
use crate::state::Api;

/// An account.
#[derive(Serialize, ToSchema)]
struct Account {
    /// Its number in the log.
    id: u32,
    /// What it is for.
    #[schema(example = "player.cash")]
    kind: &'static str,
    /// Whose: a player, a lease, or the stand-in of a name.
    #[schema(format = "uuid")]
    owner: String,
    /// What its balance counts.
    #[schema(example = "EUR")]
    currency: String,
    /// Credits minus debits, minor units.
    #[schema(example = "1000")]
    balance_minor: String,
    /// How many transfers have touched it.
    version: u64,
}

/// Accounts of one owner.
#[derive(Serialize, ToSchema)]
#[schema(as = LedgerAccounts)]
pub(crate) struct Accounts {
    /// By kind and currency.
    accounts: Vec<Account>,
}

/// One side of a movement.
#[derive(Serialize, ToSchema)]
#[schema(as = LedgerSide)]
struct ShownSide {
    /// The account's number.
    account: u32,
    /// What it is for.
    #[schema(example = "player.cash")]
    kind: &'static str,
    /// Whose.
    #[schema(format = "uuid")]
    owner: String,
    /// What it holds after, minor units.
    balance_minor: String,
}

/// One leg of a transfer.
#[derive(Serialize, ToSchema)]
#[schema(as = LedgerLeg)]
struct Leg {
    /// Its number in the log.
    seq: u64,
    /// Which leg, from 0.
    leg: u16,
    /// What it is.
    #[schema(example = "lease.grant")]
    code: &'static str,
    /// What became of it.
    #[schema(example = "applied")]
    status: &'static str,
    /// The lease, or the player where there is no lease.
    #[schema(format = "uuid")]
    subject: String,
    /// The deal's number, or 0.
    reference: i64,
    /// What the amount counts.
    currency: String,
    /// How much moved, minor units; absent when nothing did.
    #[serde(skip_serializing_if = "Option::is_none")]
    amount_minor: Option<String>,
    /// Where from.
    #[serde(skip_serializing_if = "Option::is_none")]
    debit: Option<ShownSide>,
    /// Where to.
    #[serde(skip_serializing_if = "Option::is_none")]
    credit: Option<ShownSide>,
    /// When the event behind it happened, Unix milliseconds.
    event_ms: u64,
    /// The batch that holds it.
    batch: u64,
    /// When that batch was posted, Unix milliseconds.
    posted_ms: u64,
}

/// A transfer with all its legs.
#[derive(Serialize, ToSchema)]
#[schema(as = LedgerTransfer)]
pub(crate) struct Transfer {
    /// Its id.
    #[schema(format = "uuid")]
    id: String,
    /// In order.
    legs: Vec<Leg>,
}

/// What a replay of the whole log found.
#[derive(Serialize, ToSchema)]
#[schema(as = LedgerVerified)]
pub(crate) struct Verified {
    /// Whether it is sound.
    sound: bool,
    /// The first fault; absent when there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "batch 7: has other rows than its root")]
    fault: Option<String>,
    /// Batches; 0 when it is not sound.
    batches: u64,
    /// Rows; 0 when it is not sound.
    transfers: u64,
    /// Accounts; 0 when it is not sound.
    accounts: usize,
    /// The hash of the last batch, which chains all before it; absent when it is not sound.
    #[serde(skip_serializing_if = "Option::is_none")]
    hash: Option<String>,
}

fn uuid(bytes: [u8; 16]) -> String {
    uuid::Uuid::from_bytes(bytes).to_string()
}

impl From<AccountRow> for Account {
    fn from(row: AccountRow) -> Self {
        Self {
            id: row.id,
            kind: row.key.kind.name(),
            owner: uuid(row.key.owner),
            currency: row.key.currency.to_string(),
            balance_minor: row.balance.to_string(),
            version: row.version,
        }
    }
}

impl From<Side> for ShownSide {
    fn from(side: Side) -> Self {
        let (kind, owner) = (side.key.kind.name(), uuid(side.key.owner));
        Self { account: side.account, kind, owner, balance_minor: side.balance.to_string() }
    }
}

impl From<&TransferRow> for Leg {
    fn from(row: &TransferRow) -> Self {
        Self {
            seq: row.seq,
            leg: row.leg,
            code: row.code.name(),
            status: row.status.name(),
            subject: uuid(row.subject),
            reference: row.ref_no,
            currency: row.currency.to_string(),
            amount_minor: row.movement.map(|movement| movement.amount.to_string()),
            debit: row.movement.map(|movement| movement.debit.into()),
            credit: row.movement.map(|movement| movement.credit.into()),
            event_ms: row.event_ms,
            batch: row.batch,
            posted_ms: row.posted_ms,
        }
    }
}

/// Lists the accounts of a player, a lease, or another owner.
#[utoipa::path(get, path = "/v1/operator/ledger/accounts/{owner}", tag = "operator", security(("operator" = [])),
    params(("owner" = String, Path, format = "uuid", description = "a player, a lease, or a name's stand-in")), responses(
    (status = 200, description = "its accounts; none when it never had any", body = Accounts),
    (status = 404, description = "not an owner's id", body = ProblemBody, content_type = "application/problem+json"),
    Guarded, Always,
))]
pub(crate) async fn accounts(State(api): State<Api>, Named(owner): Named<uuid::Uuid>) -> Json<Accounts> {
    let rows = api.ledger.accounts_of(owner.into_bytes());
    Json(Accounts { accounts: rows.into_iter().map(Account::from).collect() })
}

/// Shows a transfer as it stands in the log.
#[utoipa::path(get, path = "/v1/operator/ledger/transfers/{id}", tag = "operator", security(("operator" = [])),
    params(("id" = String, Path, format = "uuid", description = "any transfer")), responses(
    (status = 200, description = "the transfer", body = Transfer),
    (status = 404, description = "`not_found`", body = ProblemBody, content_type = "application/problem+json"),
    Guarded, Always,
))]
pub(crate) async fn transfer(State(api): State<Api>, Named(id): Named<TransferId>) -> Result<Json<Transfer>, Problem> {
    let rows = api.ledger.transfer(id).await?;
    if rows.is_empty() {
        return Err(Code::NotFound.into());
    }
    Ok(Json(Transfer { id: id.to_string(), legs: rows.iter().map(Leg::from).collect() }))
}

/// Replays the whole log: hashes, numbers, balances, zero sums. Costs one pass over all rows.
#[utoipa::path(post, path = "/v1/operator/ledger/verify", tag = "operator", security(("operator" = [])), responses(
    (status = 200, description = "what was found", body = Verified),
    Guarded, Always,
))]
pub(crate) async fn verify(State(api): State<Api>) -> Result<Json<Verified>, Problem> {
    match api.ledger.verify().await {
        Ok(report) => Ok(Json(Verified {
            sound: true,
            fault: None,
            batches: report.batches,
            transfers: report.transfers,
            accounts: report.accounts,
            hash: Some(hex::encode(report.hash)),
        })),
        Err(ledger::verify::Fault::Store(error)) => Err(error.into()),
        Err(fault) => {
            tracing::error!(%fault, "ALARM the ledger's log is not sound");
            let fault = Some(fault.to_string());
            Ok(Json(Verified { sound: false, fault, batches: 0, transfers: 0, accounts: 0, hash: None }))
        }
    }
}
