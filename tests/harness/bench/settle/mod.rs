//! Settlement alone: from a full hub stream to committed postings, beside what the same Postgres does of TPC-B.
//!
//! The log is written by players, leases room and dealer as in production; then all shards' settlers start at once, exactly
//! as the core starts them, and the time counts until the last watermark is committed. Signature checks, key derivation,
//! execution, fold, postings, deal rows, wallet events, and the end of every lease are in it. Writing log lines is not: the
//! bench has no subscriber.

mod log;
mod session;
mod tpcb;
mod world;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use telemetry::Timer;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use wire::subjects::ROUND_SHARDS;

use super::progress::reach;
use super::report::{Report, count, median, rate};
use crate::Tools;
use log::{Filled, fill};
use tpcb::TpcB;
use world::World;

const REPEATS: u64 = 3;
const LEASES: u64 = 256;
const DEALS: u64 = 80;
const TPCB_TIME: Duration = Duration::from_secs(6);
/// How long a filled log may take to reach the hub's streams, and to be settled.
const PATIENCE: Duration = Duration::from_secs(60);

/// Runs it in the folder `state`.
pub(super) async fn run(state: &Path, say: &impl Fn(&str)) -> Result<Report> {
    let tools = Tools::find()?;
    say("starting a hub, Postgres, the core's rooms and its dealer");
    let world = Arc::new(World::start(&tools, state).await?);
    let measured = measure(&tools, &world, say).await;
    let world = Arc::into_inner(world).context("the world is still in use")?;
    let stopped = world.stop().await;
    let report = measured?;
    stopped?;
    Ok(report)
}

async fn measure(tools: &Tools, world: &Arc<World>, say: &impl Fn(&str)) -> Result<Report> {
    say("filling pgbench's database, scale 50");
    let tpcb = TpcB::prepare(tools, &world.postgres).await?;
    let (mut settled, mut committed, mut ratios, mut all) = (vec![], vec![], vec![], Filled::default());
    for repeat in 0..REPEATS {
        say(&format!("repeat {} of {REPEATS}: {} deals in {LEASES} leases are bound", repeat + 1, LEASES * DEALS));
        let filled = fill(world, repeat * LEASES, LEASES, DEALS).await?;
        all = Filled { deals: all.deals + filled.deals, records: all.records + filled.records };
        reach(all.records, PATIENCE, || world.records_at_hub()).await.context("the log on its way to the hub")?;
        let deals_per_s = rate(filled.deals, settle(world, all.records).await?);
        let tps = tpcb.measure(TPCB_TIME).await?;
        say(&format!("settled {deals_per_s:.0} deals/s; TPC-B {tps:.0} transactions/s"));
        settled.push(deals_per_s);
        committed.push(tps);
        ratios.push(deals_per_s / tps);
    }
    let mut report = Report::new("settle");
    report.figure("settled_deals_per_s", median(&settled));
    report.figure("tpcb_transactions_per_s", median(&committed));
    report.figure("deals_settled", count(all.deals));
    report.at_least("settled_over_tpcb", median(&ratios), 3.0);
    audit(world, all, &mut report).await?;
    report.note(
        "Ed25519 session keys; half the deals slot-lines, half roulette; pgbench: 16 clients, prepared, scale 50.",
    );
    Ok(report)
}

/// Starts every shard's settler on a stream that holds `records` records, and waits until all of them are committed.
async fn settle(world: &World, records: u64) -> Result<Duration> {
    let (tasks, cancel) = (TaskTracker::new(), CancellationToken::new());
    let mut shards = Vec::new();
    for shard in 0..ROUND_SHARDS {
        shards.push(world.settlement.shard(shard).await?);
    }
    let timer = Timer::start();
    for shard in shards {
        tasks.spawn(shard.run(cancel.clone()));
    }
    let done = reach(records, PATIENCE, || world.records_settled()).await.context("settlement");
    let time = timer.elapsed();
    cancel.cancel();
    tasks.close();
    tasks.wait().await;
    done.map(|()| time)
}

/// What was fast must also be right.
async fn audit(world: &World, all: Filled, report: &mut Report) -> Result<()> {
    let row: (i64, i64, i64, i64) = sqlx::query_as(
        "SELECT (SELECT count(*) FROM settled_deals), (SELECT count(*) FROM settled_deals WHERE void_code <> ''), \
         (SELECT count(*) FROM quarantined_records), (SELECT count(*) FROM leases WHERE state <> 'settled')",
    )
    .fetch_one(&world.pool)
    .await?;
    let unsigned = |value: i64| u64::try_from(value).map(count);
    let balance = world.ledger.trial_balance();
    let escrow: i128 =
        balance.currencies.values().filter_map(|total| total.kinds.get(&ledger::AccountKind::LeaseEscrow)).sum();
    report.at_most("deals_not_settled", count(all.deals.abs_diff(u64::try_from(row.0)?)), 0.0);
    report.at_most("deals_void", unsigned(row.1)?, 0.0);
    report.at_most("records_in_quarantine", unsigned(row.2)?, 0.0);
    report.at_most("leases_not_settled", unsigned(row.3)?, 0.0);
    report.at_most("escrow_left_minor", count(u64::try_from(escrow.unsigned_abs())?), 0.0);
    report.at_most("currencies_not_zero_sum", if balance.is_zero_sum() { 0.0 } else { 1.0 }, 0.0);
    Ok(())
}
