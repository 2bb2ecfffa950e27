//! `/livez`, `/readyz`, `/metrics` and `/version`: what every process answers on its operator's listener.
//!
//! The listener belongs on a private address: nothing here is authenticated, and nothing here changes anything.
//! `/livez` says only that the process runs; a failed dependency shows in `/readyz`, so that nobody restarts a process whose
//! database is away.

use std::io;
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Json, Router};
use serde::Serialize;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::{Metrics, Readiness};

/// How often pending histogram samples are folded when nobody scrapes.
const UPKEEP: Duration = Duration::from_secs(5);

/// What runs here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Version {
    /// The binary.
    pub name: &'static str,
    /// Its crate's version.
    pub version: &'static str,
    /// The commit it was built from, when the build named one in `HOUSE_COMMIT`.
    pub commit: &'static str,
}

impl Version {
    /// The version of the binary `name`; pass `env!("CARGO_PKG_NAME")` and `env!("CARGO_PKG_VERSION")`.
    #[must_use]
    pub fn of(name: &'static str, version: &'static str) -> Self {
        Self { name, version, commit: option_env!("HOUSE_COMMIT").unwrap_or("unknown") }
    }
}

#[derive(Clone)]
struct Ops {
    metrics: Metrics,
    readiness: Readiness,
    version: Version,
}

/// The answer of `/readyz`.
#[derive(Serialize)]
struct Ready {
    ready: bool,
    missing: Vec<&'static str>,
}

/// The four endpoints.
pub fn ops_router(metrics: Metrics, readiness: Readiness, version: Version) -> Router {
    Router::new()
        .route("/livez", get(|| async { "ok\n" }))
        .route("/readyz", get(readyz))
        .route("/metrics", get(scrape))
        .route("/version", get(|State(ops): State<Ops>| async move { Json(ops.version) }))
        .with_state(Ops { metrics, readiness, version })
}

async fn readyz(State(ops): State<Ops>) -> impl IntoResponse {
    let missing = ops.readiness.missing();
    let ready = missing.is_empty();
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(Ready { ready, missing }))
}

async fn scrape(State(ops): State<Ops>) -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], ops.metrics.render())
}

/// Serves the endpoints on `listener` until `cancel`, and keeps the histograms small meanwhile.
///
/// # Errors
/// When the listener fails.
pub async fn serve_ops(
    listener: TcpListener,
    metrics: Metrics,
    readiness: Readiness,
    version: Version,
    cancel: CancellationToken,
) -> io::Result<()> {
    let router = ops_router(metrics.clone(), readiness, version);
    let server = axum::serve(listener, router).with_graceful_shutdown(cancel.clone().cancelled_owned());
    let upkeep = async {
        loop {
            tokio::time::sleep(UPKEEP).await;
            metrics.upkeep();
        }
    };
    tokio::select! {
        served = server.into_future() => served,
        () = upkeep => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use axum::body::{Body, to_bytes};
    use axum::http::Request;
    use tower::ServiceExt;

    use super::*;

    async fn ask(router: &Router, path: &str) -> (StatusCode, String) {
        let request = Request::get(path).body(Body::empty()).unwrap();
        let answer = router.clone().oneshot(request).await.unwrap();
        let status = answer.status();
        let body = to_bytes(answer.into_body(), 1 << 20).await.unwrap();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }

    #[tokio::test]
    async fn readiness_names_what_is_missing_and_liveness_does_not_care() {
        let readiness = Readiness::default();
        let nats = readiness.flag("nats");
        let version = Version::of("edge-server", "0.1.0");
        let router = ops_router(Metrics::detached(), readiness, version);
        let (status, body) = ask(&router, "/readyz").await;
        assert_eq!((status, body.as_str()), (StatusCode::SERVICE_UNAVAILABLE, r#"{"ready":false,"missing":["nats"]}"#));
        assert_eq!(ask(&router, "/livez").await.0, StatusCode::OK);
        nats.up();
        assert_eq!(ask(&router, "/readyz").await.0, StatusCode::OK);
        let (_, body) = ask(&router, "/version").await;
        assert!(body.starts_with(r#"{"name":"edge-server","version":"0.1.0","commit":"#), "{body}");
        assert_eq!(ask(&router, "/metrics").await.0, StatusCode::OK);
    }
}
