//! What every request goes through, outermost first: trace, panics, CORS, time, size, who asks, how often.
//!
//! The outermost layer gives the request its trace, and writes every problem out with it, also those of layers that know only
//! a status.

use std::any::Any;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderName, HeaderValue, Method, StatusCode};
use telemetry::Trace;
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::cors::{AllowOrigin, CorsLayer};
use tower_http::timeout::TimeoutLayer;
use tracing::Instrument;

use crate::auth::identify;
use crate::problem::{Code, Problem};
use crate::state::{Api, Options};
use crate::{limits, openapi, operator};

/// What players' clients and auditors may call. Serve it with the peer's address
/// (`into_make_service_with_connect_info::<SocketAddr>`), or the rate limit takes all callers without a token for one.
pub fn player_router(api: &Api) -> Router {
    let (routes, _) = openapi::player_routes().split_for_parts();
    let router = openapi::pages(routes).fallback(nothing_here).with_state(api.clone());
    guarded(api.rate().limit(router), api)
}

/// What operators may call, on a listener that is not the world's.
pub fn operator_router(api: &Api) -> Router {
    let (routes, _) = openapi::operator_routes().split_for_parts();
    let known = middleware::from_fn_with_state(api.clone(), operator::only_operators);
    let router = openapi::pages(routes.route_layer(known)).fallback(nothing_here).with_state(api.clone());
    guarded(router, api)
}

fn guarded(router: Router, api: &Api) -> Router {
    router.layer(
        ServiceBuilder::new()
            .layer(middleware::from_fn(answer))
            .layer(CatchPanicLayer::custom(panicked))
            .layer(cors(&api.options))
            .layer(TimeoutLayer::with_status_code(StatusCode::GATEWAY_TIMEOUT, limits::REQUEST_TIME))
            .layer(DefaultBodyLimit::max(limits::BODY_BYTES))
            .layer(middleware::from_fn_with_state(api.clone(), identify)),
    )
}

/// Gives the request its trace, and the answer its problem.
async fn answer(mut request: Request, next: Next) -> Response {
    let header = request.headers().get(Trace::HEADER).and_then(|value| value.to_str().ok());
    let trace = Trace::of_header(header).child();
    request.extensions_mut().insert(trace);
    let span = tracing::info_span!("http", trace_id = trace.trace_id());
    let mut response = next.run(request).instrument(span).await;
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return response;
    }
    let problem = response.extensions_mut().remove::<Problem>();
    let mut written = problem.unwrap_or_else(|| Code::of_status(status).into()).written(&trace);
    // What other layers had to say: whom the page may be shown to, which methods there are.
    for (name, value) in response.headers() {
        if name != CONTENT_TYPE && name != http::header::CONTENT_LENGTH && !written.headers().contains_key(name) {
            written.headers_mut().insert(name.clone(), value.clone());
        }
    }
    written
}

fn panicked(cause: Box<dyn Any + Send + 'static>) -> Response {
    let text = cause.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| cause.downcast_ref::<String>().cloned()).unwrap_or_default();
    tracing::error!(panic = text, "a handler panicked");
    Problem::from(Code::Internal).into_response()
}

fn cors(options: &Options) -> CorsLayer {
    let origins = options.allowed_origins.iter().filter_map(|origin| HeaderValue::from_str(origin).ok());
    CorsLayer::new()
        .allow_origin(AllowOrigin::list(origins))
        .allow_methods([Method::GET, Method::POST, Method::DELETE])
        .allow_headers([AUTHORIZATION, CONTENT_TYPE, HeaderName::from_static(Trace::HEADER)])
}

async fn nothing_here() -> Problem {
    Code::NotFound.into()
}
