//! `house game exact`: the theoretical figures, by the independent evaluators, of the very bytes that are in the games directory.
//!
//! Promise: the component itself is asked first whether it accepts the configuration; the figures are rationals printed with 12
//! digits. JSON wherever a machine reads; a table when standard output is a terminal. Cost: that of the evaluator.

use std::io::{self, IsTerminal};

use anyhow::Context;
use clap::Args;
use exact::{Figure, root};
use sandbox::{Host, HostOptions, Table};
use serde_json::{Value, json};

use super::chosen::Chosen;
use super::estimate::{DIGITS, digits};
use super::{problem::Problem, screen};
use crate::Verdict;

#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    chosen: Chosen,
    /// A point at which a game with freely chosen targets is evaluated; repeat for more.
    #[arg(long = "target", value_name = "T")]
    targets: Vec<String>,
    /// JSON even on a terminal.
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<Verdict> {
    let table = arguments.chosen.open(&Host::new(HostOptions::default())?)?;
    let params: Value = serde_json::from_str(table.config().as_str()).context("the configuration")?;
    let game = &table.manifest().id;
    let figures = exact::figures(game, &params, &arguments.targets).map_err(Problem::from)?;
    if arguments.json || !io::stdout().is_terminal() {
        screen::line(as_json(&table, &params, &figures))?;
    } else {
        show(&table, &figures)?;
    }
    Ok(Verdict::Good)
}

fn as_json(table: &Table, params: &Value, figures: &[Figure]) -> Value {
    let figures: Vec<Value> = figures
        .iter()
        .map(|figure| {
            json!({
                "bet": figure.bet,
                "hit_rate": digits(&figure.hit_rate),
                "return": digits(&figure.returns),
                "sd": root(&figure.variance, DIGITS),
            })
        })
        .collect();
    json!({"digest": hex::encode(table.digest()), "figures": figures, "game": table.manifest().id, "params": params})
}

fn show(table: &Table, figures: &[Figure]) -> io::Result<()> {
    let manifest = table.manifest();
    screen::line(format!("{} ({} {}), {}", manifest.title, manifest.id, manifest.version, table.config().as_str()))?;
    screen::line(format!("digest {}", hex::encode(table.digest())))?;
    let mut shown = screen::table(["bet", "return", "hit rate", "standard deviation"]);
    for figure in figures {
        let numbers = [digits(&figure.returns), digits(&figure.hit_rate), root(&figure.variance, DIGITS)];
        shown.add_row(screen::row(&figure.bet, numbers));
    }
    screen::line(shown)
}
