//! What keeps a core from starting, and what ends it.

use std::time::Duration;

use core_server::start;
use ledger::Halt;
use serde_json::{Value, json};
use sqlx::Executor;
use telemetry::Metrics;

use crate::house::{Ground, Player, ask};

async fn refusal(ground: &Ground, config: core_server::config::Config) -> String {
    let _on = ground;
    match start(config, Metrics::detached()).await {
        Ok(_) => panic!("it started"),
        Err(error) => format!("{error:#}"),
    }
}

#[tokio::test]
async fn a_core_whose_stored_chain_was_changed_refuses_to_start() {
    let ground = Ground::new().await;
    let core = ground.core().await;
    Player::join(core.players, "ana", "10000").await;
    Player::join(core.players, "bob", "500").await;
    core.stop().await;
    // Somebody with the keys to the database pays himself: an old row and the balances agree, the chain does not.
    let pool = ground.database.pool();
    for statement in [
        "ALTER TABLE ledger_transfers DISABLE TRIGGER USER",
        "UPDATE ledger_transfers SET amount = amount + 1, debit_balance = debit_balance - 1, \
         credit_balance = credit_balance + 1 WHERE seq = 1",
        "UPDATE ledger_accounts SET balance = balance + CASE WHEN id = 1 THEN 1 ELSE 0 END",
    ] {
        pool.execute(statement).await.unwrap();
    }
    let why = refusal(&ground, ground.config()).await;
    assert!(why.contains("does not verify") && why.contains("batch 1"), "{why}");
}

#[tokio::test]
async fn a_port_in_use_a_missing_file_and_a_lost_key_are_named() {
    let ground = Ground::new().await;
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let mut config = ground.config();
    config.ops_listen = taken.local_addr().unwrap();
    let why = refusal(&ground, config).await;
    assert!(why.contains(&taken.local_addr().unwrap().to_string()), "{why}");

    let mut config = ground.config();
    config.games_dir = ground.file("nowhere");
    let why = refusal(&ground, config).await;
    assert!(why.contains("roulette"), "{why}");

    let mut config = ground.config();
    config.database_url_file = ground.file("no.url");
    assert!(refusal(&ground, config).await.contains("no.url"));

    let core = ground.core().await;
    Player::join(core.players, "ana", "100").await;
    core.stop().await;
    std::fs::remove_file(ground.file("secrets/seeds.key")).unwrap();
    let why = refusal(&ground, ground.config()).await;
    assert!(why.contains("seeds.key") && why.contains("not empty"), "{why}");
}

#[tokio::test]
async fn a_core_that_another_one_has_fenced_ends_and_loses_nothing() {
    let ground = Ground::new().await;
    let first = ground.core().await;
    let ana = Player::join(first.players, "ana", "100").await;
    let second = ground.core().await;
    let order = |n: u32| {
        let id = format!("0190aaaa-0000-7000-8000-{n:012}");
        json!({"id": id, "currency": "EUR", "amount_minor": "50"})
    };
    let token = Some(ana.token.as_str());
    let (status, _) = ask(second.players, "POST", "/v1/deposits", token, order(2)).await;
    assert_eq!(status, 200);
    let (status, problem) = ask(first.players, "POST", "/v1/deposits", token, order(3)).await;
    assert_eq!((status, &problem["code"]), (503, &json!("unavailable")), "{problem}");
    let halt = tokio::time::timeout(Duration::from_secs(5), first.halted()).await.unwrap();
    assert_eq!(halt, Halt::Fenced);
    let (status, ready) = ask(first.ops, "GET", "/readyz", None, Value::Null).await;
    assert_eq!((status, &ready["missing"]), (503, &json!(["ledger"])));
    first.stop().await;
    let (status, _) = ask(second.players, "POST", "/v1/deposits", token, order(3)).await;
    assert_eq!(status, 200, "the order that was refused is sent again");
    let ana = Player { at: second.players, ..ana };
    assert_eq!(ana.money().await.0, "200");
    second.stop().await;
}

#[tokio::test]
async fn readiness_names_a_bus_that_went_away_and_forgets_it_when_it_is_back() {
    let mut ground = Ground::new().await;
    let core = ground.core().await;
    let ready = async |expect: u16, missing: Value| {
        for _ in 0..200 {
            let (status, body) = ask(core.ops, "GET", "/readyz", None, Value::Null).await;
            if (status, &body["missing"]) == (expect, &missing) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("never {expect} {missing}");
    };
    ready(200, json!([])).await;
    ground.nats.kill();
    ready(503, json!(["bus"])).await;
    let ana = Player::join(core.players, "ana", "100").await;
    assert_eq!(ana.money().await.0, "100", "money does not need the bus");
    ground.nats.restart().await.unwrap();
    ready(200, json!([])).await;
    core.stop().await;
}
