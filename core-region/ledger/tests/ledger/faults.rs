//! A store that fails at every point of an append, and a ledger that never guesses.

use std::sync::Arc;
use std::time::Duration;

use ledger::{Fault, Halt, Ledger, Memory, Options, State, SubmitError, Unit, verify};

use crate::support::*;

#[tokio::test(start_paused = true)]
async fn a_lost_answer_is_found_out_and_the_caller_told_once() {
    for fault in [Fault::BeforeCommit, Fault::AfterCommit] {
        let store = Memory::new(0);
        let ledger = open(Arc::new(store.clone())).await;
        store.inject(fault);
        store.inject(fault);
        store.inject(Fault::HeadUnreadable);
        assert!(!applied(&ledger, vec![deposit(1, 1, 10)]).await.replayed, "{fault:?}");
        assert!(applied(&ledger, vec![deposit(1, 1, 10)]).await.replayed);
        applied(&ledger, vec![deposit(2, 1, 10)]).await;
        assert_eq!(ledger.balance(&cash(1)), eur(20));
        assert_eq!(verify::replay(&store).await.unwrap().transfers, 2);
    }
}

#[tokio::test(start_paused = true)]
async fn a_ledger_killed_between_commit_and_reply_has_the_transfer_when_it_is_back() {
    for (fault, held) in [(Fault::AfterCommit, true), (Fault::BeforeCommit, false)] {
        let store = Memory::new(0);
        let ledger = open(Arc::new(store.clone())).await;
        store.inject(fault);
        (0..50).for_each(|_| store.inject(Fault::HeadUnreadable));
        let answer = ledger.submit_within(Unit::of(deposit(1, 1, 10)), Duration::from_millis(100)).await;
        assert_eq!(answer, Err(SubmitError::Unknown));
        ledger.close().await;
        assert_eq!(*ledger.state().borrow(), State::Halted(Halt::Closed));
        assert_eq!(ledger.submit(Unit::of(deposit(2, 1, 1))).await, Err(SubmitError::Halted(Halt::Closed)));
        let back = open(Arc::new(store.clone())).await;
        assert_eq!(applied(&back, vec![deposit(1, 1, 10)]).await.replayed, held);
        assert_eq!(back.balance(&cash(1)), eur(10));
    }
}

#[tokio::test(start_paused = true)]
async fn a_store_that_is_away_fills_the_queue_and_then_callers_are_told_to_come_back() {
    let store = Memory::new(0);
    let options = Options { queue_units: 4, ..Options::default() };
    let ledger = Ledger::open(Arc::new(store.clone()), manual(), options).await.unwrap();
    (0..10).for_each(|_| store.inject(Fault::BeforeCommit));
    let submits = (0..20).map(|n| ledger.submit_within(Unit::of(deposit(n, 1, 1)), Duration::from_secs(60)));
    let answers = futures::future::join_all(submits).await;
    let busy = answers.iter().filter(|answer| **answer == Err(SubmitError::Busy)).count();
    let done = answers.iter().filter(|answer| answer.is_ok()).count();
    assert!(busy >= 10 && done >= 4 && busy + done == 20, "{busy} busy, {done} done");
    assert_eq!(ledger.balance(&cash(1)), eur(i64::try_from(done).unwrap()));
}

#[tokio::test(start_paused = true)]
async fn closing_carries_out_what_is_in_the_queue() {
    let store = Memory::new(0);
    let ledger = open(Arc::new(store.clone())).await;
    let submits = (0..500).map(|n| ledger.submit(Unit::of(deposit(n, 1, 1))));
    let closing = async {
        tokio::task::yield_now().await;
        ledger.close().await;
    };
    let (answers, ()) = tokio::join!(futures::future::join_all(submits), closing);
    assert!(answers.iter().all(|answer| answer.as_ref().is_ok_and(|reply| reply.applied().is_some())));
    assert_eq!(verify::replay(&store).await.unwrap().transfers, 500);
}

#[tokio::test(start_paused = true)]
async fn a_ledger_whose_last_handle_is_gone_ends_by_itself() {
    let ledger = open(Arc::new(Memory::new(0))).await;
    applied(&ledger, vec![deposit(1, 1, 1)]).await;
    let mut state = ledger.state();
    drop(ledger);
    let halted = state.wait_for(|state| *state == State::Halted(Halt::Closed)).await.map(|_| ());
    assert!(halted.is_ok());
}

#[tokio::test(start_paused = true)]
async fn of_two_writers_on_one_log_the_second_to_append_is_fenced() {
    let store = Memory::new(0);
    let (one, two) = (open(Arc::new(store.clone())).await, open(Arc::new(store.clone())).await);
    applied(&one, vec![deposit(1, 1, 10)]).await;
    let fenced = two.submit(Unit::of(deposit(2, 1, 10))).await;
    assert_eq!(fenced, Err(SubmitError::Halted(Halt::Fenced)));
    applied(&one, vec![deposit(3, 1, 10)]).await;
    assert_eq!(*two.state().borrow(), State::Halted(Halt::Fenced));
    let third = open(Arc::new(store.clone())).await;
    assert!(!applied(&third, vec![deposit(2, 1, 10)]).await.replayed);
    assert_eq!(one.submit(Unit::of(deposit(4, 1, 1))).await, Err(SubmitError::Halted(Halt::Fenced)));
    assert_eq!(verify::replay(&store).await.unwrap().transfers, 3);
}

#[tokio::test(start_paused = true)]
async fn an_append_that_landed_under_another_writers_batch_counts_and_the_next_is_fenced() {
    let store = Memory::new(0);
    let one = open(Arc::new(store.clone())).await;
    store.inject(Fault::AfterCommit);
    (0..3).for_each(|_| store.inject(Fault::HeadUnreadable));
    let other = async {
        tokio::time::sleep(Duration::from_millis(15)).await;
        let two = open(Arc::new(store.clone())).await;
        applied(&two, vec![deposit(2, 1, 5)]).await
    };
    let (first, _) = tokio::join!(one.submit(Unit::of(deposit(1, 1, 10))), other);
    assert!(first.unwrap().applied().is_some());
    assert_eq!(one.submit(Unit::of(deposit(3, 1, 1))).await, Err(SubmitError::Halted(Halt::Fenced)));
    assert_eq!(verify::replay(&store).await.unwrap().batches, 2);
}
