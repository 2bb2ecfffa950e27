//! `house game odds`: what a player is told before playing, from the manifest that the game gives under its configuration.
//!
//! Promise: nothing here is measured or computed by the house; `exact` and `certify` say whether it's true.

use std::io;

use clap::Args;
use num_rational::BigRational;
use sandbox::{Host, HostOptions, Kind, Manifest, Table, Volatility};
use serde_json::{Value, json};

use super::chosen::Chosen;
use super::estimate::{percent, ratio};
use super::screen;
use crate::Verdict;

#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    chosen: Chosen,
    /// One line of JSON.
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<Verdict> {
    let table = arguments.chosen.open(&Host::new(HostOptions::default())?)?;
    if arguments.json {
        screen::line(as_json(&table)?)?
    } else {
        show(&table)?
    }
    Ok(Verdict::Good)
}

fn as_json(table: &Table) -> anyhow::Result<Value> {
    let manifest = table.manifest();
    let spots: Vec<Value> = manifest
        .spots
        .iter()
        .map(|spot| {
            json!({
                "id": spot.id,
                "max_minor": spot.max_minor,
                "min_minor": spot.min_minor,
                "name": spot.name,
                "pays_milli": spot.pays_milli,
                "step_minor": spot.step_minor,
            })
        })
        .collect();
    let actions: Vec<Value> = manifest
        .actions
        .iter()
        .map(|action| json!({"arg_max": action.arg_max, "arg_min": action.arg_min, "id": action.id, "name": action.name}))
        .collect();
    let params: Value = serde_json::from_str(table.config().as_str())?;
    Ok(json!({
        "actions": actions,
        "digest": hex::encode(table.digest()),
        "game": manifest.id,
        "kind": kind(manifest.kind),
        "max_bets": manifest.max_bets,
        "max_deals": manifest.max_deals,
        "max_win_milli": manifest.max_win_milli,
        "params": params,
        "return_ppm": manifest.return_ppm,
        "spots": spots,
        "title": manifest.title,
        "version": manifest.version,
        "volatility": volatility(manifest.volatility),
    }))
}

fn show(table: &Table) -> io::Result<()> {
    let manifest = table.manifest();
    screen::line(format!("{} ({} {}), {}", manifest.title, manifest.id, manifest.version, table.config().as_str()))?;
    screen::line(format!(
        "{}; returns {} at least; {} volatility; a round pays {} at most and has {} deals at most",
        kind(manifest.kind),
        percent(&ratio(manifest.return_ppm.into(), 1_000_000)),
        volatility(manifest.volatility),
        times(manifest.max_win_milli),
        manifest.max_deals,
    ))?;
    spots(manifest)?;
    if manifest.actions.is_empty() {
        return screen::line("no actions: a round is one deal");
    }
    let mut actions = screen::table(["action", "id", "argument"]);
    for action in &manifest.actions {
        let argument = if action.arg_min == action.arg_max {
            action.arg_min.to_string()
        } else {
            format!("{}..={}", action.arg_min, action.arg_max)
        };
        actions.add_row(screen::row(&action.name, [action.id.to_string(), argument]));
    }
    screen::line(actions)
}

/// The table of spots.
pub(crate) fn spots(manifest: &Manifest) -> io::Result<()> {
    let mut spots = screen::table(["spot", "id", "stakes, minor units", "in steps of", "pays at most"]);
    for spot in &manifest.spots {
        let stakes = format!("{}..={}", screen::grouped(spot.min_minor), screen::grouped(spot.max_minor));
        let numbers = [spot.id.to_string(), stakes, spot.step_minor.to_string(), times(spot.pays_milli)];
        spots.add_row(screen::row(&spot.name, numbers));
    }
    screen::line(spots)
}

/// Thousandths as a multiple: `36x`, `1.98x`.
fn times(milli: u64) -> String {
    let exact = exact::decimal(&BigRational::new(milli.into(), 1000.into()), 3);
    format!("{}x", exact.trim_end_matches('0').trim_end_matches('.'))
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Slot => "slot",
        Kind::Roulette => "roulette",
        Kind::Cards => "cards",
        Kind::Dice => "dice",
        Kind::Crash => "crash",
        Kind::Other => "other",
    }
}

fn volatility(volatility: Volatility) -> &'static str {
    match volatility {
        Volatility::Low => "low",
        Volatility::Medium => "medium",
        Volatility::High => "high",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn multiples_are_written_without_trailing_zeros() {
        assert_eq!([36_000, 1_980, 1_500, 100_000, 1].map(times), ["36x", "1.98x", "1.5x", "100x", "0.001x"]);
    }
}
