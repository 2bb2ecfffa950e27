//! `house game`: the studio kit. One file or folder a verb; it works without the platform running.
//!
//! Promise: every verb drives the component's own bytes through the sandbox that plays money; what a game says of itself is shown
//! (`odds`), never believed (`simulate`, `certify`).

mod bets;
mod build;
mod certify;
mod chance;
mod chosen;
mod course;
mod estimate;
mod exact;
mod new;
mod odds;
mod play;
mod problem;
mod run;
mod screen;
mod seat;
mod simulate;
mod tally;

use clap::Subcommand;

use crate::Verdict;

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Print the exact theoretical figures of a game that has an evaluator.
    Exact(exact::Arguments),
    /// Play many rounds and print return, spread and wins.
    Simulate(simulate::Arguments),
    /// Print what a player is told: spots, pays, actions, return, largest win.
    Odds(odds::Arguments),
    /// Play by hand, or from a script, and see each deal as JSON.
    Play(play::Arguments),
    /// Make a folder with a game that builds at once.
    New(new::Arguments),
    /// Build a studio's game to a component and print its digest.
    Build(build::Arguments),
    /// Check everything that a laboratory would, and write a signed certificate and a report.
    Certify(certify::Arguments),
}

pub(crate) fn run(command: Command) -> anyhow::Result<Verdict> {
    match command {
        Command::Exact(arguments) => exact::run(&arguments),
        Command::Simulate(arguments) => simulate::run(&arguments),
        Command::Odds(arguments) => odds::run(&arguments),
        Command::Play(arguments) => play::run(&arguments),
        Command::New(arguments) => new::run(&arguments),
        Command::Build(arguments) => build::run(&arguments),
        Command::Certify(arguments) => certify::run(&arguments),
    }
}
