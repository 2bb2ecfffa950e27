//! A thousand players come back at once, while the region's streams hold a hundred thousand subjects: first to the edge that
//! held their leases all the time, then to one that has lost its memory, where each missed deal is read from the log by its
//! subject and executed again. Every missed deal is shown once, in order.
//!
//! What is real: every client has an account, a lease and bound deals; the second time its edge is killed and started again. The other
//! subjects are copies of the leases' first records under subjects beside them, written by the region's dealer's own log-in;
//! settlement takes them for redeliveries. The clock of a client runs from its hello to its first missed deal; all hellos
//! go out together, on connections that stand. Clients and product share the machine.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use bus::Append;
use sqlx::postgres::PgPoolOptions;
use telemetry::{Timer, Trace};
use tokio::sync::Barrier;
use tokio::task::JoinSet;
use wire::subjects;
use wire::v1::client::ServerBody;
use wire::v1::lease::Placement;

use super::connect::connect;
use super::crowd;
use super::latency::{Latencies, repeat};
use super::player::{self, ESCROW};
use super::progress::{Counted, reach, records_settled, stored};
use super::report::{Report, count};
use crate::bots::{Api, Player};
use crate::{Part, Stack, StackOptions};

const REGION: &str = "west";
const EDGE: &str = "west-1";
const CLIENTS: usize = 1_000;
/// Clients who come back one after the other first: the latency without the queue.
const ALONE: usize = 40;
const SUBJECTS: u64 = 100_000;
/// Deals of a lease, and how many of the last its client has not seen.
const DEALS: u64 = 6;
const MISSED: u64 = 3;
/// Players who play, connect or have their log copied at the same time.
const AT_ONCE: usize = 64;
const ANSWER: Duration = Duration::from_secs(20);
/// How long a client listens on for what must not come.
const AFTERMATH: Duration = Duration::from_millis(700);
const QUIET_WITHIN: Duration = Duration::from_secs(90);

/// What one client was shown.
struct Shown {
    first: Duration,
    all: Duration,
    missing: u64,
    twice: u64,
}

/// Runs it in the folder `state`.
pub(super) async fn run(state: &Path, say: &impl Fn(&str)) -> Result<Report> {
    say("starting the product");
    let mut options = StackOptions::free(state);
    options.log_level = "info".to_owned();
    let stack = Stack::start(options).await?;
    let measured = measure(&stack, say).await;
    let stopped = stack.stop().await;
    let report = measured?;
    stopped?;
    Ok(report)
}

async fn measure(stack: &Stack, say: &impl Fn(&str)) -> Result<Report> {
    let endpoints = stack.endpoints();
    let (api, url) = (Api::at(&endpoints.core)?, endpoints.edges.get(EDGE).context("no edge west-1")?.clone());
    say(&format!("{} players join", CLIENTS + ALONE));
    let players = crowd::join(&api, "resume", CLIENTS + ALONE).await?;
    say(&format!("they open leases, play {DEALS} deals each and vanish"));
    let players = play(players, &url).await?;
    say(&format!("the region's streams are filled up to {SUBJECTS} subjects"));
    let subjects = fill(stack, &players).await?;
    settle_down(stack).await?;
    say("their connections are gone and the edge is not; they come back at once");
    let (mut players, again) = all_at_once(players, &url).await?;
    vanish(&mut players);
    say("the edge is killed and started again; the players come back, first one by one, then at once");
    let edge = Part::Edge(EDGE.to_owned());
    stack.kill(&edge)?;
    stack.restart(&edge).await?;
    let mut alone = Vec::new();
    for mut player in players.split_off(CLIENTS) {
        player::connect(&mut player, &url).await?;
        alone.push(come_back(&mut player).await?);
    }
    let (_, shown) = all_at_once(players, &url).await?;
    report(subjects, &again, &alone, &shown)
}

async fn play(players: Vec<Player>, url: &str) -> Result<Vec<Player>> {
    let url = url.to_owned();
    let (players, _) = crowd::each(players, AT_ONCE, |mut player| {
        let url = url.clone();
        async move {
            player.connect(&url, false).await?;
            player.open(ESCROW, Placement::Regional).await?;
            for _ in 0..DEALS {
                player::deal(&mut player).await?;
            }
            vanish(std::slice::from_mut(&mut player));
            Ok((player, ()))
        }
    })
    .await?;
    Ok(players)
}

/// Their connections are gone, and they have not seen the last deals.
fn vanish(players: &mut [Player]) {
    for player in players {
        player.socket = None;
        player.cursor.deal = DEALS - MISSED;
    }
}

/// Copies the leases' first records to other subjects; how many subjects there are then.
async fn fill(stack: &Stack, players: &[Player]) -> Result<u64> {
    let leaf = stack.nats().leaf(REGION)?;
    let there = stored(leaf.monitor_port(), "ROUNDS_", Counted::Subjects).await?;
    let each = SUBJECTS.saturating_sub(there).div_ceil(u64::try_from(players.len())?);
    let bus = connect(leaf, &format!("dealer_{REGION}")).await?;
    let mut copying = JoinSet::new();
    for player in players {
        if copying.len() >= AT_ONCE {
            copying.join_next().await.context("nobody copies")???;
        }
        let (lease, journal) = (player.held()?.terms.opening.lease, bus.journal(None));
        let (shard, original) = (subjects::shard_of(lease), subjects::rounds(&REGION.parse()?, lease));
        copying.spawn(async move {
            let found = journal.read(&subjects::rounds_stream(shard), &original, 1, 1).await?;
            let payload = found.into_iter().next().context("a lease without a log")?.payload;
            for copy in 0..each {
                let (message_id, expected_last_subject_seq) = (None, None);
                let (payload, trace) = (payload.clone(), Trace::root());
                let subject = format!("rounds.{REGION}.{shard}.copy-{copy}.{lease}");
                journal.append(&subject, Append { message_id, expected_last_subject_seq, payload, trace }).await?;
            }
            Ok::<_, anyhow::Error>(())
        });
    }
    while let Some(copied) = copying.join_next().await {
        copied??;
    }
    bus.drain().await?;
    stored(leaf.monitor_port(), "ROUNDS_", Counted::Subjects).await
}

/// Waits until the hub has gathered, and settlement taken in, all of it.
async fn settle_down(stack: &Stack) -> Result<()> {
    let (leaf, hub) = (stack.nats().leaf(REGION)?.monitor_port(), stack.nats().hub().monitor_port());
    let records = stored(leaf, "ROUNDS_", Counted::Messages).await?;
    let pool = PgPoolOptions::new().max_connections(1).connect(&stack.endpoints().database).await?;
    reach(records, QUIET_WITHIN, || stored(hub, "ROUNDS_ALL_", Counted::Messages)).await.context("the hub")?;
    reach(records, QUIET_WITHIN, || records_settled(&pool)).await.context("settlement")?;
    pool.close().await;
    Ok(())
}

/// Every client connects; then all say hello at the same moment.
async fn all_at_once(players: Vec<Player>, url: &str) -> Result<(Vec<Player>, Vec<Shown>)> {
    let url = url.to_owned();
    let (connected, _) = crowd::each(players, AT_ONCE, |mut player| {
        let url = url.clone();
        async move { player::connect(&mut player, &url).await.map(|()| (player, ())) }
    })
    .await?;
    let all = connected.len();
    let start = Arc::new(Barrier::new(all));
    crowd::each(connected, all, |mut player| {
        let start = Arc::clone(&start);
        async move {
            start.wait().await;
            let shown = come_back(&mut player).await?;
            Ok((player, shown))
        }
    })
    .await
}

/// Says hello and takes in what was missed.
async fn come_back(player: &mut Player) -> Result<Shown> {
    let (lease, last) = (player.held()?.terms.opening.lease, player.held()?.next_deal.saturating_sub(1));
    let mut wanted: BTreeSet<u64> = (player.cursor.deal + 1..=last).collect();
    let (mut first, mut all, mut twice, mut next) = (None, Duration::ZERO, 0, player.cursor.deal + 1);
    let timer = Timer::start();
    player::say_hello(player).await?;
    loop {
        let patience = if wanted.is_empty() { AFTERMATH } else { ANSWER };
        let Some(frame) = player.frame(patience).await? else { break };
        match frame.body {
            ServerBody::Result(result) if result.lease == lease => {
                all = timer.elapsed();
                first.get_or_insert(all);
                if !wanted.remove(&result.deal) {
                    twice += 1;
                } else if result.deal != next {
                    bail!("deal {} was shown where {next} was due", result.deal);
                }
                next = result.deal + 1;
            }
            ServerBody::Refused(refusal) => bail!("refused: {refusal}"),
            _ => {}
        }
    }
    Ok(Shown { first: first.unwrap_or(ANSWER), all, missing: u64::try_from(wanted.len())?, twice })
}

fn report(subjects: u64, again: &[Shown], alone: &[Shown], shown: &[Shown]) -> Result<Report> {
    let of = |shown: &[Shown], time: fn(&Shown) -> Duration| {
        let mut latencies = Latencies::default();
        latencies.push(repeat(shown.iter().map(time))?);
        Ok::<_, anyhow::Error>(latencies)
    };
    let (single, first) = (of(alone, |shown| shown.first)?, of(shown, |shown| shown.first)?);
    let (whole, held) = (of(shown, |shown| shown.all)?, of(again, |shown| shown.first)?);
    let all = || again.iter().chain(alone).chain(shown);
    let mut report = Report::new("resume");
    report.figure("subjects_on_the_regions_streams", count(subjects));
    report.figure("clients_at_once", count(first.len()));
    for (name, quantile) in [("p50", 0.5), ("p99", 0.99)] {
        report.figure(format!("held.first_missed_deal_{name}_ms"), held.micros(quantile) / 1_000.0);
        report.figure(format!("first_missed_deal_{name}_ms"), first.micros(quantile) / 1_000.0);
        report.figure(format!("last_missed_deal_{name}_ms"), whole.micros(quantile) / 1_000.0);
        report.figure(format!("first_missed_deal_one_by_one_{name}_ms"), single.micros(quantile) / 1_000.0);
    }
    report.at_least("subjects_on_the_regions_streams", count(subjects), count(SUBJECTS));
    report.at_least("clients_at_once", count(first.len()), count(u64::try_from(CLIENTS)?));
    report.at_most("held.first_missed_deal_p99_ms", held.micros(0.99) / 1_000.0, 50.0);
    report.at_most("first_missed_deal_p99_ms", first.micros(0.99) / 1_000.0, 50.0);
    report.at_most("deals_missing", count(all().map(|shown| shown.missing).sum()), 0.0);
    report.at_most("deals_shown_twice", count(all().map(|shown| shown.twice).sum()), 0.0);
    report.note("From hello to the first missed deal; `held`: the edge was there all the time, else it lost its memory. Clients and product share the machine.");
    Ok(report)
}
