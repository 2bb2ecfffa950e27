//! Working a stream off in order, whatever is lost on the way.

use std::time::Duration;

use bus::{Append, Bus, ConsumeOptions, Consumer};
use telemetry::Trace;

use crate::region::region;

const WAIT: Duration = Duration::from_millis(500);

async fn fill(bus: &Bus, from: u32, to: u32) {
    let journal = bus.journal(None);
    for number in from..to {
        let append = Append {
            message_id: Some(format!("m/{number}")),
            expected_last_subject_seq: None,
            payload: number.to_string().into(),
            trace: Trace::root(),
        };
        journal.append(&format!("rounds.west.0.lease-{}", number % 3), append).await.unwrap();
    }
}

async fn consumer(bus: &Bus) -> Consumer {
    let options = ConsumeOptions { domain: None, stream: "ROUNDS_0".into(), durable: "settle".into(), filter: None };
    bus.consume(options).await.unwrap()
}

fn numbers(batch: &bus::Batch) -> Vec<u32> {
    batch.messages.iter().map(|stored| std::str::from_utf8(&stored.payload).unwrap().parse().unwrap()).collect()
}

#[tokio::test]
async fn batches_come_in_order_and_what_was_acknowledged_never_again() {
    let (_server, bus) = region().await;
    fill(&bus, 0, 25).await;
    let mut settle = consumer(&bus).await;
    let first = settle.next_batch(10, WAIT).await.unwrap();
    assert_eq!((numbers(&first), first.pending), ((0..10).collect(), 15));
    first.ack().await.unwrap();
    let second = settle.next_batch(10, WAIT).await.unwrap();
    assert_eq!(numbers(&second), (10..20).collect::<Vec<_>>());
    second.ack().await.unwrap();
    drop(settle);
    let mut settle = consumer(&bus).await;
    let third = settle.next_batch(10, WAIT).await.unwrap();
    assert_eq!(numbers(&third), (20..25).collect::<Vec<_>>());
    third.ack().await.unwrap();
    assert!(settle.next_batch(10, Duration::from_millis(50)).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_waiting_consumer_gets_a_message_when_it_comes() {
    let (_server, bus) = region().await;
    let mut settle = consumer(&bus).await;
    let late = async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        fill(&bus, 0, 1).await;
    };
    let (batch, ()) = tokio::join!(settle.next_batch(10, Duration::from_secs(10)), late);
    assert_eq!(numbers(&batch.unwrap()), [0]);
}

#[tokio::test]
async fn a_consumer_that_crashed_before_acknowledging_gets_the_same_again_at_once() {
    let (_server, bus) = region().await;
    fill(&bus, 0, 12).await;
    let mut settle = consumer(&bus).await;
    settle.next_batch(4, WAIT).await.unwrap().ack().await.unwrap();
    let lost = settle.next_batch(4, WAIT).await.unwrap();
    assert_eq!(numbers(&lost), [4, 5, 6, 7]);
    drop((lost, settle));
    let mut settle = consumer(&bus).await;
    let again = settle.next_batch(100, WAIT).await.unwrap();
    assert_eq!(numbers(&again), (4..12).collect::<Vec<_>>());
    again.ack().await.unwrap();
}

#[tokio::test]
async fn a_batch_given_back_comes_again_before_anything_younger_and_not_too_soon() {
    let (_server, bus) = region().await;
    fill(&bus, 0, 6).await;
    let mut settle = consumer(&bus).await;
    let given = settle.next_batch(3, WAIT).await.unwrap();
    let timer = telemetry::Timer::start();
    given.nak_later(Duration::from_millis(200));
    let again = settle.next_batch(100, WAIT).await.unwrap();
    assert_eq!(numbers(&again), (0..6).collect::<Vec<_>>());
    assert!(timer.elapsed() >= Duration::from_millis(200));
}

#[tokio::test]
async fn a_dropped_call_loses_and_reorders_nothing() {
    let (_server, bus) = region().await;
    let mut settle = consumer(&bus).await;
    for round in 0..10 {
        let dropped =
            tokio::time::timeout(Duration::from_micros(300 * u64::from(round)), settle.next_batch(5, WAIT)).await;
        drop(dropped);
        fill(&bus, round * 4, round * 4 + 4).await;
    }
    let mut seen = Vec::new();
    loop {
        let batch = settle.next_batch(7, Duration::from_millis(100)).await.unwrap();
        if batch.is_empty() {
            break;
        }
        seen.extend(numbers(&batch));
        batch.ack().await.unwrap();
    }
    assert_eq!(seen, (0..40).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_killed_server_reorders_nothing() {
    let (mut server, bus) = region().await;
    fill(&bus, 0, 20).await;
    let mut settle = consumer(&bus).await;
    let mut seen = numbers(&settle.next_batch(5, WAIT).await.unwrap());
    server.restart().await.unwrap();
    fill_when_back(&bus).await;
    while seen.len() < 21 || seen.last() != Some(&20) {
        match settle.next_batch(5, WAIT).await {
            Ok(batch) => {
                let more = numbers(&batch);
                // Not acknowledged before the kill: it may begin again at 0, and is in order from there.
                if more.first() == Some(&0) {
                    seen.clear();
                }
                seen.extend(more);
                batch.ack().await.ok();
            }
            Err(error) => assert!(error.is_retryable(), "{error}"),
        }
    }
    assert_eq!(seen, (0..21).collect::<Vec<_>>());
}

async fn fill_when_back(bus: &Bus) {
    let journal = bus.journal(None);
    let append = Append {
        message_id: Some("m/20".into()),
        expected_last_subject_seq: None,
        payload: "20".into(),
        trace: Trace::root(),
    };
    while journal.append("rounds.west.0.lease-2", append.clone()).await.is_err() {}
}
