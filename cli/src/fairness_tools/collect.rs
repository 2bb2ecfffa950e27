//! `house fairness collect`: raw words and scaled outcomes, made by the production functions, for statistical suites
//! (dieharder, PractRand, TestU01, or a laboratory's own).
//!
//! Promise: keys come from a seed, an opening and deal numbers as in a real lease; games run as components in the sandbox. The
//! same arguments give the same output. What may go wrong: a game that refuses the configuration or the bets, by name.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

use anyhow::{Context, anyhow};
use clap::{Args, Subcommand, ValueEnum};
use fairness::{LeaseKey, RoundKey, Seed, lease_key, raw_words, round_key, sha256};
use sandbox::{Action, Bet, Deal, Host, HostOptions, RoundTotals, Table};
use serde_json::json;

use super::dice;
use crate::Verdict;

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Raw 64-bit words, deal after deal, stream after stream.
    Raw(Raw),
    /// A game's draws and wins, one JSON object a deal.
    Game(GameArguments),
}

#[derive(Args)]
pub(crate) struct Raw {
    /// How many deals to read.
    #[arg(long, default_value_t = 1024)]
    deals: u64,
    /// Streams of each deal, from 0 on.
    #[arg(long, default_value_t = 1)]
    streams: u64,
    /// Words of each stream.
    #[arg(long, default_value_t = 1024)]
    words: usize,
    /// Any text.
    #[arg(long)]
    seed: String,
    /// Little-endian bytes, or one decimal number a line.
    #[arg(long, value_enum, default_value_t = Format::Binary)]
    format: Format,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Binary,
    Text,
}

#[derive(Args)]
pub(crate) struct GameArguments {
    /// The game's component.
    component: PathBuf,
    /// Its configuration, as JSON.
    #[arg(long, default_value = "{}")]
    params: String,
    /// How many deals; a round that is open at the end is left open.
    #[arg(long, default_value_t = 1000)]
    deals: u64,
    /// Any text.
    #[arg(long)]
    seed: String,
    /// Spot to bet on, by its number in the manifest; the first one unless given.
    #[arg(long)]
    spot: Option<u32>,
    /// Stake in minor units; the spot's least unless given.
    #[arg(long)]
    stake: Option<u64>,
}

pub(crate) fn run(command: Command) -> anyhow::Result<Verdict> {
    match command {
        Command::Raw(arguments) => raw(&arguments),
        Command::Game(arguments) => game(&arguments),
    }
}

/// A lease key made as for a lease, from the caller's seed.
fn collection_key(seed: &str) -> LeaseKey {
    let secret = Seed::from_bytes(dice::key(seed, "collect", 0));
    lease_key(&secret, &sha256(&[b"collect"]))
}

fn raw(arguments: &Raw) -> anyhow::Result<Verdict> {
    let lease = collection_key(&arguments.seed);
    let mut out = BufWriter::new(io::stdout().lock());
    for deal in 1..=arguments.deals {
        let key = round_key(&lease, deal, &[0; 32], &[0; 32], &[0; 32]);
        for word in (0..arguments.streams).flat_map(|stream| raw_words(&key, stream).take(arguments.words)) {
            match arguments.format {
                Format::Binary => out.write_all(&word.to_le_bytes())?,
                Format::Text => writeln!(out, "{word}")?,
            }
        }
    }
    out.flush()?;
    Ok(Verdict::Good)
}

fn game(arguments: &GameArguments) -> anyhow::Result<Verdict> {
    let wasm =
        fs::read(&arguments.component).with_context(|| format!("{} can't be read", arguments.component.display()))?;
    let table = Host::new(HostOptions::default())?.load(&wasm)?.open(sandbox::canonical_config(&arguments.params)?)?;
    let bet = first_bet(&table, arguments)?;
    let lease = collection_key(&arguments.seed);
    let mut out = BufWriter::new(io::stdout().lock());
    let mut open = None;
    for number in 1..=arguments.deals {
        let key = round_key(&lease, number, &table.digest(), &table.params(), &[0; 32]);
        let (deal, totals) = next(&table, key, bet, open.take()).with_context(|| format!("deal {number}"))?;
        let draws: Vec<_> = deal.draws.iter().map(|draw| (draw.stream, draw.bound, draw.value)).collect();
        let finished = deal.outcome.finished;
        writeln!(
            out,
            "{}",
            json!({"deal": number, "draws": draws, "win": deal.outcome.win_minor, "finished": finished})
        )?;
        open = (!finished).then_some((deal, totals));
    }
    out.flush()?;
    Ok(Verdict::Good)
}

fn first_bet(table: &Table, arguments: &GameArguments) -> anyhow::Result<Bet> {
    let spots = &table.manifest().spots;
    let spot = spots.iter().find(|spot| arguments.spot.is_none_or(|id| id == spot.id));
    let spot = spot.ok_or_else(|| anyhow!("the game has no such spot"))?;
    Ok(Bet { spot: spot.id, stake_minor: arguments.stake.unwrap_or(spot.min_minor) })
}

/// Opens a round, or goes on with the open one by its first offer.
fn next(
    table: &Table,
    key: RoundKey,
    bet: Bet,
    open: Option<(Deal, RoundTotals)>,
) -> anyhow::Result<(Deal, RoundTotals)> {
    let Some((before, mut totals)) = open else {
        let deal = table.play(key, &[bet])?;
        let totals = RoundTotals { stake_minor: bet.stake_minor, win_minor: deal.outcome.win_minor, deals: 1 };
        return Ok((deal, totals));
    };
    let offer = before.outcome.offers.first().ok_or_else(|| anyhow!("the round is open, but offers nothing"))?;
    let spec = table.manifest().actions.iter().find(|spec| spec.id == offer.action);
    let arg = spec.map_or(0, |spec| spec.arg_min);
    totals.stake_minor = totals.stake_minor.checked_add(offer.extra_minor).context("the round's stake")?;
    let deal = table.act(key, &before.outcome.state, Action { id: offer.action, arg }, totals)?;
    totals.win_minor = totals.win_minor.checked_add(deal.outcome.win_minor).context("the round's win")?;
    totals.deals += 1;
    Ok((deal, totals))
}
