//! `house fairness`: vectors, check, collect, bundle. One file a verb.

mod bundle;
mod check;
mod collect;
mod dice;
mod inputs;
mod vectors;

use clap::Subcommand;

use crate::Verdict;

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Print test vectors, one JSON object a line; the same for the same seed.
    Vectors(vectors::Arguments),
    /// Recompute a file of vectors; name the first line and field that differs.
    Check(check::Arguments),
    /// Collect raw words or scaled outcomes for statistical suites.
    #[command(subcommand)]
    Collect(collect::Command),
    /// Fetch a closed lease's bundle.
    Bundle(bundle::Arguments),
}

pub(crate) fn run(command: Command) -> anyhow::Result<Verdict> {
    match command {
        Command::Vectors(arguments) => vectors::run(&arguments),
        Command::Check(arguments) => check::run(&arguments),
        Command::Collect(command) => collect::run(command),
        Command::Bundle(arguments) => bundle::run(&arguments),
    }
}
