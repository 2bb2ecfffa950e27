//! What the core says of itself at the end, beside what its database holds.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::Value;
use sqlx::postgres::PgPoolOptions;
use sqlx::{PgPool, Row};

use crate::Endpoints;
use crate::bots::Api;

/// How long the last wallet of the outbox and the last told result may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// The counts.
#[derive(Clone, Debug, Default)]
pub(super) struct Audit {
    pub(super) settled: u64,
    pub(super) voided: u64,
    pub(super) mismatched: u64,
    pub(super) quarantined: u64,
    pub(super) bound: u64,
    pub(super) sums: BTreeMap<String, i128>,
    pub(super) escrow_left: i128,
    pub(super) open_leases: u64,
}

/// Takes it, once nothing moves any more.
///
/// # Errors
/// The core or its database can't be read.
pub(super) async fn take(endpoints: &Endpoints, api: &Api, bundles: Option<&Path>) -> Result<Audit> {
    let pool = PgPoolOptions::new().max_connections(2).connect(&endpoints.database).await.context("audit: database")?;
    let told = wait_for_told(endpoints).await;
    let mut audit = counts(&pool).await?;
    let (sums, escrow) = balances(&pool).await?;
    (audit.sums, audit.escrow_left) = (sums, escrow);
    told?;
    if let Some(folder) = bundles {
        write_bundles(&pool, api, folder).await?;
    }
    Ok(audit)
}

/// Results that edges told and that nobody has compared yet would hide a mismatch.
async fn wait_for_told(endpoints: &Endpoints) -> Result<()> {
    let summary = async {
        loop {
            let operator = Api::at(&endpoints.operator)?;
            let body = operator.get("/v1/operator/summary", Some(&endpoints.operator_token)).await?.ok()?;
            if body.get("told_pending").and_then(Value::as_u64) == Some(0) {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(250)).await;
        }
    };
    tokio::time::timeout(PATIENCE, summary).await.context("told results are not compared in time")?
}

async fn counts(pool: &PgPool) -> Result<Audit> {
    let row = sqlx::query(
        "SELECT (SELECT count(*) FROM settled_deals) AS settled, \
         (SELECT count(*) FROM settled_deals WHERE void_code <> '') AS voided, \
         (SELECT count(*) FROM mismatches) AS mismatched, \
         (SELECT count(*) FROM quarantined_records) AS quarantined, \
         (SELECT COALESCE(sum((progress::jsonb ->> 'deals')::bigint), 0)::bigint FROM lease_progress) AS bound, \
         (SELECT count(*) FROM leases WHERE state IN ('granted', 'open', 'closing', 'closed')) AS open_leases",
    )
    .fetch_one(pool)
    .await?;
    let count = |name: &str| Ok::<_, anyhow::Error>(u64::try_from(row.try_get::<i64, _>(name)?)?);
    Ok(Audit {
        settled: count("settled")?,
        voided: count("voided")?,
        mismatched: count("mismatched")?,
        quarantined: count("quarantined")?,
        bound: count("bound")?,
        open_leases: count("open_leases")?,
        ..Audit::default()
    })
}

/// Sums over the rows of the ledger's accounts, not over what the core says of them.
async fn balances(pool: &PgPool) -> Result<(BTreeMap<String, i128>, i128)> {
    let rows = sqlx::query("SELECT kind, currency, balance FROM ledger_accounts").fetch_all(pool).await?;
    let (mut sums, mut escrow) = (BTreeMap::new(), 0);
    for row in rows {
        let balance = i128::from(row.try_get::<i64, _>("balance")?);
        let currency: String = row.try_get("currency")?;
        *sums.entry(currency).or_insert(0) += balance;
        if row.try_get::<i16, _>("kind")? == LEASE_ESCROW {
            escrow += balance;
        }
    }
    Ok((sums, escrow))
}

/// The ledger's number of the account kind `lease_escrow`.
const LEASE_ESCROW: i16 = ledger::AccountKind::LeaseEscrow.code();

async fn write_bundles(pool: &PgPool, api: &Api, folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    for number in [0, 1] {
        let name = format!("bot-{number:05}");
        let (token, _) = api.join(&name, "a bot's password").await?;
        let lease: Option<uuid::Uuid> = sqlx::query_scalar(
            "SELECT d.lease FROM settled_deals d JOIN players p ON p.id = d.player JOIN leases l ON l.lease = d.lease \
             WHERE p.name = $1 AND l.state = 'settled' GROUP BY d.lease ORDER BY count(*) DESC LIMIT 1",
        )
        .bind(&name)
        .fetch_optional(pool)
        .await?;
        if let Some(lease) = lease {
            let bundle =
                api.get(&format!("/v1/fairness/bundle/{lease}"), Some(&token)).await?.ok().context("bundle")?;
            std::fs::write(folder.join(format!("{name}.json")), serde_json::to_vec_pretty(&bundle)?)?;
        }
    }
    Ok(())
}
