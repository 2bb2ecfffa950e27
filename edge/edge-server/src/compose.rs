//! What an edge is made of, put together in the order in which the parts need each other.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use bus::Bus;
use clock::SystemClock;
use gateway::{Gateway, TokenKey};
use play::{Catalogue, Play};
use telemetry::{Metrics, Readiness, Version};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::config::{self, Config};
use crate::shutdown::{self, Edge};

/// Runs the edge until it is told to stop.
///
/// # Errors
/// When something that it can't do without is missing at the start, or a listener fails.
pub(crate) async fn run(config: Config) -> anyhow::Result<()> {
    let stopping = shutdown::signals().context("listening to signals")?;
    let metrics = Metrics::install()?;
    let key = TokenKey::parse(&config::read_trimmed(&config.token_public_key_file)?)
        .with_context(|| format!("token key {}", config.token_public_key_file.display()))?;
    let players = listen(config.listen).await?;
    let ops = listen(config.ops_listen).await?;
    let (cancel, tasks, readiness) = (CancellationToken::new(), TaskTracker::new(), Readiness::default());
    let connected = readiness.flag("nats");
    let version = Version::of(env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"));
    tasks.spawn(telemetry::serve_ops(ops, metrics, readiness.clone(), version, cancel.clone()));

    let clock = SystemClock::shared();
    let bus = Bus::connect(config.nats.options(config.edge.as_str())?).await?;
    connected.up();
    let catalogue = Arc::new(Catalogue::open(execution::HostOptions::default(), &config.cache_dir)?);
    let play = Play::start(play_options(&config), bus.clone(), Arc::clone(&clock), Arc::clone(&catalogue));
    let gateway = Gateway::new(Arc::clone(&play), key, clock, gateway_options(&config));
    watch(&readiness, &bus, &play, catalogue);

    let serving = Arc::clone(&gateway);
    let serve_cancel = cancel.clone();
    let mut served = tasks.spawn(async move { serving.serve(players, serve_cancel).await });
    tracing::info!(edge = %config.edge, region = %config.region, listen = %config.listen, "edge is up");
    let failed = tokio::select! {
        _ = stopping.cancelled() => None,
        ended = &mut served => Some(ended),
    };
    let limit = Duration::from_millis(config.drain.limit_ms);
    shutdown::drain(Edge { play, gateway, bus, cancel, tasks }, limit).await;
    match failed {
        None => Ok(()),
        Some(ended) => ended.context("the listener's task")?.context("the players' listener"),
    }
}

async fn listen(address: std::net::SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| format!("can't listen on {address}"))
}

/// Ready to take players: NATS is there, the games are loaded, and it does not drain.
fn watch(readiness: &Readiness, bus: &Bus, play: &Arc<Play>, catalogue: Arc<Catalogue>) {
    let (bus, play) = (bus.clone(), Arc::clone(play));
    readiness.check("nats", move || bus.is_connected());
    readiness.check("games", move || catalogue.is_ready());
    readiness.check("accepting", move || !play.is_draining());
}

fn play_options(config: &Config) -> play::Options {
    play::Options {
        edge: config.edge.clone(),
        region: config.region.clone(),
        public_url: config.public_url.clone(),
        dealer: config.dealer.clone(),
        domain: config.domain(),
        hub_domain: config.nats.hub_domain.clone(),
    }
}

fn gateway_options(config: &Config) -> gateway::Options {
    let connections = &config.connections;
    gateway::Options {
        allowed_origins: connections.allowed_origins.clone(),
        max_connections: connections.max,
        frames_per_second: connections.frames_per_second,
        frames_burst: connections.frames_burst,
        queue: connections.queue,
    }
}
