//! The launcher behind `cargo xtask up`: starts the product on this machine, says where it is, and ends all of it on one
//! Ctrl-C (or SIGTERM). A part that crashes ends the rest and is named in one line. The demo and the benches join here.

use anyhow::{Result, bail};
use clap::{Parser, Subcommand};
use harness::bench::BenchArgs;
use harness::bots::Api;
use harness::demo::DemoOptions;
use harness::{Endpoints, Stack, StackOptions, project_root};
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};

/// How often the parts are looked at.
const WATCH: Duration = Duration::from_millis(250);

#[derive(Parser)]
#[command(name = "stack", about = "House Edge on one machine")]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Start the product and keep it running until Ctrl-C.
    Up {
        /// Start from empty: forget all players, money and rounds of this machine.
        #[arg(long)]
        reset: bool,
        /// Where its state is kept; `.state/up` of the project when not given.
        #[arg(long)]
        state: Option<PathBuf>,
        /// What the programs log: a filter such as `info` or `info,bus=debug`.
        #[arg(long, default_value = "info")]
        log: String,
    },
    /// The product headless: bots play, faults happen if asked, and the books are held against the ledger.
    Demo {
        /// Bots.
        #[arg(long, default_value_t = 50)]
        players: usize,
        /// Seconds of play; with faults as long as they take.
        #[arg(long, default_value_t = 30)]
        seconds: u64,
        /// Kill an edge, a dealer, the core and a NATS leaf, and cut a region's link for 10 s.
        #[arg(long)]
        chaos: bool,
        /// Only the report, as JSON.
        #[arg(long)]
        json: bool,
        /// Keep the state folder even if all is well.
        #[arg(long)]
        keep: bool,
        /// Where its state is kept; a new temporary folder when not given.
        #[arg(long)]
        state: Option<PathBuf>,
        /// A folder to write some lease bundles to, for `house verify`.
        #[arg(long)]
        bundles: Option<PathBuf>,
    },
    /// Measure the product against what this machine does bare, and check the targets.
    Bench(BenchArgs),
}

#[tokio::main]
async fn main() -> ExitCode {
    let done = match Cli::parse().verb {
        Verb::Up { reset, state, log } => {
            let state = state.unwrap_or_else(|| project_root().join(".state").join("up"));
            up(state, reset, log).await.map(|()| true)
        }
        Verb::Demo { players, seconds, chaos, json, keep, state, bundles } => {
            demo(&DemoOptions { players, seconds, chaos, state, keep, bundles }, json).await
        }
        Verb::Bench(args) => harness::bench::main(args).await,
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            let _ = writeln!(std::io::stderr().lock(), "error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Whether all is well.
async fn demo(options: &DemoOptions, json: bool) -> Result<bool> {
    let tell = |line: &str| {
        if !json {
            let _ = say(line);
        }
    };
    let mut interrupt = signal(SignalKind::interrupt())?;
    let report = tokio::select! {
        report = harness::demo::run(options, tell) => report?,
        _ = interrupt.recv() => bail!("interrupted"),
    };
    say(&if json { serde_json::to_string_pretty(&report)? } else { report.to_string() })?;
    Ok(report.is_good())
}

async fn up(state: PathBuf, reset: bool, log: String) -> Result<()> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    if reset {
        Stack::forget(&state)?;
    }
    say("starting NATS (a hub, two regions), Postgres, the core, three dealers, two edges ...")?;
    let mut options = StackOptions::fixed(state);
    options.log_level = log;
    let stack = tokio::select! {
        started = Stack::start(options) => started?,
        _ = interrupt.recv() => return Ok(()),
        _ = terminate.recv() => return Ok(()),
    };
    let player = player_log_in(&stack.endpoints()).await?;
    say(&welcome(&stack.endpoints(), &player))?;
    let crashed = tokio::select! {
        line = first_crash(&stack) => Some(line),
        _ = interrupt.recv() => None,
        _ = terminate.recv() => None,
    };
    say("stopping ...")?;
    let stopped = stack.stop().await;
    match crashed {
        Some(line) => bail!(line),
        None => stopped,
    }
}

async fn first_crash(stack: &Stack) -> String {
    loop {
        if let Some(line) = stack.crashed() {
            return line;
        }
        tokio::time::sleep(WATCH).await;
    }
}

/// A player to log in with, registered the first time: his name and password.
async fn player_log_in(endpoints: &Endpoints) -> Result<(String, String)> {
    let (name, path) = ("ana".to_owned(), endpoints.state.join("secrets").join("player-ana"));
    if let Ok(password) = std::fs::read_to_string(&path) {
        return Ok((name, password));
    }
    let password: String = harness::random_secret()?.chars().take(16).collect();
    let body = serde_json::json!({ "name": name, "password": password });
    Api::at(&endpoints.core)?.post("/v1/players", None, body).await?.ok()?;
    std::fs::write(&path, &password)?;
    Ok((name, password))
}

fn welcome(endpoints: &Endpoints, (name, password): &(String, String)) -> String {
    let mut lines = vec![
        String::new(),
        "House Edge is up.".to_owned(),
        format!("  play             {}/", endpoints.core),
        format!("  players' HTTP    {0}/v1   (documents: {0}/docs)", endpoints.core),
        format!("  operator's HTTP  {0}/v1/operator   (documents: {0}/docs)", endpoints.operator),
    ];
    for (edge, url) in &endpoints.edges {
        lines.push(format!("  edge {edge:<12}{url}"));
    }
    for (name, url) in &endpoints.ops {
        lines.push(format!("  {name:<17}{url}/readyz  /metrics"));
    }
    lines.push(format!("  database         {}", endpoints.database));
    lines.push(format!("  player's log-in  {name} / {password}   (or sign up on the page)"));
    lines.push(format!("  operator's token {}", endpoints.operator_token));
    lines.push(format!("  state and logs   {}", endpoints.state.display()));
    lines.push("Ctrl-C ends everything.".to_owned());
    lines.join("\n")
}

fn say(text: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{text}")?;
    Ok(out.flush()?)
}
