//! A running dealer from its configuration: connect, serve, take up the leases, end in order.

use anyhow::Context;
use bus::Bus;
use clock::SystemClock;
use telemetry::{Metrics, Readiness, Version, serve_ops};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use dealer::config::Config;
use dealer::{Dealer, DealerKeys, limits};

/// Runs until `cancel`: then takes no more requests, answers those in hand, and returns.
///
/// # Errors
/// When a key, the listener or the bus can't be had at the start.
pub(crate) async fn run(config: Config, cancel: CancellationToken) -> anyhow::Result<()> {
    let metrics = Metrics::install()?;
    let readiness = Readiness::default();
    let synced = readiness.flag("leases");
    let listener = TcpListener::bind(config.ops_listen).await.context("the operator's listener")?;
    let (tracker, ops_cancel) = (TaskTracker::new(), CancellationToken::new());
    let version = Version::of(env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"));
    tracker.spawn(serve_ops(listener, metrics, readiness.clone(), version, ops_cancel.clone()));

    let keys = DealerKeys::load(&config.hpke_key_file, &config.signing_key_file)?;
    let bus = tokio::select! {
        biased;
        () = cancel.cancelled() => return Ok(()),
        connected = Bus::connect(config.nats.options(config.dealer.as_str())?) => connected?,
    };
    let connected = bus.clone();
    readiness.check("nats", move || connected.is_connected());
    let name = config.dealer.clone();
    let domain = config.domain.as_deref();
    let table = Dealer::new(config.dealer, config.log_region, domain, bus.clone(), keys, SystemClock::shared());
    dealer::serve(&table, &tracker, &cancel).await?;
    tracing::info!(dealer = %name, "serving");
    tokio::select! {
        () = cancel.cancelled() => {}
        () = dealer::sync(&table) => {
            synced.up();
            cancel.cancelled().await;
        }
    }

    synced.down();
    ops_cancel.cancel();
    tracker.close();
    if tokio::time::timeout(limits::SHUTDOWN_WITHIN, tracker.wait()).await.is_err() {
        tracing::warn!("requests were still in hand: their edges ask again");
    }
    bus.flush().await.context("sending the last answers")?;
    tracing::info!(dealer = %name, "stopped");
    Ok(())
}
