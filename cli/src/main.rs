//! The `house` command: offline verifier, fairness tools, studio kit.
//!
//! Promise: results go to standard output, explanations to standard error; exit status 0 when all is well, 1 when a check failed
//! or could not be made, 2 for a wrong call. Nothing but `fairness bundle` and `ledger` opens a connection (`game build` runs
//! Cargo, which may).

mod fairness_tools;
mod game;
mod ledger;
mod verify;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(
    name = "house",
    about = "House Edge: offline verifier, fairness tools, studio kit",
    disable_help_subcommand = true
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Make, check and fetch what fair1 exports.
    #[command(subcommand)]
    Fairness(fairness_tools::Command),
    /// The books of a running core: accounts, transfers, trial balance, a replay of the whole log.
    #[command(subcommand)]
    Ledger(ledger::Command),
    /// The studio kit: make, build, play, measure and certify games.
    #[command(subcommand)]
    Game(Box<game::Command>),
    /// Verify a lease bundle offline: print "verified" or every problem.
    Verify(verify::Arguments),
    /// Print the version.
    Version,
}

/// Whether what was asked holds.
enum Verdict {
    Good,
    Bad,
}

fn main() -> ExitCode {
    match run(Arguments::parse().command) {
        Ok(Verdict::Good) => ExitCode::SUCCESS,
        Ok(Verdict::Bad) => ExitCode::FAILURE,
        // Whoever read the output has enough of it.
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            // Nowhere is left to report a failure of standard error itself.
            let _ = writeln!(io::stderr(), "house: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> anyhow::Result<Verdict> {
    match command {
        Command::Fairness(command) => fairness_tools::run(command),
        Command::Ledger(command) => ledger::run(command),
        Command::Game(command) => game::run(*command),
        Command::Verify(arguments) => verify::run(&arguments),
        Command::Version => {
            writeln!(io::stdout(), "house {}", env!("CARGO_PKG_VERSION"))?;
            Ok(Verdict::Good)
        }
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
