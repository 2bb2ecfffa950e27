//! Stopping: clients are told where else to go, deals under way finish, leases are closed, sockets end with 4503, all within
//! one bound. What the bound cuts off is safe: bound deals stand in the log, and leases run out by themselves.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use bus::Bus;
use gateway::Gateway;
use play::Play;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// All that runs.
pub(crate) struct Edge {
    pub(crate) play: Arc<Play>,
    pub(crate) gateway: Arc<Gateway>,
    pub(crate) bus: Bus,
    pub(crate) cancel: CancellationToken,
    pub(crate) tasks: TaskTracker,
}

/// A token that the first SIGTERM or SIGINT cancels.
///
/// # Errors
/// When the handlers can't be set.
pub(crate) fn signals() -> io::Result<Stopping> {
    Ok(Stopping { term: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
}

/// Waits for a signal.
pub(crate) struct Stopping {
    term: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
}

impl Stopping {
    pub(crate) async fn cancelled(mut self) {
        tokio::select! {
            _ = self.term.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

/// The drain, within `limit`.
pub(crate) async fn drain(edge: Edge, limit: Duration) {
    let Edge { play, gateway, bus, cancel, tasks } = edge;
    tracing::info!(leases = play.leases(), connections = gateway.connections(), "draining");
    play.refuse_new();
    gateway.announce_draining();
    let (half, quarter) = (limit / 2, limit / 4);
    let closing = async {
        play.tell_core_draining().await;
        play.close_all().await
    };
    match tokio::time::timeout(half, closing).await {
        Ok(0) => tracing::info!("every lease is closed"),
        Ok(left) => tracing::warn!(left, "leases left to the core"),
        Err(_) => tracing::warn!(left = play.leases(), "no time to close the other leases"),
    }
    cancel.cancel();
    let ending = async {
        gateway.close_all().await;
        tasks.close();
        tasks.wait().await;
    };
    if tokio::time::timeout(quarter, ending).await.is_err() {
        tracing::warn!(connections = gateway.connections(), "connections cut off");
    }
    if tokio::time::timeout(quarter, play.stop()).await.is_err() {
        tracing::warn!("work cut off");
    }
    if let Err(error) = bus.drain().await {
        tracing::debug!(%error, "NATS was not drained");
    }
    tracing::info!("stopped");
}
