//! The real store under fire: races, a second writer, connections cut at any moment, hands off the log.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use ids::TransferId;
use ledger::{Halt, Ledger, Reason, Store, SubmitError, Unit, UnitReply, verify};
use tokio_util::task::TaskTracker;

use crate::support::*;

#[tokio::test(flavor = "multi_thread")]
async fn of_a_thousand_racing_withdrawals_of_everything_one_wins() {
    let database = Database::new().await;
    let ledger = open(database.store.clone()).await;
    applied(&ledger, vec![deposit(0, 1, 777)]).await;
    let tasks = TaskTracker::new();
    let racers: Vec<_> = (1..=1_000)
        .map(|n| {
            let ledger = ledger.clone();
            tasks.spawn(async move { ledger.submit(Unit::of(withdraw(n, 1, 777))).await.unwrap() })
        })
        .collect();
    let mut wins = 0;
    for racer in racers {
        match racer.await.unwrap() {
            UnitReply::Applied(_) => wins += 1,
            UnitReply::Rejected(no) => assert_eq!((no.reason, no.is_final), (Reason::InsufficientFunds, true)),
        }
    }
    assert_eq!((wins, ledger.balance(&cash(1))), (1, eur(0)));
    assert_eq!(verify::replay(database.store.as_ref()).await.unwrap().transfers, 1_001);
}

/// Submits `range` one after the other, again while the outcome is unknown; returns the ids that were applied and those that a halted writer did not apply.
async fn feed(ledger: Ledger, range: std::ops::Range<u64>) -> (Vec<TransferId>, Vec<TransferId>) {
    let (mut done, mut not_done) = (Vec::new(), Vec::new());
    for n in range {
        let answer = loop {
            match ledger.submit(Unit::of(deposit(n, 1, 1))).await {
                Err(SubmitError::Unknown) => {}
                answer => break answer,
            }
        };
        match answer {
            Ok(UnitReply::Applied(_)) => done.push(id(n)),
            Err(SubmitError::Halted(Halt::Fenced)) => not_done.push(id(n)),
            other => panic!("{other:?}"),
        }
    }
    (done, not_done)
}

#[tokio::test(flavor = "multi_thread")]
async fn with_two_writers_at_work_no_success_is_lost_doubled_or_invented() {
    let database = Database::new().await;
    let (one, two) = (open(database.store.clone()).await, open(database.second_store()).await);
    let tasks = TaskTracker::new();
    let feeders: Vec<_> = (0..40_u64)
        .map(|n| tasks.spawn(feed(if n % 2 == 0 { one.clone() } else { two.clone() }, n * 100..n * 100 + 20)))
        .collect();
    let (mut done, mut not_done) = (BTreeSet::new(), BTreeSet::new());
    for feeder in feeders {
        let (mine, fenced) = feeder.await.unwrap();
        done.extend(mine);
        not_done.extend(fenced);
    }
    assert_eq!(done.len() + not_done.len(), 800);
    assert!(not_done.len() >= 400 - 20, "one of them must have been fenced early: {}", not_done.len());
    let log = database.store.read_transfers(1, 10_000).await.unwrap();
    assert_eq!(log.iter().map(|row| row.id).collect::<BTreeSet<_>>(), done);
    assert_eq!(log.len(), done.len());
    verify::replay(database.store.as_ref()).await.unwrap();
    let third = open(database.second_store()).await;
    assert_eq!(third.balance(&cash(1)), eur(i64::try_from(done.len()).unwrap()));
}

/// Cuts the writer's connection `times` times, with gaps of 6 to 102 ms: a slow machine gets something done in the long ones,
/// a fast one is met at every point of its work.
async fn cut(pool: database::Pool, times: i64) {
    let (mut cuts, mut gap) = (0, 1);
    while cuts < times {
        let cut: i64 = sqlx::query_scalar(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity \
             WHERE application_name = 'house-ledger-writer' AND datname = current_database()",
        )
        .fetch_one(&pool)
        .await
        .unwrap();
        cuts += cut;
        gap = gap % 97 + 6;
        tokio::time::sleep(std::time::Duration::from_millis(gap)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_cut_at_any_moment_lose_and_double_nothing() {
    let database = Database::new().await;
    let ledger = open(database.store.clone()).await;
    let stop = Arc::new(AtomicBool::new(false));
    let tasks = TaskTracker::new();
    let feeders: Vec<_> = (0..16_u64)
        .map(|feeder| {
            let (ledger, stop) = (ledger.clone(), stop.clone());
            tasks.spawn(async move {
                let mut sent = feeder * 1_000_000;
                while !stop.load(Ordering::SeqCst) {
                    let (done, not_done) = feed(ledger.clone(), sent..sent + 5).await;
                    assert_eq!((done.len(), not_done.len()), (5, 0));
                    sent += 5;
                }
                sent - feeder * 1_000_000
            })
        })
        .collect();
    cut(database.database.pool().clone(), 25).await;
    stop.store(true, Ordering::SeqCst);
    let mut sent = 0;
    for feeder in feeders {
        sent += feeder.await.unwrap();
    }
    assert!(sent > 0);
    assert_eq!(ledger.balance(&cash(1)), eur(i64::try_from(sent).unwrap()));
    assert_eq!(verify::replay(database.store.as_ref()).await.unwrap().transfers, sent);
}

#[tokio::test]
async fn a_restart_finds_the_same_balances_and_goes_on_with_the_same_chain() {
    let database = Database::new().await;
    let ledger = open(database.store.clone()).await;
    applied(&ledger, vec![deposit(1, 1, 100), grant(2, 1, 1, 70)]).await;
    applied(&ledger, vec![deal(3, 1, 20, 5)]).await;
    let (before, head) = (ledger.trial_balance(), database.store.load_head().await.unwrap());
    ledger.close().await;
    let back = open(database.second_store()).await;
    assert_eq!(back.trial_balance(), before);
    applied(&back, vec![deposit(4, 1, 1)]).await;
    let next = database.store.load_head().await.unwrap();
    assert_eq!((next.prev_hash, next.no, next.epoch), (head.hash, head.no + 1, head.epoch + 1));
    verify::replay(database.store.as_ref()).await.unwrap();
}

#[tokio::test]
async fn the_log_refuses_to_be_changed() {
    let database = Database::new().await;
    let ledger = open(database.store.clone()).await;
    ledger.submit(Unit { events: vec![event(1, "{}")], ..Unit::of(deposit(1, 1, 100)) }).await.unwrap();
    for statement in [
        "UPDATE ledger_transfers SET amount = 1",
        "DELETE FROM ledger_transfers",
        "TRUNCATE ledger_transfers",
        "UPDATE ledger_batches SET epoch = 9",
        "DELETE FROM ledger_batches",
        "DELETE FROM ledger_outbox",
        "DELETE FROM ledger_accounts",
    ] {
        let refused = sqlx::query(statement).execute(database.database.pool()).await.unwrap_err();
        assert!(refused.to_string().contains("append-only"), "{statement}: {refused}");
    }
}
