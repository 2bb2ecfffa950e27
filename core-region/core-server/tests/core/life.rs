//! A lease from the deposit to the proof.

use fairness::{Bundle, Seed};
use money::Amount;
use serde_json::{Value, json};
use wire::subjects;
use wire::v1::core::{Close, ClosedReply};
use wire::v1::lease::CloseReason;
use wire::v1::wallet::{WalletBody, WalletEvent};

use crate::house::{Edge, Ground, Player, ask};

/// The player's wallet events as they stand on the bus.
async fn relayed(edge: &Edge, player: &Player, expect: usize) -> Vec<WalletEvent> {
    let journal = edge.bus.journal(None);
    for _ in 0..100 {
        let stored = journal.read("WALLET", &subjects::wallet(player.id), 1, 100).await.unwrap();
        if stored.len() >= expect {
            return stored.iter().map(|stored| wire::decode(&stored.payload).unwrap()).collect();
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("{expect} wallet events do not come");
}

#[tokio::test]
async fn deals_are_settled_proved_and_paid_and_a_restarted_core_knows_it_all() {
    let ground = Ground::new().await;
    let core = ground.core().await;
    let dealer = ground.dealer().await;
    let edge = Edge::at(&ground).await;
    let ana = Player::join(core.players, "ana", "10000").await;

    let terms = ana.opens(&edge, 4_000).await;
    assert_eq!(ana.money().await, ("6000".to_owned(), "4000".to_owned()));
    let bundle = format!("/v1/fairness/bundle/{}", terms.opening.lease);
    assert_eq!(ana.get(&bundle).await.1["code"], "lease_open");
    for deal in 1..=3 {
        edge.binds(&terms, ana.bets(&terms, deal, 100)).await;
    }
    let close = Close { player: ana.id, lease: terms.opening.lease, reason: CloseReason::Asked };
    let _closed: ClosedReply = edge.asks_core("close", &close).await;
    ana.awaits(&terms, "settled").await;

    let (status, history) = ana.get("/v1/history").await;
    let deals = history["deals"].as_array().unwrap();
    assert_eq!((status, deals.len()), (200, 3), "{history}");
    assert!(deals.iter().all(|deal| deal["void_code"] == Value::Null && deal["game"] == "roulette"), "{history}");
    let won: i64 = deals.iter().map(|deal| deal["win_minor"].as_str().unwrap().parse::<i64>().unwrap()).sum();
    let left = (10_000 - 300 + won).to_string();
    assert_eq!(ana.money().await, (left.clone(), "0".to_owned()));

    let (status, body) = ana.get(&bundle).await;
    assert_eq!(status, 200, "{body}");
    let proof = Bundle::from_json(body.to_string().as_bytes()).unwrap();
    assert_eq!((proof.rounds.len(), proof.close.rounds), (3, 3));
    assert_eq!(fairness::commit(&Seed::from_bytes(proof.seed)), terms.opening.commit.0);
    assert_eq!(proof.close.last_link, proof.rounds[2].link);

    let events = relayed(&edge, &ana, 4).await;
    assert_eq!(
        events.iter().map(|event| event.core_seq).collect::<Vec<_>>(),
        (1..=events.len()).map(|n| u64::try_from(n).unwrap()).collect::<Vec<_>>()
    );
    assert!(matches!(events[0].body, WalletBody::Deposited { .. }));
    assert!(matches!(events[1].body, WalletBody::LeaseFunded { .. }));
    let Some(WalletBody::Closed { returned_minor, deals: 3, .. }) = events.last().map(|event| event.body.clone())
    else {
        panic!("{events:?}")
    };
    assert_eq!(returned_minor, Amount::from_minor(4_000 - 300 + won));

    core.stop().await;
    let core = ground.core().await;
    let ana = Player { at: core.players, ..ana };
    assert_eq!(ana.money().await, (left, "0".to_owned()));
    assert_eq!(ana.get(&bundle).await, (200, body), "recomputed, and the same to the last byte");
    let token = ground.operator_token();
    let (_, summary) = ask(core.operator.unwrap(), "GET", "/v1/operator/summary", Some(&token), Value::Null).await;
    assert_eq!(summary["totals"], json!({"settled": 3, "voided": 0, "mismatches": 0, "quarantined": 0}));
    let euro = &summary["books"][0];
    assert_eq!((&euro["sum_minor"], &euro["escrow_minor"]), (&json!("0"), &json!("0")));
    assert_eq!(relayed(&edge, &ana, events.len()).await, events, "nothing is told twice");
    dealer.cancel();
    core.stop().await;
}

#[tokio::test]
async fn an_operator_ends_a_lease_whose_edge_says_nothing() {
    let ground = Ground::new().await;
    let core = ground.core().await;
    let dealer = ground.dealer().await;
    let edge = Edge::at(&ground).await;
    let bob = Player::join(core.players, "bob", "1000").await;
    let terms = bob.opens(&edge, 1_000).await;
    edge.binds(&terms, bob.bets(&terms, 1, 1_000)).await;
    let operator = core.operator.unwrap();
    let token = ground.operator_token();
    let close = format!("/v1/operator/leases/{}/close", terms.opening.lease);
    let ended = ask(operator, "POST", &close, Some(&token), Value::Null).await;
    assert_eq!(ended, (200, json!({"lease": terms.opening.lease, "deals": 1})));
    assert_eq!(ask(operator, "POST", &close, Some(&token), Value::Null).await, ended, "once more is the same");
    bob.awaits(&terms, "settled").await;
    let (_, history) = bob.get("/v1/history").await;
    let won: i64 = history["deals"][0]["win_minor"].as_str().unwrap().parse().unwrap();
    assert_eq!(bob.money().await, (won.to_string(), "0".to_owned()), "also when nothing is left");
    dealer.cancel();
    core.stop().await;
}
