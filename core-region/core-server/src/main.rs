//! Binary: the core region. `core-server --config FILE` runs it, `core-server keygen --out FOLDER` makes its keys,
//! `core-server print-default-config` shows everything that can be set.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::{Parser, Subcommand};
use core_server::config::Config;
use core_server::keys;
use telemetry::Metrics;
use tokio::signal::unix::{SignalKind, signal};

/// Money, leases, settlement, accounts and the pages of the core region.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// The configuration, a TOML file: the same as `serve --config`.
    #[arg(long)]
    config: Option<PathBuf>,
    #[command(subcommand)]
    verb: Option<Verb>,
}

#[derive(Subcommand)]
enum Verb {
    /// Runs the core.
    Serve {
        /// The configuration, a TOML file.
        #[arg(long)]
        config: PathBuf,
    },
    /// Makes the core's secrets, and prints the public halves as JSON.
    Keygen {
        /// The folder for `seeds.key`, `player-tag.key`, `signing.key`, `token.key` and `core.json`.
        #[arg(long)]
        out: PathBuf,
    },
    /// Prints the configuration with every default.
    PrintDefaultConfig,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // One line, also where backtraces are switched on; a closed stderr is nobody's loss.
            let _written = writeln!(std::io::stderr(), "core-server: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(Arguments { config, verb }: Arguments) -> anyhow::Result<()> {
    match verb {
        Some(Verb::Keygen { out }) => print(&wire::encode(&keys::keygen(&out)?)),
        Some(Verb::PrintDefaultConfig) => print(toml::to_string(&Config::default())?.trim_end().as_bytes()),
        Some(Verb::Serve { config }) => serve(&config).await,
        None => serve(&config.context("--config FILE is needed")?).await,
    }
}

fn print(bytes: &[u8]) -> anyhow::Result<()> {
    let mut output = std::io::stdout();
    output.write_all(bytes)?;
    Ok(output.write_all(b"\n")?)
}

async fn serve(path: &Path) -> anyhow::Result<()> {
    let config = Config::read(path)?;
    telemetry::init(&telemetry::Config {
        service: "core-server".to_owned(),
        level: config.log.level.clone(),
        json: config.log.json,
    })?;
    let metrics = Metrics::install()?;
    let mut term = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let core = tokio::select! {
        started = core_server::start(config, metrics) => started.context("the core can't start")?,
        _ = term.recv() => return Ok(()),
        _ = interrupt.recv() => return Ok(()),
    };
    let halt = tokio::select! {
        halt = core.halted() => Some(halt),
        _ = term.recv() => None,
        _ = interrupt.recv() => None,
    };
    core.stop().await;
    match halt {
        Some(halt) => bail!("the ledger has halted: {halt}"),
        None => Ok(()),
    }
}
