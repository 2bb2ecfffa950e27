//! `house verify`: a lease bundle, offline.
//!
//! Promise: "verified" alone on standard output and exit status 0 when every check holds; else every problem, one a line, and
//! exit status 1. Without `--games` the arithmetic of fair1 is checked; with it every deal is played again as well, so that
//! outcomes and wins are known to be the games' own. Cost: the hashing of the lease, and some 40 ms a component to compile.

mod library;
mod problem;
mod replay;
mod terms;

use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use fairness::Bundle;

use crate::Verdict;
use replay::Replayed;

#[derive(Args)]
pub(crate) struct Arguments {
    /// A lease bundle.
    file: PathBuf,
    /// Replay every deal with the components (*.wasm) and configurations (*.json) in this directory and below it.
    #[arg(long, value_name = "DIR")]
    games: Option<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<Verdict> {
    let file = &arguments.file;
    let json = fs::read(file).with_context(|| format!("{} can't be read", file.display()))?;
    let mut out = io::stdout().lock();
    let bundle = match Bundle::from_json(&json) {
        Ok(bundle) => bundle,
        Err(error) => {
            writeln!(out, "{error}")?;
            return Ok(Verdict::Bad);
        }
    };
    let mut problems: Vec<String> = fairness::verify(&bundle).iter().map(ToString::to_string).collect();
    let replayed = arguments.games.as_deref().map(|games| replay::replay(&bundle, games)).transpose()?;
    problems.extend(replayed.iter().flat_map(|replayed| &replayed.problems).map(ToString::to_string));
    summarise(&bundle, replayed.as_ref())?;
    if problems.is_empty() {
        writeln!(out, "verified")?;
        return Ok(Verdict::Good);
    }
    for problem in &problems {
        writeln!(out, "{problem}")?;
    }
    Ok(Verdict::Bad)
}

/// What was looked at, on standard error.
fn summarise(bundle: &Bundle, replayed: Option<&Replayed>) -> io::Result<()> {
    let mut err = io::stderr().lock();
    let (lease, deals) = (ids::LeaseId::from_bytes(bundle.open.lease_id), bundle.rounds.len());
    match replayed {
        None => writeln!(
            err,
            "lease {lease}: {deals} deals, not replayed: give --games DIR to check outcomes and wins too"
        )?,
        Some(replayed) => {
            writeln!(err, "lease {lease}: {deals} deals, {} replayed, {} of them void", replayed.deals, replayed.voids)?
        }
    }
    if bundle.open.client_mode == 0 {
        writeln!(err, "not player-seeded: the server chose the client seed")?;
    }
    Ok(())
}
