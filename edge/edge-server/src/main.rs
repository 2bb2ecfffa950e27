//! Binary: an edge. Players connect to it; it plays their deals and holds nothing that matters.
//!
//! `edge-server --config FILE`. Ends by SIGTERM or SIGINT without losing a deal; exit status 1 with one line when it can't start.

mod compose;
mod config;
mod shutdown;

use std::path::PathBuf;

use clap::Parser;

/// An edge of House Edge.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// Its configuration, TOML.
    #[arg(long)]
    config: PathBuf,
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let config = config::Config::read(&arguments.config)?;
    telemetry::init(&telemetry::Config {
        service: format!("edge-server/{}", config.edge),
        level: config.log.level.clone(),
        json: config.log.json,
    })?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let ran = runtime.block_on(compose::run(config));
    // What is left after the drain's bound is not waited for.
    runtime.shutdown_background();
    ran
}
