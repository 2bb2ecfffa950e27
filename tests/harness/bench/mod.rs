//! The benches: how fast the product is, against what the same machine does bare in the same run.
//!
//! `cargo xtask bench NAME [--json]`, NAME one of `sandbox deal settle resume`. Each prints raw figures and one check a target,
//! and fails when a check does. docs/PERFORMANCE.md says what they mean and what was measured.
//! Cost: under three minutes each on two quiet cores. What may go wrong: games or tools are missing (the sentence says what to
//! run); a machine that others use at the same time misses targets that compare a latency with itself, which is why both
//! sides of a ratio alternate.

mod bare;
mod connect;
mod crowd;
mod deal;
mod latency;
mod player;
mod progress;
mod report;
mod resume;
mod sandbox;
mod settle;
mod wager;

use std::io::Write;
use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, ValueEnum};

pub use report::Report;

use crate::Stack;

/// What to measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Bench {
    /// The Wasm host alone.
    Sandbox,
    /// One deal from a player's frame to its result.
    Deal,
    /// From a full log to committed postings.
    Settle,
    /// A thousand players coming back.
    Resume,
}

/// How to measure.
#[derive(Clone, Debug, Args)]
pub struct BenchArgs {
    /// Which bench.
    #[arg(value_enum)]
    name: Bench,
    /// Print one line of JSON and nothing else.
    #[arg(long)]
    json: bool,
    /// Deals a game that `sandbox` compares over all ways to run it.
    #[arg(long, default_value_t = sandbox::DEALS)]
    deals: u64,
    /// Keep the state folder, to look at logs.
    #[arg(long)]
    keep: bool,
    /// Plays so many deals under strict seccomp and prints how many were finished: `sandbox` starts itself this way.
    #[arg(long, hide = true)]
    silent_deals: Option<u64>,
}

/// Runs a bench and prints what it found; whether every target is met.
///
/// # Errors
/// The bench could not be run to its end.
pub async fn main(args: BenchArgs) -> Result<bool> {
    if let Some(deals) = args.silent_deals {
        print(&sandbox::play_silently(deals)?.to_string())?;
        return Ok(true);
    }
    let json = args.json;
    let say = move |line: &str| {
        if !json {
            let _ = writeln!(std::io::stderr().lock(), "{line}");
        }
    };
    let report = run(&args, &say).await?;
    print(&if json { report.to_json() } else { report.to_text() })?;
    Ok(report.is_good())
}

async fn run(args: &BenchArgs, say: &impl Fn(&str)) -> Result<Report> {
    if args.name == Bench::Sandbox {
        return sandbox::run(args.deals, say);
    }
    let state = folder()?;
    let report = match args.name {
        Bench::Deal => deal::run(&state, say).await,
        Bench::Resume => resume::run(&state, say).await,
        Bench::Settle | Bench::Sandbox => settle::run(&state, say).await,
    };
    if args.keep {
        say(&format!("logs and state are kept in {}", state.display()));
    } else {
        Stack::forget(&state)?;
    }
    report
}

/// A folder for the product's state, whose Postgres may belong to another user.
fn folder() -> Result<PathBuf> {
    Ok(tempfile::Builder::new().prefix("house-edge-bench-").tempdir()?.keep())
}

fn print(text: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{text}")?;
    Ok(out.flush()?)
}
