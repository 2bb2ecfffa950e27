//! The player's web client beside its API, on one origin: static files of one folder, everything under `/v1` and `/docs` the
//! API's. Files that carry their hash in their name may be kept for ever by browsers, the others are asked for each time.
//!
//! A folder that is not there is no failure: the API is served alone, and one log line says so.

use std::path::Path;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::middleware::{self, Next};
use axum::response::Response;
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS};
use http::{HeaderName, HeaderValue};
use tower::ServiceExt;
use tower_http::services::{ServeDir, ServeFile};

/// Scripts and styles from here alone; connections to the edges, wherever they are.
const POLICY: &str = "default-src 'self'; connect-src 'self' ws: wss:; img-src 'self' data:; style-src 'self' 'unsafe-inline'; \
                      script-src 'self' 'wasm-unsafe-eval'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";
/// The folder of files with their hash in their name.
const HASHED: &str = "/assets/";
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// `api`, with the client in `folder` at every other path.
pub(crate) fn beside(api: Router, folder: Option<&Path>) -> Router {
    let Some(folder) = folder.filter(|folder| folder.join("index.html").is_file()) else {
        tracing::info!(folder = ?folder, "no web client is served: its folder has no index.html");
        return api;
    };
    let index = ServeFile::new(folder.join("index.html"));
    let files = ServeDir::new(folder).precompressed_gzip().fallback(index);
    let site = Router::new().fallback_service(files).layer(middleware::from_fn(guarded)).into_service::<Body>();
    // Neither nested nor routed to: a route's own parameters would be among those that the API's handlers read.
    let api = api.into_service::<Body>();
    Router::new().fallback(move |request: Request| {
        let (api, site) = (api.clone(), site.clone());
        async move {
            if is_api(request.uri().path()) { api.oneshot(request).await } else { site.oneshot(request).await }
        }
    })
}

fn is_api(path: &str) -> bool {
    ["/v1", "/docs"]
        .iter()
        .any(|root| path.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
}

async fn guarded(request: Request, next: Next) -> Response {
    let kept = request.uri().path().starts_with(HASHED);
    let mut response = next.run(request).await;
    let cache = if kept && response.status().is_success() { FOR_EVER } else { "no-cache" };
    let headers: [(HeaderName, &'static str); 5] = [
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "no-referrer"),
        (X_FRAME_OPTIONS, "DENY"),
        (CACHE_CONTROL, cache),
    ];
    for (name, value) in headers {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

#[cfg(test)]
mod tests {
    use axum::extract::Path as InPath;
    use axum::routing::get;
    use http::StatusCode;

    use super::*;

    async fn ask(router: &Router, path: &str) -> Response {
        router.clone().oneshot(Request::get(path).body(Body::empty()).unwrap()).await.unwrap()
    }

    fn site() -> (tempfile::TempDir, Router) {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("assets")).unwrap();
        std::fs::write(folder.path().join("index.html"), "<!doctype html>").unwrap();
        std::fs::write(folder.path().join("assets").join("app-1a2b.js"), "1").unwrap();
        let lease = |InPath(lease): InPath<String>| async move { lease };
        let api = Router::new().route("/v1/edges", get(|| async { "api" })).route("/v1/leases/{lease}", get(lease));
        let api = api.fallback(|| async { StatusCode::NOT_FOUND });
        let router = beside(api, Some(folder.path()));
        (folder, router)
    }

    #[tokio::test]
    async fn the_api_keeps_its_paths_and_the_client_gets_the_others() {
        let (_folder, router) = site();
        assert_eq!(ask(&router, "/v1/edges").await.status(), StatusCode::OK);
        assert_eq!(ask(&router, "/v1/none").await.status(), StatusCode::NOT_FOUND);
        let lease = ask(&router, "/v1/leases/7").await;
        assert_eq!(axum::body::to_bytes(lease.into_body(), 16).await.unwrap(), "7", "one parameter, the API's own");
        for path in ["/", "/index.html", "/lobby", "/v1x"] {
            let page = ask(&router, path).await;
            assert_eq!(page.status(), StatusCode::OK, "{path}");
            assert_eq!(page.headers()[CACHE_CONTROL], "no-cache");
            assert!(page.headers()[CONTENT_SECURITY_POLICY].to_str().unwrap().contains("frame-ancestors 'none'"));
        }
        assert_eq!(ask(&router, "/assets/app-1a2b.js").await.headers()[CACHE_CONTROL], FOR_EVER);
    }

    #[tokio::test]
    async fn nothing_outside_of_the_folder_is_shown() {
        let (folder, router) = site();
        let secret = folder.path().parent().unwrap().join("house-edge-web-secret");
        std::fs::write(&secret, "secret").unwrap();
        for path in
            ["/../house-edge-web-secret", "/..%2fhouse-edge-web-secret", "/assets/..%2f..%2fhouse-edge-web-secret"]
        {
            let answer = ask(&router, path).await;
            let body = axum::body::to_bytes(answer.into_body(), 1024).await.unwrap();
            assert!(!body.starts_with(b"secret"), "{path}");
        }
        std::fs::remove_file(secret).unwrap();
    }

    #[tokio::test]
    async fn without_a_client_the_api_is_served_alone() {
        let api = Router::new().route("/v1/edges", get(|| async { "api" }));
        let router = beside(api, Some(Path::new("no/such/folder")));
        assert_eq!(ask(&router, "/v1/edges").await.status(), StatusCode::OK);
        assert_eq!(ask(&router, "/").await.status(), StatusCode::NOT_FOUND);
    }
}
