//! Binary: the dealer. `dealer --config FILE` runs it, `dealer keygen --dealer NAME --out FOLDER` makes its keys.

mod compose;

use std::io::Write;
use std::path::PathBuf;

use anyhow::Context;
use clap::{Parser, Subcommand};
use dealer::config::Config;
use ids::DealerId;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// Holds lease keys, writes the round log, shows draw keys.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// The configuration, a TOML file.
    #[arg(long)]
    config: Option<PathBuf>,
    #[command(subcommand)]
    verb: Option<Verb>,
}

#[derive(Subcommand)]
enum Verb {
    /// Makes both key pairs, and prints the public halves as JSON.
    Keygen {
        /// The dealer's name.
        #[arg(long)]
        dealer: DealerId,
        /// The folder for `hpke.key`, `signing.key` and `dealer.json`.
        #[arg(long)]
        out: PathBuf,
    },
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    if let Some(Verb::Keygen { dealer, out }) = arguments.verb {
        let public = dealer::keygen::keygen(dealer, &out)?;
        let mut output = std::io::stdout();
        output.write_all(&wire::encode(&public))?;
        output.write_all(b"\n")?;
        return Ok(());
    }
    let config = Config::read(&arguments.config.context("--config FILE is needed")?)?;
    telemetry::init(&telemetry::Config {
        service: config.dealer.to_string(),
        level: config.log.level.clone(),
        json: config.log.json,
    })?;
    let cancel = CancellationToken::new();
    let mut term = signal(SignalKind::terminate())?;
    let running = compose::run(config, cancel.clone());
    tokio::pin!(running);
    tokio::select! {
        ended = &mut running => return ended,
        _ = term.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
    cancel.cancel();
    running.await
}
