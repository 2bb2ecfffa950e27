//! `house game simulate`: a game's figures by playing it, through the component that would play money.
//!
//! Promise: the host loops over `play` and `act`; nothing that the game says of its own return is used. Sums are integers, and the
//! same for a seed whatever the number of threads. One instance a thread is reused, which real deals never do. Cost: about a
//! microsecond a deal. What may go wrong: a void ends the run and names the function.

use std::num::NonZero;

use anyhow::{Context, anyhow};
use clap::Args;
use sandbox::{Bet, Host, HostOptions, Simulator, Table};
use serde_json::{Value, json};

use super::bets;
use super::chosen::Chosen;
use super::course::{Course, Policy};
use super::estimate::{Estimate, digits, percent, ratio};
use super::run::{Plan, all_cores, bar, run as play};
use super::screen;
use super::tally::{CLASSES, Tally};
use crate::Verdict;

#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    chosen: Chosen,
    /// How many rounds; `10M` and `500k` are understood.
    #[arg(long, value_parser = count, default_value = "1M")]
    rounds: u64,
    /// Any text; the same text gives the same rounds.
    #[arg(long)]
    seed: String,
    /// Threads; all cores unless given. The result doesn't depend on it.
    #[arg(long)]
    threads: Option<NonZero<usize>>,
    /// A bet of every round, `SPOT` or `SPOT=STAKE`; the least stake on the first spot unless given. Repeat for more.
    #[arg(long = "bet", value_name = "SPOT=STAKE")]
    bets: Vec<String>,
    /// How the player decides where the game leaves a choice.
    #[arg(long, value_enum, default_value_t = Policy::First)]
    policy: Policy,
    /// One line of JSON.
    #[arg(long)]
    json: bool,
}

/// A count with an optional `k`, `M` or `G`.
pub(crate) fn count(text: &str) -> Result<u64, String> {
    let (digits, times) = match text.strip_suffix(['k', 'M', 'G']) {
        Some(digits) if text.ends_with('k') => (digits, 1_000),
        Some(digits) if text.ends_with('M') => (digits, 1_000_000),
        Some(digits) => (digits, 1_000_000_000),
        None => (text, 1),
    };
    let count: Option<u64> = digits.parse::<u64>().ok().and_then(|count| count.checked_mul(times));
    count
        .filter(|count| *count > 0)
        .ok_or_else(|| "a count is a whole number from 1, with k, M or G if you like".to_owned())
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<Verdict> {
    let table = arguments.chosen.open(&Host::new(HostOptions::default())?)?;
    let bets = bets::parse(table.manifest(), &arguments.bets)?;
    let course = Course { manifest: table.manifest(), bets: &bets, policy: arguments.policy };
    let threads = arguments.threads.unwrap_or_else(all_cores);
    let plan = Plan { seed: &arguments.seed, rounds: arguments.rounds, threads };
    let progress = bar(arguments.rounds, "simulating");
    let tally: Tally = play(course, plan, &progress, &table, Simulator::new)?;
    let took = progress.elapsed();
    progress.finish_and_clear();
    let estimate = Estimate::of(&tally).ok_or_else(|| anyhow!("no round was played"))?;
    if arguments.json {
        screen::line(as_json(arguments, &table, &bets, &tally, &estimate)?)?;
    } else {
        show(arguments, &table, &tally, &estimate)?;
    }
    let speed = ratio(tally.deals * 1_000_000, took.as_micros()).to_integer();
    screen::note(format!("{} deals/s on {threads} threads", screen::grouped(speed)))?;
    Ok(Verdict::Good)
}

fn as_json(
    arguments: &Arguments,
    table: &Table,
    bets: &[Bet],
    tally: &Tally,
    estimate: &Estimate,
) -> anyhow::Result<Value> {
    let (low, high) = estimate.interval();
    let params: Value = serde_json::from_str(table.config().as_str()).context("the configuration")?;
    let bets: Vec<Value> = bets.iter().map(|bet| json!({"spot": bet.spot, "stake_minor": bet.stake_minor})).collect();
    Ok(json!({
        "bets": bets,
        "ci95": [digits(&low), digits(&high)],
        "deals": tally.deals.to_string(),
        "digest": hex::encode(table.digest()),
        "game": table.manifest().id,
        "histogram": histogram(tally),
        "hit_rate": digits(&estimate.hit_rate),
        "largest_win_minor": tally.largest_win_minor,
        "params": params,
        "policy": policy(arguments.policy),
        "return": digits(&estimate.returns),
        "return_on_turnover": digits(&ratio(tally.win_minor, tally.stake_minor)),
        "rounds": tally.rounds.to_string(),
        "sd": estimate.deviation(),
        "seed": arguments.seed,
        "stake_minor": tally.stake_minor.to_string(),
        "win_minor": tally.win_minor.to_string(),
    }))
}

/// Rounds by what they paid, thousandths of the opening bets.
pub(crate) fn histogram(tally: &Tally) -> Vec<Value> {
    let classes = CLASSES.iter().zip(&tally.classes);
    classes.map(|(from, rounds)| json!({"from_milli": from, "rounds": rounds.to_string()})).collect()
}

pub(crate) fn policy(policy: Policy) -> &'static str {
    match policy {
        Policy::First => "first",
        Policy::Random => "random",
    }
}

fn show(arguments: &Arguments, table: &Table, tally: &Tally, estimate: &Estimate) -> anyhow::Result<()> {
    let manifest = table.manifest();
    let (low, high) = estimate.interval();
    screen::line(format!("{} ({} {}), {}", manifest.title, manifest.id, manifest.version, table.config().as_str()))?;
    screen::line(format!("digest {}, seed {}", hex::encode(table.digest()), arguments.seed))?;
    let mut figures = screen::table(["figure", "value"]);
    for (name, value) in [
        ("rounds", screen::grouped(tally.rounds)),
        ("deals", screen::grouped(tally.deals)),
        ("return", percent(&estimate.returns)),
        ("95 % interval", format!("{} .. {}", percent(&low), percent(&high))),
        ("return on turnover", percent(&ratio(tally.win_minor, tally.stake_minor))),
        ("standard deviation", estimate.deviation()),
        ("hit rate", percent(&estimate.hit_rate)),
        ("largest win", format!("{} minor units", screen::grouped(tally.largest_win_minor))),
    ] {
        figures.add_row(screen::row(name, [value]));
    }
    screen::line(figures)?;
    let mut classes = screen::table(["pays, of the bets", "rounds", "share", ""]);
    for (index, rounds) in tally.classes.iter().enumerate() {
        let share = ratio(*rounds, tally.rounds);
        let width = usize::try_from((share.clone() * num_bigint::BigInt::from(40)).round().to_integer()).unwrap_or(0);
        let mut row = screen::row(class_name(index), [screen::grouped(rounds), percent(&share)]);
        row.push("#".repeat(width).into());
        classes.add_row(row);
    }
    Ok(screen::line(classes)?)
}

/// A class of wins in words.
pub(crate) fn class_name(index: usize) -> String {
    let times = |milli: &u64| match milli % 1000 {
        0 => format!("{}x", milli / 1000),
        part => format!("{}.{}x", milli / 1000, part / 100),
    };
    match (index, CLASSES.get(index), CLASSES.get(index.saturating_add(1))) {
        (0, ..) => "nothing".to_owned(),
        (1, _, Some(to)) => format!("under {}", times(to)),
        (_, Some(from), Some(to)) => format!("{} to {}", times(from), times(to)),
        (_, Some(from), None) => format!("{} and more", times(from)),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_read_with_their_suffix() {
        assert_eq!(
            ["7", "500k", "10M", "2G"].map(|text| count(text).unwrap()),
            [7, 500_000, 10_000_000, 2_000_000_000]
        );
        assert!(["", "0", "k", "1.5M", "-1", "99999999999999G"].into_iter().all(|text| count(text).is_err()));
    }

    #[test]
    fn classes_have_names() {
        assert_eq!(
            [0, 1, 2, 3, 10].map(class_name),
            ["nothing", "under 0.5x", "0.5x to 1x", "1x to 2x", "1000x and more"]
        );
    }
}
