//! Orders of money: once, whatever is repeated.

use http::StatusCode;
use serde_json::{Value, json};

use crate::support::{Guest, World};

const EUR: &str = "EUR";

fn order(n: u64, currency: &str, amount: &str) -> Value {
    json!({"id": format!("0190aaaa-0000-7000-8000-{n:012}"), "currency": currency, "amount_minor": amount})
}

async fn money_of(world: &World, guest: &Guest) -> Value {
    let (status, body) = world.get("/v1/balances", Some(&guest.token)).await;
    assert_eq!(status, StatusCode::OK);
    body["balances"].clone()
}

#[tokio::test]
async fn the_same_deposit_twice_is_one_deposit_with_one_answer_and_another_body_is_a_conflict() {
    let world = World::new().await;
    let ana = world.guest("ana").await;
    let deposit = |body| world.post("/v1/deposits", Some(&ana.token), body);
    let (status, first) = deposit(order(1, EUR, "2500")).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(first["available_minor"], "2500");
    assert_eq!(deposit(order(2, EUR, "100")).await.0, StatusCode::OK);
    assert_eq!(deposit(order(1, EUR, "2500")).await, (StatusCode::OK, first), "as it was then");
    for other in [order(1, EUR, "2501"), order(1, "GBP", "2500")] {
        let (status, problem) = deposit(other).await;
        assert_eq!((status, &problem["code"]), (StatusCode::CONFLICT, &json!("id_conflict")));
    }
    let expected =
        json!([{"currency": "EUR", "available_minor": "2600", "in_play_minor": "0", "withdrawing_minor": "0"}]);
    assert_eq!(money_of(&world, &ana).await, expected);
    assert!(world.ledger.trial_balance().is_zero_sum());
    let events = world.ledger.wallet_events(ana.player.parse().unwrap(), 0, 10).await.unwrap();
    assert_eq!(events.iter().map(|event| event.core_seq).collect::<Vec<_>>(), [1, 2], "one event a deposit");
}

#[tokio::test]
async fn racing_repeats_of_one_deposit_pay_once() {
    let world = World::new().await;
    let ana = world.guest("ana").await;
    let deposit = || world.post("/v1/deposits", Some(&ana.token), order(1, EUR, "700"));
    let (a, b, c, d) = tokio::join!(deposit(), deposit(), deposit(), deposit());
    assert!([&b, &c, &d].into_iter().all(|answer| *answer == a), "{a:?} {b:?} {c:?} {d:?}");
    assert_eq!(money_of(&world, &ana).await[0]["available_minor"], "700");
}

#[tokio::test]
async fn two_players_may_use_one_id() {
    let world = World::new().await;
    let (ana, bob) = (world.guest("ana").await, world.guest("bob").await);
    for (guest, amount) in [(&ana, "100"), (&bob, "200")] {
        let (status, receipt) = world.post("/v1/deposits", Some(&guest.token), order(1, EUR, amount)).await;
        assert_eq!((status, receipt["available_minor"].as_str()), (StatusCode::OK, Some(amount)));
    }
    assert_eq!(money_of(&world, &ana).await[0]["available_minor"], "100");
}

#[tokio::test]
async fn a_withdrawal_needs_the_money_and_sets_it_aside_once() {
    let world = World::new().await;
    let ana = world.guest("ana").await;
    world.post("/v1/deposits", Some(&ana.token), order(1, EUR, "1000")).await;
    let withdraw = |body| world.post("/v1/withdrawals", Some(&ana.token), body);
    for amount in ["1001", "9223372036854775807"] {
        let (status, problem) = withdraw(order(2, EUR, amount)).await;
        assert_eq!(status, if amount == "1001" { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::CONFLICT });
        assert_eq!(problem["code"], if amount == "1001" { "insufficient_funds" } else { "id_conflict" });
    }
    let (status, receipt) = withdraw(order(3, EUR, "400")).await;
    assert_eq!((status, &receipt["available_minor"]), (StatusCode::OK, &json!("600")));
    assert_eq!(withdraw(order(3, EUR, "400")).await, (StatusCode::OK, receipt));
    world.post("/v1/deposits", Some(&ana.token), order(4, EUR, "5000")).await;
    let (_, problem) = withdraw(order(2, EUR, "1001")).await;
    assert_eq!(problem["code"], "insufficient_funds", "a refused order has spent its id");
    let expected =
        json!([{"currency": "EUR", "available_minor": "5600", "in_play_minor": "0", "withdrawing_minor": "400"}]);
    assert_eq!(money_of(&world, &ana).await, expected);
    // A deposit and a withdrawal of one id are two orders.
    assert_eq!(withdraw(order(1, EUR, "1")).await.0, StatusCode::OK);
}

#[tokio::test]
async fn impossible_amounts_and_currencies_are_refused_and_move_nothing() {
    let world = World::new().await;
    let ana = world.guest("ana").await;
    let most = "1000000000";
    for (currency, amount, code) in [
        (EUR, "0", "bad_amount"),
        (EUR, "-5", "bad_amount"),
        (EUR, "-9223372036854775808", "bad_amount"),
        (EUR, "1000000001", "bad_amount"),
        (EUR, "9223372036854775807", "bad_amount"),
        (EUR, "9223372036854775808", "bad_body"),
        (EUR, "1.5", "bad_body"),
        (EUR, "+1", "bad_body"),
        ("XAU", "5", "bad_currency"),
        ("eur", "5", "bad_body"),
    ] {
        let (status, problem) = world.post("/v1/deposits", Some(&ana.token), order(1, currency, amount)).await;
        assert_eq!((status, &problem["code"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!(code)), "{currency} {amount}");
    }
    let (_, problem) = world.post("/v1/withdrawals", Some(&ana.token), order(1, EUR, "-1")).await;
    assert_eq!(problem["code"], "bad_amount");
    assert_eq!(money_of(&world, &ana).await, json!([]));
    let (status, _) = world.post("/v1/deposits", Some(&ana.token), order(1, EUR, most)).await;
    assert_eq!(status, StatusCode::OK, "the id is still free, and the most allowed is allowed");
}

#[tokio::test]
async fn a_ledger_that_has_ended_is_said_to_be_away_and_may_be_asked_again() {
    let world = World::new().await;
    let ana = world.guest("ana").await;
    world.ledger.close().await;
    let (status, problem) = world.post("/v1/deposits", Some(&ana.token), order(1, EUR, "5")).await;
    assert_eq!((status, &problem["code"]), (StatusCode::SERVICE_UNAVAILABLE, &json!("unavailable")));
    assert_eq!(problem["retryable"], true);
}
