//! The operator's pages.

use http::StatusCode;
use money::{Amount, Currency};
use serde_json::json;
use wire::v1::core::Offer;
use wire::v1::lease::{OfferRequest, Placement};

use crate::support::{OPERATOR, World};

#[tokio::test]
async fn nobody_but_an_operator_is_one() {
    let world = World::new().await;
    let ana = world.guest("ana").await;
    let close = "/v1/operator/leases/0190aaaa-0000-7000-8000-000000000001/close";
    for token in [None, Some(ana.token.as_str()), Some("an-operator-of-this-house-0123456788")] {
        for path in ["/v1/operator/summary", "/v1/operator/leases"] {
            assert_eq!(world.get(path, token).await.1["code"], "unauthenticated", "{path}");
        }
        for path in [close, "/v1/operator/games/dice/enable", "/v1/operator/games/dice/disable"] {
            assert_eq!(world.post(path, token, json!({})).await.1["code"], "unauthenticated", "{path}");
        }
    }
}

#[tokio::test]
async fn the_operators_pages_are_not_on_the_players_listener() {
    let world = World::new().await;
    let request = http::Request::get("/v1/operator/summary")
        .header("authorization", format!("Bearer {OPERATOR}"))
        .body(axum::body::Body::empty())
        .unwrap();
    let response = tower::ServiceExt::oneshot(world.players_router(), request).await.unwrap();
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_summary_shows_straight_books_and_what_is_in_play() {
    let world = World::new().await;
    let ana = world.guest("ana").await;
    let deposit = json!({"id": "0190aaaa-0000-7000-8000-000000000001", "currency": "EUR", "amount_minor": "1000"});
    world.post("/v1/deposits", Some(&ana.token), deposit).await;
    let (status, summary) = world.get("/v1/operator/summary", Some(OPERATOR)).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(summary["totals"], json!({"settled": 0, "voided": 0, "mismatches": 0, "quarantined": 0}));
    let book = &summary["books"][0];
    assert_eq!(
        (&book["currency"], &book["sum_minor"], &book["escrow_minor"]),
        (&json!("EUR"), &json!("0"), &json!("0"))
    );
    assert_eq!(book["kinds"], json!({"player.cash": "1000", "psp.settled": "-1000"}));
    assert_eq!((&summary["ledger"], &summary["leases"]), (&json!("running"), &json!({})));
    assert_eq!(summary["settlement"].as_array().unwrap().len(), 4);
    world.ledger.close().await;
    assert_ne!(world.get("/v1/operator/summary", Some(OPERATOR)).await.1["ledger"], "running");
}

#[tokio::test]
async fn leases_are_listed_by_state_and_an_offer_is_declined_once() {
    let world = World::new().await;
    let ana = world.guest("ana").await;
    let deposit = json!({"id": "0190aaaa-0000-7000-8000-000000000001", "currency": "EUR", "amount_minor": "1000"});
    world.post("/v1/deposits", Some(&ana.token), deposit).await;
    let request =
        OfferRequest { currency: Currency::EUR, escrow_minor: Amount::from_minor(500), placement: Placement::Regional };
    let ask = Offer { player: ana.player.parse().unwrap(), region: "west".parse().unwrap(), request };
    let offer = world.leases.offer(&"west-1".parse().unwrap(), &ask).await.unwrap();
    let list = |state: &str| format!("/v1/operator/leases?state={state}");
    let (status, page) = world.get(&list("offered"), Some(OPERATOR)).await;
    assert_eq!((status, &page["leases"][0]["lease"]), (StatusCode::OK, &json!(offer.lease)));
    assert_eq!(world.get("/v1/operator/leases", Some(OPERATOR)).await.1, json!({"leases": []}), "open ones by default");
    assert_eq!(world.get(&list("opened"), Some(OPERATOR)).await.1["code"], "malformed");
    assert_eq!(world.get("/v1/operator/summary", Some(OPERATOR)).await.1["leases"], json!({"offered": 1}));

    let close = format!("/v1/operator/leases/{}/close", offer.lease);
    assert_eq!(world.post(&close, Some(OPERATOR), json!({})).await, (StatusCode::OK, json!({"lease": offer.lease})));
    assert_eq!(world.post(&close, Some(OPERATOR), json!({})).await.1["code"], "lease_unknown", "it never began");
    assert_eq!(world.get(&list("refused"), Some(OPERATOR)).await.1["leases"][0]["lease"], json!(offer.lease));
    let unknown = "/v1/operator/leases/0190aaaa-0000-7000-8000-00000000000f/close";
    assert_eq!(world.post(unknown, Some(OPERATOR), json!({})).await.1["code"], "lease_unknown");
}

#[tokio::test]
async fn a_game_is_switched_off_and_on_and_an_unknown_one_is_not() {
    let world = World::new().await;
    let status_of_dice = async || world.get("/v1/games", None).await.1["games"][0]["status"].clone();
    assert_eq!(status_of_dice().await, "enabled");
    let (status, _) = world.post("/v1/operator/games/dice/disable", Some(OPERATOR), json!({})).await;
    assert_eq!((status, status_of_dice().await), (StatusCode::NO_CONTENT, json!("disabled")));
    let (status, _) = world.post("/v1/operator/games/dice/enable", Some(OPERATOR), json!({})).await;
    assert_eq!((status, status_of_dice().await), (StatusCode::NO_CONTENT, json!("enabled")));
    for game in ["chess", "No%20Game"] {
        let path = format!("/v1/operator/games/{game}/disable");
        assert_eq!(world.post(&path, Some(OPERATOR), json!({})).await.1["code"], "game_unknown");
    }
}

#[tokio::test]
async fn an_operator_reads_accounts_and_transfers_and_has_the_log_replayed() {
    let world = World::new().await;
    let ana = world.guest("ana").await;
    let order = "0190aaaa-0000-7000-8000-000000000001";
    let deposit = json!({"id": order, "currency": "EUR", "amount_minor": "1000"});
    world.post("/v1/deposits", Some(&ana.token), deposit).await;
    let me = world.get("/v1/me", Some(&ana.token)).await.1;
    let owner = me["id"].as_str().or(me["player"].as_str()).unwrap().to_owned();
    let (status, found) = world.get(&format!("/v1/operator/ledger/accounts/{owner}"), Some(OPERATOR)).await;
    assert_eq!(status, StatusCode::OK);
    let cash = &found["accounts"][0];
    assert_eq!(
        (&cash["kind"], &cash["balance_minor"], &cash["version"]),
        (&json!("player.cash"), &json!("1000"), &json!(1))
    );
    let nobody = world.get("/v1/operator/ledger/accounts/0190aaaa-0000-7000-8000-00000000000f", Some(OPERATOR)).await;
    assert_eq!(nobody.1["accounts"], json!([]));
    for path in ["accounts/ana", "transfers/none", "transfers/0190aaaa-0000-7000-8000-00000000000f"] {
        assert_eq!(
            world.get(&format!("/v1/operator/ledger/{path}"), Some(OPERATOR)).await.1["code"],
            "not_found",
            "{path}"
        );
    }
    let (_, verified) = world.post("/v1/operator/ledger/verify", Some(OPERATOR), json!({})).await;
    assert_eq!((&verified["sound"], &verified["transfers"]), (&json!(true), &json!(1)));
    assert_eq!(verified["hash"].as_str().unwrap().len(), 64);
    for path in ["summary", "ledger/accounts/0190aaaa-0000-7000-8000-00000000000f"] {
        let (status, _) = world.get(&format!("/v1/operator/{path}"), Some(&ana.token)).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{path}");
    }
}
