//! `cargo xtask`: the project's tasks. Promise: on a bare Debian machine with Rust, `cargo xtask up` and
//! `cargo xtask test` are all a newcomer types; what is missing is fetched once, or named in one plain line.
//! Cost: nothing heavy is linked here, so the first build takes seconds. A file a verb.
mod ci;
mod games;
mod launch;
mod process;
mod project;
mod rooms;
mod screen;
mod source;
mod tidy;
mod tools;
mod web;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

#[derive(Parser)]
#[command(name = "xtask", about = "House Edge: tools, build, run, check")]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Fetch or find nats-server, PostgreSQL and the Wasm toolchain, once.
    Tools,
    /// Build the games of wasm-games into wasm-games/dist.
    Games {
        /// Build twice, from scratch, and compare the bytes.
        #[arg(long)]
        check_reproducible: bool,
    },
    /// Build the web client of ui/player.
    Web,
    /// Check who depends on whom, and the purity of replayed code.
    Rooms,
    /// Check the tree: file and function sizes, names, headers, migrations, fixtures, texts.
    Tidy {
        /// Record the checksums of migrations that have none yet.
        #[arg(long)]
        seal_migrations: bool,
    },
    /// Everything that must pass: format, lints, rooms, tidy, tests, documents, games, a short chaos demo.
    Test,
    /// The same as `test`.
    Ci,
    /// Start the product on this machine.
    Up {
        /// Start from empty: forget all players, money and rounds of this machine.
        #[arg(long)]
        reset: bool,
    },
    /// The product headless, with bots, and checks at the end.
    Demo {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
    /// Measure: `sandbox`, `deal`, `settle`, `resume`. Built with optimisation.
    Bench {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, required = true)]
        args: Vec<String>,
    },
}

fn main() -> ExitCode {
    let verb = Cli::parse().verb;
    match run(verb) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            screen::error(&format!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn run(verb: Verb) -> anyhow::Result<()> {
    let project = project::Project::find()?;
    match verb {
        Verb::Tools => tools::ensure(&project).map(drop),
        Verb::Web => web::build(&project),
        Verb::Games { check_reproducible: false } => games::build(&project),
        Verb::Games { check_reproducible: true } => games::check_reproducible(&project),
        Verb::Rooms => rooms::check(&project),
        Verb::Tidy { seal_migrations: false } => tidy::check(&project),
        Verb::Tidy { seal_migrations: true } => tidy::seal_migrations(&project),
        Verb::Test | Verb::Ci => ci::run(&project),
        Verb::Up { reset } => launch::up(&project, reset),
        Verb::Demo { args } => launch::demo(&project, &args),
        Verb::Bench { args } => launch::bench(&project, &args),
    }
}
