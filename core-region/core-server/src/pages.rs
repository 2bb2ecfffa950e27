//! The sockets: bound first, so that a port in use is named before anything else happens, served last.

use std::net::SocketAddr;

use anyhow::Context;
use axum::Router;
use axum::serve::ListenerExt;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::config::Config;

/// The listeners of the process.
pub(crate) struct Listeners {
    pub(crate) players: TcpListener,
    pub(crate) operator: Option<TcpListener>,
    pub(crate) ops: TcpListener,
}

impl Listeners {
    pub(crate) async fn bind(config: &Config) -> anyhow::Result<Self> {
        let operator = match &config.operator {
            Some(operator) => Some(bind("operators", operator.listen).await?),
            None => None,
        };
        Ok(Self {
            players: bind("players", config.listen).await?,
            operator,
            ops: bind("the process's own pages", config.ops_listen).await?,
        })
    }
}

async fn bind(whose: &str, address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| format!("the listener for {whose}, {address}"))
}

/// Serves `router` until `cancel`; requests in hand are finished.
pub(crate) fn serve(listener: TcpListener, router: Router, tasks: &TaskTracker, cancel: CancellationToken) {
    let listener = listener.tap_io(|socket| {
        if let Err(error) = socket.set_nodelay(true) {
            tracing::debug!(%error, "a socket keeps its delay");
        }
    });
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    tasks.spawn(async move {
        let served = axum::serve(listener, service).with_graceful_shutdown(cancel.cancelled_owned()).await;
        if let Err(error) = served {
            tracing::error!(%error, "a listener failed");
        }
    });
}
