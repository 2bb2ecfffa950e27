//! What every request must pass: shape, size, token, rate, origin.

use api::Options;
use axum::body::Body;
use http::{Method, Request, StatusCode};
use serde_json::json;
use tower::ServiceExt;

use crate::support::{OPERATOR, World};

#[tokio::test]
async fn bodies_of_another_shape_size_or_kind_are_refused_with_their_own_codes() {
    let world = World::new().await;
    let post = |body: String| world.ask(Method::POST, "/v1/sessions", None, Body::from(body));
    let unknown = json!({"name": "ana", "password": "correct horse", "admin": true}).to_string();
    let (status, problem) = post(unknown).await;
    assert_eq!((status, &problem["code"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("bad_body")));
    assert!(problem["detail"].as_str().unwrap().contains("admin"), "{problem}");
    for (body, code) in [
        (json!({"name": "ana"}).to_string(), "bad_body"),
        (json!({"name": 5, "password": "correct horse"}).to_string(), "bad_body"),
        ("{".to_owned(), "malformed"),
        (String::new(), "malformed"),
        (json!({"name": "ana", "password": "x".repeat(20_000)}).to_string(), "too_long"),
    ] {
        assert_eq!(post(body).await.1["code"], code);
    }
    let plain = Request::post("/v1/sessions").header("content-type", "text/plain").body(Body::from("{}")).unwrap();
    let (status, problem) = world.send(plain).await;
    assert_eq!((status, &problem["code"]), (StatusCode::UNSUPPORTED_MEDIA_TYPE, &json!("not_json")));
    let stream = futures_of_chunks(40);
    let (status, _) = world.ask(Method::POST, "/v1/sessions", None, stream).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE, "also when no length is announced");
}

/// A body of that many KiB without a length.
fn futures_of_chunks(kib: usize) -> Body {
    let chunks = (0..kib).map(|_| Ok::<_, std::io::Error>(vec![b' '; 1024]));
    Body::from_stream(futures::stream::iter(chunks))
}

#[tokio::test]
async fn unknown_pages_methods_and_queries_are_problems_too() {
    let world = World::new().await;
    let ana = world.guest("ana").await;
    let plain = |method, path: &str| Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
    assert_eq!(world.send(plain(Method::GET, "/v1/nothing")).await.1["code"], "not_found");
    assert_eq!(world.send(plain(Method::GET, "/v1/operator/nothing")).await.1["code"], "not_found");
    assert_eq!(world.send(plain(Method::PUT, "/v1/me")).await.1["code"], "method_not_allowed");
    for query in ["colour=1", "limit=ten", "before_ms=-1"] {
        let (status, problem) = world.get(&format!("/v1/history?{query}"), Some(&ana.token)).await;
        assert_eq!((status, &problem["code"]), (StatusCode::BAD_REQUEST, &json!("malformed")), "{query}");
    }
    assert_eq!(world.get("/v1/leases?before=nobody", Some(&ana.token)).await.1["code"], "malformed");
    let empty = world.get("/v1/history?limit=5&before_ms=99", Some(&ana.token)).await;
    assert_eq!(empty, (StatusCode::OK, json!({"deals": []})));
}

#[tokio::test]
async fn pages_of_ones_own_need_a_token_that_is_good_now() {
    let world = World::new().await;
    let ana = world.guest("ana").await;
    let stale = world.stale_token("ana").await;
    let forged = format!("{}AAAA", ana.token.get(..ana.token.len() - 4).unwrap());
    let lease = "0190aaaa-0000-7000-8000-000000000001";
    let bundle = format!("/v1/fairness/bundle/{lease}");
    let commitments = format!("/v1/fairness/commitments/{lease}");
    for token in [None, Some(stale.as_str()), Some(forged.as_str()), Some("v4.public.AAAA"), Some(OPERATOR)] {
        for path in ["/v1/me", "/v1/balances", "/v1/history", "/v1/leases", &bundle, &commitments] {
            let (status, problem) = world.get(path, token).await;
            assert_eq!((status, &problem["code"]), (StatusCode::UNAUTHORIZED, &json!("unauthenticated")), "{path}");
        }
        for path in ["/v1/deposits", "/v1/withdrawals"] {
            assert_eq!(world.post(path, token, json!({})).await.0, StatusCode::UNAUTHORIZED, "{path}");
        }
        assert_eq!(world.ask(Method::DELETE, "/v1/sessions", token, Body::empty()).await.0, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(world.get("/v1/games", None).await.0, StatusCode::OK);
    assert_eq!(world.get("/v1/edges", None).await, (StatusCode::OK, json!({"edges": []})));
}

#[tokio::test]
async fn whoever_asks_too_often_waits_and_others_do_not() {
    let world = World::with(Options { requests_per_second: 1, burst: 6, ..Options::default() }).await;
    let ana = world.guest("ana").await;
    let bob = world.guest("bob").await;
    let mut refused = 0;
    for _ in 0..12 {
        let (status, problem) = world.get("/v1/me", Some(&ana.token)).await;
        if status == StatusCode::TOO_MANY_REQUESTS {
            assert_eq!((&problem["code"], &problem["retryable"]), (&json!("too_fast"), &json!(true)));
            refused += 1;
        }
    }
    assert!((4..=6).contains(&refused), "{refused}");
    assert_eq!(world.get("/v1/me", Some(&bob.token)).await.0, StatusCode::OK);
}

#[tokio::test]
async fn a_trace_given_comes_back_in_the_problem_and_only_allowed_origins_may_read() {
    let world =
        World::with(Options { allowed_origins: vec!["https://play.example".into()], ..Options::default() }).await;
    let traced = Request::get("/v1/me")
        .header("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
        .body(Body::empty())
        .unwrap();
    assert_eq!(world.send(traced).await.1["trace_id"], "4bf92f3577b34da6a3ce929d0e0e4736");
    for (origin, allowed) in [("https://play.example", true), ("https://evil.example", false)] {
        let preflight = Request::builder()
            .method(Method::OPTIONS)
            .uri("/v1/deposits")
            .header("origin", origin)
            .header("access-control-request-method", "POST")
            .body(Body::empty())
            .unwrap();
        let response = world.players_router().oneshot(preflight).await.unwrap();
        assert_eq!(response.headers().contains_key("access-control-allow-origin"), allowed, "{origin}");
        let refused = Request::get("/v1/me").header("origin", origin).body(Body::empty()).unwrap();
        let response = world.players_router().oneshot(refused).await.unwrap();
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
        assert_eq!(response.headers().contains_key("access-control-allow-origin"), allowed, "{origin}");
    }
}

#[tokio::test]
async fn the_document_and_its_offline_pages_are_served() {
    let world = World::new().await;
    let plain = |path: &str| Request::get(path).body(Body::empty()).unwrap();
    let (status, document) = world.send(plain("/v1/openapi.json")).await;
    assert_eq!((status, &document["openapi"]), (StatusCode::OK, &json!("3.1.0")));
    assert_eq!(document, serde_json::to_value(api::document()).unwrap());
    let response = world.players_router().oneshot(plain("/docs/")).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    let page = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
    let page = String::from_utf8(page.to_vec()).unwrap();
    assert!(page.contains("swagger-ui") && !page.contains("https://"), "nothing is fetched from elsewhere");
}
