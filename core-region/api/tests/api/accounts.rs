//! Accounts and sessions.

use axum::body::Body;
use http::{Method, StatusCode};
use serde_json::json;

use crate::support::World;

#[tokio::test]
async fn a_player_registers_logs_in_refreshes_and_logs_out() {
    let world = World::new().await;
    let ana = world.guest("ana").await;
    let (status, me) = world.get("/v1/me", Some(&ana.token)).await;
    assert_eq!((status, &me["name"], &me["player"]), (StatusCode::OK, &json!("ana"), &json!(ana.player)));
    assert_eq!(me["blocked"], false);

    let (status, next) = world.post("/v1/sessions/refresh", None, json!({"refresh_token": ana.refresh})).await;
    assert_eq!(status, StatusCode::OK);
    let token = next["access_token"].as_str().unwrap();
    assert_eq!(world.get("/v1/me", Some(token)).await.0, StatusCode::OK);

    let ended = world.ask(Method::DELETE, "/v1/sessions", Some(token), Body::empty()).await;
    assert_eq!(ended.0, StatusCode::NO_CONTENT);
    let again = json!({"refresh_token": next["refresh_token"]});
    let (status, problem) = world.post("/v1/sessions/refresh", None, again).await;
    assert_eq!((status, &problem["code"]), (StatusCode::UNAUTHORIZED, &json!("bad_refresh")));
}

#[tokio::test]
async fn bad_taken_and_wrong_credentials_have_codes_of_their_own() {
    let world = World::new().await;
    world.guest("ana").await;
    for (name, password, code) in [
        ("ana", "another horse", "name_taken"),
        ("Ana", "correct horse", "bad_name"),
        ("a", "correct horse", "bad_name"),
        ("bob", "short", "bad_password"),
        ("bob", &"x".repeat(257), "bad_password"),
    ] {
        let (_, problem) = world.post("/v1/players", None, json!({"name": name, "password": password})).await;
        assert_eq!(problem["code"], code, "{name}");
    }
    for (name, password) in [("ana", "wrong horse"), ("nobody", "correct horse"), ("", "")] {
        let (status, problem) = world.post("/v1/sessions", None, json!({"name": name, "password": password})).await;
        assert_eq!((status, &problem["code"]), (StatusCode::UNAUTHORIZED, &json!("wrong_credentials")), "{name}");
    }
}

#[tokio::test]
async fn a_blocked_player_cannot_log_in_or_pay_in_but_may_have_his_money() {
    let world = World::new().await;
    let ana = world.guest("ana").await;
    let order = |id: &str, amount: &str| json!({"id": id, "currency": "EUR", "amount_minor": amount});
    let ids = ["01000000-0000-4000-8000-000000000001", "01000000-0000-4000-8000-000000000002"];
    assert_eq!(world.post("/v1/deposits", Some(&ana.token), order(ids[0], "500")).await.0, StatusCode::OK);
    world.players.set_status(ana.player.parse().unwrap(), players::Status::Blocked).await.unwrap();
    let credentials = json!({"name": "ana", "password": "correct horse"});
    for (path, token, body) in [
        ("/v1/sessions", None, credentials),
        ("/v1/sessions/refresh", None, json!({"refresh_token": ana.refresh})),
        ("/v1/deposits", Some(ana.token.as_str()), order(ids[1], "500")),
    ] {
        let (status, problem) = world.post(path, token, body).await;
        assert_eq!((status, &problem["code"]), (StatusCode::FORBIDDEN, &json!("player_blocked")), "{path}");
    }
    assert_eq!(world.post("/v1/withdrawals", Some(&ana.token), order(ids[1], "500")).await.0, StatusCode::OK);
    assert_eq!(world.get("/v1/me", Some(&ana.token)).await.1["blocked"], true);
}
