//! The demo: the product headless, with bots for players and, if asked, faults.
//!
//! `stack demo` starts everything on free ports in a folder of its own, lets the bots play, breaks what it was told to break,
//! lets everything settle, and then holds the bots' books against the ledger. It is honest by construction: the bots know
//! only what a player knows, the counts come from the core's own interface and, for the money, from its database.

mod audit;
mod chaos;
mod report;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::bots::{Api, Bot, BotOptions, BotReport};
use crate::{Stack, StackOptions};

pub use report::DemoReport;

/// How long bots may take to settle after the last deal.
const WIND_UP: Duration = Duration::from_secs(150);
/// Bots that register at the same time: each costs two password hashes.
const JOIN_AT_ONCE: usize = 16;
const DEPOSIT: i64 = 1_000_000;
const ESCROW: i64 = 20_000;

/// What to run.
#[derive(Clone, Debug)]
pub struct DemoOptions {
    /// Bots.
    pub players: usize,
    /// How long they play at least; with chaos as long as its last fault takes.
    pub seconds: u64,
    /// Whether to break things.
    pub chaos: bool,
    /// Where the state goes; a new folder below the temporary one when not given.
    pub state: Option<PathBuf>,
    /// Keeps the state folder, to look at a failure.
    pub keep: bool,
    /// Also writes the lease bundles of some bots there.
    pub bundles: Option<PathBuf>,
}

/// Runs it.
///
/// # Errors
/// The product could not be started or crashed by itself, or a bot could not come to an end.
pub async fn run(options: &DemoOptions, say: impl Fn(&str)) -> Result<DemoReport> {
    let folder = match &options.state {
        Some(folder) => folder.clone(),
        None => tempfile::Builder::new().prefix("house-edge-demo-").tempdir()?.keep(),
    };
    let mut stack_options = StackOptions::free(&folder);
    stack_options.log_level = "info".to_owned();
    say("starting NATS, Postgres, the core, three dealers and two edges");
    let stack = Arc::new(Stack::start(stack_options).await?);
    let result = play(options, &stack, &say).await;
    let stack = Arc::into_inner(stack).context("the stack is still in use")?;
    let stopped = stack.stop().await;
    match (&result, options.keep) {
        (Ok(report), false) if report.is_good() => Stack::forget(&folder)?,
        _ => say(&format!("logs and state are kept in {}", folder.display())),
    }
    let report = result?;
    stopped?;
    Ok(report)
}

async fn play(options: &DemoOptions, stack: &Arc<Stack>, say: &impl Fn(&str)) -> Result<DemoReport> {
    let endpoints = stack.endpoints();
    let api = Api::at(&endpoints.core)?;
    let edges: Vec<String> = endpoints.edges.values().cloned().collect();
    say(&format!("{} players register", options.players));
    let bots = join(options, &api, &edges).await?;
    let (stop, stopped) = watch::channel(false);
    let mut living = JoinSet::new();
    for bot in bots {
        living.spawn(bot.live(stopped.clone(), WIND_UP));
    }
    say(&format!("they play for {} s", options.seconds));
    let faults = if options.chaos {
        chaos::run(stack, Duration::from_secs(options.seconds), say).await?
    } else {
        tokio::time::sleep(Duration::from_secs(options.seconds)).await;
        Vec::new()
    };
    if let Some(line) = stack.crashed() {
        bail!("a part ended by itself: {line}");
    }
    say("they stop; leases are closed and settled");
    stop.send(true).ok();
    let reports = gather(living).await?;
    say("books are held against the ledger");
    let audit = audit::take(&endpoints, &api, options.bundles.as_deref()).await?;
    Ok(DemoReport::of(options, &reports, &audit, faults))
}

async fn join(options: &DemoOptions, api: &Api, edges: &[String]) -> Result<Vec<Bot>> {
    let mut bots = Vec::with_capacity(options.players);
    let mut joining = JoinSet::new();
    for number in 0..options.players {
        if joining.len() >= JOIN_AT_ONCE {
            bots.push(joining.join_next().await.context("nobody joins")???);
        }
        joining.spawn(Bot::join(bot_options(number, api, edges)));
    }
    while let Some(bot) = joining.join_next().await {
        bots.push(bot??);
    }
    Ok(bots)
}

/// Every bot has its own nearest edge; some are restless; one in sixteen plays with the dealer in the core.
fn bot_options(number: usize, api: &Api, edges: &[String]) -> BotOptions {
    let mut edges = edges.to_vec();
    let count = edges.len().max(1);
    edges.rotate_left(number % count);
    BotOptions {
        name: format!("bot-{number:05}"),
        api: api.clone(),
        edges,
        deposit: DEPOSIT,
        escrow: ESCROW,
        think: Duration::from_millis(600),
        drops_one_in: 20,
        moves_one_in: 60,
        strict: number % 16 == 15,
    }
}

async fn gather(mut living: JoinSet<Result<BotReport>>) -> Result<Vec<BotReport>> {
    let (mut reports, mut failed) = (Vec::new(), Vec::new());
    while let Some(ended) = living.join_next().await {
        match ended? {
            Ok(report) => reports.push(report),
            Err(error) => failed.push(format!("{error:#}")),
        }
    }
    if failed.is_empty() { Ok(reports) } else { bail!("{} bots did not settle: {}", failed.len(), failed.join("; ")) }
}
