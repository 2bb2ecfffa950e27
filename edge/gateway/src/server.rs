//! The players' listener: `/v1/play` (WebSocket) and `/v1/edge` (who and where this edge is, to measure the way to it).
//!
//! Bounds: connections in all, and those of limits.rs for each. A page of a foreign origin can't connect when origins are
//! configured. TLS ends before this process.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::Router;
use axum::extract::State;
use axum::extract::ws::WebSocketUpgrade;
use axum::response::{IntoResponse, Json, Response};
use axum::routing::{any, get};
use axum::serve::ListenerExt;
use clock::SharedClock;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use ids::{EdgeId, RegionId};
use play::Play;
use serde::Serialize;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower_http::cors::{AllowOrigin, CorsLayer};
use wire::v1::client::ServerBody;

use crate::limits;
use crate::seats::{End, Seats};
use crate::seen::Tokens;
use crate::session;
use crate::token::TokenKey;

/// What an operator sets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Origins of pages that may connect; empty for any.
    pub allowed_origins: Vec<String>,
    /// The most connections at once.
    pub max_connections: usize,
    /// Frames a second of one connection, in the long run.
    pub frames_per_second: u32,
    /// Frames of one connection at once.
    pub frames_burst: u32,
    /// Entries that wait for a slow reader.
    pub queue: usize,
}

/// The players' connections of this edge.
pub struct Gateway {
    play: Arc<Play>,
    tokens: Tokens,
    clock: SharedClock,
    options: Options,
    seats: Seats,
    tasks: TaskTracker,
    connections: AtomicU64,
}

impl std::fmt::Debug for Gateway {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Gateway").field("connections", &self.tasks.len()).finish_non_exhaustive()
    }
}

/// The answer of `/v1/edge`.
#[derive(Serialize)]
struct EdgePage {
    edge: EdgeId,
    region: RegionId,
    url: String,
    draining: bool,
    now_ms: u64,
}

impl Gateway {
    /// No connections yet.
    #[must_use]
    pub fn new(play: Arc<Play>, key: TokenKey, clock: SharedClock, options: Options) -> Arc<Self> {
        let (seats, tasks, connections) = (Seats::default(), TaskTracker::new(), AtomicU64::new(0));
        let tokens = Tokens::new(key);
        Arc::new(Self { play, tokens, clock, options, seats, tasks, connections })
    }

    /// Serves players on `listener` until `cancel`; open connections go on until [`Gateway::close_all`].
    ///
    /// # Errors
    /// When the listener fails.
    pub async fn serve(self: &Arc<Self>, listener: TcpListener, cancel: CancellationToken) -> io::Result<()> {
        let listener = listener.tap_io(|connection| {
            // A deal's answer must not wait for another one to fill its packet.
            if let Err(error) = connection.set_nodelay(true) {
                tracing::debug!(%error, "TCP_NODELAY");
            }
        });
        axum::serve(listener, self.router()).with_graceful_shutdown(cancel.cancelled_owned()).await
    }

    /// The routes.
    pub fn router(self: &Arc<Self>) -> Router {
        let cors = CorsLayer::new().allow_methods([Method::GET]).allow_origin(self.origins());
        Router::new()
            .route("/v1/edge", get(edge_page).layer(cors))
            .route("/v1/play", any(upgrade))
            .with_state(Arc::clone(self))
    }

    fn origins(&self) -> AllowOrigin {
        if self.options.allowed_origins.is_empty() {
            return AllowOrigin::any();
        }
        let origins = self.options.allowed_origins.iter();
        AllowOrigin::list(origins.filter_map(|origin| HeaderValue::from_str(origin).ok()))
    }

    /// Tells every client where else to go.
    pub fn announce_draining(&self) {
        let edges = self.play.other_edges();
        for outlet in self.seats.outlets() {
            outlet.push(ServerBody::Draining { edges: edges.clone() });
        }
    }

    /// Ends every connection, after what is queued for it, and waits for the last one.
    pub async fn close_all(&self) {
        self.seats.end_all(End::Draining);
        self.tasks.close();
        self.tasks.wait().await;
    }

    /// Connections now, those without a hello included.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.tasks.len()
    }

    pub(crate) fn play(&self) -> &Arc<Play> {
        &self.play
    }

    pub(crate) fn tokens(&self) -> &Tokens {
        &self.tokens
    }

    pub(crate) fn clock(&self) -> &SharedClock {
        &self.clock
    }

    pub(crate) fn options(&self) -> &Options {
        &self.options
    }

    pub(crate) fn seats(&self) -> &Seats {
        &self.seats
    }

    pub(crate) fn next_connection(&self) -> u64 {
        self.connections.fetch_add(1, Ordering::Relaxed)
    }
}

async fn edge_page(State(gateway): State<Arc<Gateway>>) -> impl IntoResponse {
    let options = gateway.play.options();
    let page = EdgePage {
        edge: options.edge.clone(),
        region: options.region.clone(),
        url: options.public_url.clone(),
        draining: gateway.play.is_draining(),
        now_ms: gateway.clock.now_ms(),
    };
    ([(header::CACHE_CONTROL, "no-store")], Json(page))
}

async fn upgrade(State(gateway): State<Arc<Gateway>>, headers: HeaderMap, upgrade: WebSocketUpgrade) -> Response {
    if !origin_allowed(&headers, &gateway.options.allowed_origins) {
        return (StatusCode::FORBIDDEN, "origin not allowed\n").into_response();
    }
    if gateway.play.is_draining() {
        return (StatusCode::SERVICE_UNAVAILABLE, "this edge stops\n").into_response();
    }
    if gateway.tasks.len() >= gateway.options.max_connections {
        return (StatusCode::SERVICE_UNAVAILABLE, "this edge is full\n").into_response();
    }
    let bounded = upgrade
        .read_buffer_size(limits::READ_BUFFER_BYTES)
        .write_buffer_size(limits::WRITE_BUFFER_BYTES)
        .max_message_size(limits::READ_BYTES)
        .max_frame_size(limits::READ_BYTES);
    bounded.on_upgrade(move |socket| {
        let tasks = gateway.tasks.clone();
        tasks.track_future(session::serve(gateway, socket))
    })
}

/// A client without an origin is no page of a browser.
fn origin_allowed(headers: &HeaderMap, allowed: &[String]) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else { return true };
    allowed.is_empty() || allowed.iter().any(|allowed| origin.as_bytes() == allowed.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_foreign_page_can_t_connect_when_origins_are_named() {
        let from = |origin: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ORIGIN, HeaderValue::from_static(origin));
            headers
        };
        let allowed = ["https://play.example".to_owned()];
        assert!(origin_allowed(&from("https://play.example"), &allowed));
        assert!(!origin_allowed(&from("https://evil.example"), &allowed));
        assert!(!origin_allowed(&from("https://play.example.evil.example"), &allowed));
        assert!(origin_allowed(&HeaderMap::new(), &allowed));
        assert!(origin_allowed(&from("https://evil.example"), &[]));
    }
}
