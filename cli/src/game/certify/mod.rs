//! `house game certify`: everything that a laboratory would ask of a game, of one component under one configuration.
//!
//! Promise: nothing that the game says of itself is believed without a measurement; every run repeats from the seed. Written are
//! certificate.json (canonical, signed) and report.html, for a failed game too; exit status 1 and the name of each failed check then.
//! Cost: some ten runs of `--deals` deals and one of them interpreted. What may go wrong: a component that can't be loaded fails the
//! check `imports`, and nothing more can be said of it.

mod adaptive;
mod bench;
mod ceilings;
mod check;
mod determinism;
mod fuzz;
mod hostile;
mod plot;
mod report;
mod returns;
mod signed;
mod watch;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;
use fairness::sha256;
use sandbox::{Game, Host, HostOptions, Table};
use serde_json::{Value, json};

use self::bench::Bench;
use self::check::Check;
use self::report::Report;
use super::chosen::Chosen;
use super::problem::Problem;
use super::{screen, simulate};
use crate::Verdict;

const CONTRACT: &str = "studio:game@0.1.0";
/// One hostile input of each kind for so many deals.
const DEALS_A_CASE: u64 = 100;
/// And no fewer.
const LEAST_CASES: u64 = 500;

#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    chosen: Chosen,
    /// Deals of each run, nearly, shared out over the kinds of spots; `500k` is understood.
    #[arg(long, value_parser = simulate::count, default_value = "1M")]
    deals: u64,
    /// Any text; the same text gives the same runs.
    #[arg(long, default_value = "certify")]
    seed: String,
    /// Where certificate.json and report.html are written.
    #[arg(long, value_name = "DIR", default_value = "certificate")]
    out: PathBuf,
    /// The signer's key, 64 hex digits; made when it is missing. `~/.config/house/certify.key` unless given.
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<Verdict> {
    let key_path = arguments.key.clone().map_or_else(signed::default_key, Ok)?;
    let key = signed::key(&key_path)?;
    let wasm = arguments.chosen.bytes()?;
    let host = Host::new(HostOptions::default())?;
    let mut imports =
        Check::new("imports", "nothing is imported but studio:game/entropy, and studio:game/game is exported");
    let game = arguments.chosen.load(&host);
    let Some(game) = imports.take("load", game) else {
        return write(arguments, &key, &unloaded(&wasm, &imports), &[imports], None);
    };
    let table = arguments.chosen.open(&host)?;
    let path = arguments.chosen.path();
    let bench = Bench::new(&wasm, &path, &table, &arguments.seed, arguments.deals);
    let done = check_all(imports, &bench, &game);
    let certificate = certificate(arguments, &host, &table, &done.checks)?;
    write(arguments, &key, &certificate, &done.checks, Some((&done.bounds, &done.measured)))
}

/// All that was measured.
struct Done {
    checks: Vec<Check>,
    bounds: Vec<ceilings::Bound>,
    measured: Vec<returns::Measured>,
}

fn check_all(imports: Check, bench: &Bench<'_>, game: &Game) -> Done {
    let (determinism, most) = determinism::check(bench);
    let cases = (bench.deals / DEALS_A_CASE).max(LEAST_CASES);
    let (fuzz, most_of_many) = fuzz::check(game, bench.table, bench.seed, cases);
    let seen = most.map(|most| most.max(most_of_many));
    let bounds = seen.map(|seen| ceilings::bounds(bench.table.manifest(), &seen)).unwrap_or_default();
    let ceilings = ceilings::check(bench.wasm, &bounds);
    let (returns, measured) = returns::check(bench);
    let [stake, history] = adaptive::check(bench, &measured);
    Done { checks: vec![imports, determinism, ceilings, returns, stake, history, fuzz], bounds, measured }
}

fn unloaded(wasm: &[u8], imports: &Check) -> Value {
    json!({"checks": [imports.as_json()], "contract": CONTRACT, "digest": hex::encode(sha256(&[wasm])), "passed": false})
}

fn certificate(arguments: &Arguments, host: &Host, table: &Table, checks: &[Check]) -> anyhow::Result<Value> {
    let manifest = table.manifest();
    let params: Value = serde_json::from_str(table.config().as_str()).context("the configuration")?;
    Ok(json!({
        "checks": checks.iter().map(Check::as_json).collect::<Vec<_>>(),
        "contract": CONTRACT,
        "deals": arguments.deals.to_string(),
        "digest": hex::encode(table.digest()),
        "engine": host.engine_id().to_string(),
        "game": manifest.id,
        "params": params,
        "params_hash": hex::encode(table.params()),
        "passed": checks.iter().all(Check::passed),
        "seed": arguments.seed,
        "title": manifest.title,
        "version": manifest.version,
    }))
}

fn write(
    arguments: &Arguments,
    key: &ed25519_dalek::SigningKey,
    certificate: &Value,
    checks: &[Check],
    measured: Option<(&[ceilings::Bound], &[returns::Measured])>,
) -> anyhow::Result<Verdict> {
    let out = &arguments.out;
    fs::create_dir_all(out).with_context(|| format!("{} can't be made", out.display()))?;
    let (bounds, measured) = measured.unwrap_or_default();
    file(&out.join("report.html"), &Report { certificate, checks, bounds, measured }.html())?;
    file(&out.join("certificate.json"), &signed::sign(certificate, key)?)?;
    for check in checks {
        screen::line(format!("{} {}", if check.passed() { "ok    " } else { "FAILED" }, check.name))?;
        for fault in &check.faults {
            screen::line(format!("       {fault}"))?;
        }
    }
    screen::note(format!("{} and report.html are written", out.join("certificate.json").display()))?;
    let passed = checks.iter().all(Check::passed);
    Ok(if passed { Verdict::Good } else { Verdict::Bad })
}

fn file(path: &Path, text: &str) -> Result<(), Problem> {
    fs::write(path, text).map_err(|error| Problem::Unwritable { path: path.to_owned(), error })
}
