//! Questions, answers, and messages without an answer.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bus::testing::NatsServer;
use bus::{Bus, BusError, BusOptions, ServeOptions, reply};
use serde::{Deserialize, Serialize};
use telemetry::Trace;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use wire::v1::{RefusalCode, Reply};

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Question {
    number: u32,
}

const TIMEOUT: Duration = Duration::from_secs(5);

fn options(subject: &str, concurrency: usize) -> ServeOptions {
    ServeOptions { subject: subject.into(), queue_group: Some("core".into()), concurrency }
}

async fn doubling(bus: &Bus, tracker: &TaskTracker, cancel: &CancellationToken, most: Arc<AtomicUsize>) {
    let now = Arc::new(AtomicUsize::new(0));
    bus.serve(options("rpc.double", 4), tracker, cancel.clone(), move |incoming| {
        let (now, most) = (now.clone(), most.clone());
        async move {
            most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            let trace = incoming.trace.trace_id();
            let answer = reply(&incoming, |question: Question| async move {
                tokio::time::sleep(Duration::from_millis(5)).await;
                Reply::Done((question.number * 2, trace))
            });
            let answer = answer.await;
            now.fetch_sub(1, Ordering::SeqCst);
            answer
        }
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn many_questions_are_answered_with_their_trace_and_never_more_at_once_than_allowed() {
    let server = NatsServer::start("west").await.unwrap();
    let (asker, answerer) = (server.connect("asker").await.unwrap(), server.connect("answerer").await.unwrap());
    let (tracker, cancel, most) = (TaskTracker::new(), CancellationToken::new(), Arc::new(AtomicUsize::new(0)));
    doubling(&answerer, &tracker, &cancel, most.clone()).await;
    let questions = (0..40u32).map(|number| {
        let asker = asker.clone();
        async move {
            let trace = Trace::root();
            let answer: Reply<(u32, String)> =
                asker.request("rpc.double", &Question { number }, TIMEOUT, &trace).await.unwrap();
            assert_eq!(answer, Reply::Done((number * 2, trace.trace_id())));
        }
    });
    futures::future::join_all(questions).await;
    assert!((2..=4).contains(&most.load(Ordering::SeqCst)));
    cancel.cancel();
    tracker.close();
    tracker.wait().await;
    assert!(tokio::time::timeout(TIMEOUT, nobody_answers(&asker)).await.is_ok());
}

/// Asks until the server knows that nobody serves any more.
async fn nobody_answers(asker: &Bus) {
    let (question, trace) = (Question { number: 1 }, Trace::root());
    loop {
        match asker.request::<_, u32>("rpc.double", &question, Duration::from_millis(100), &trace).await {
            Err(BusError::NoResponders(_)) => return,
            other => assert!(matches!(other, Err(BusError::Timeout(_))), "{other:?}"),
        }
    }
}

#[tokio::test]
async fn a_malformed_question_is_refused_with_a_code() {
    let server = NatsServer::start("west").await.unwrap();
    let bus = server.connect("both").await.unwrap();
    let (tracker, cancel) = (TaskTracker::new(), CancellationToken::new());
    doubling(&bus, &tracker, &cancel, Arc::default()).await;
    let odd = serde_json::json!({ "number": 1, "colour": "red" });
    let answer: Reply<(u32, String)> = bus.request("rpc.double", &odd, TIMEOUT, &Trace::root()).await.unwrap();
    let Reply::Refused(refusal) = answer else { panic!("{answer:?}") };
    assert_eq!(refusal.code, RefusalCode::Malformed);
}

#[tokio::test]
async fn a_silent_answerer_times_out_and_that_can_be_tried_again() {
    let server = NatsServer::start("west").await.unwrap();
    let bus = server.connect("both").await.unwrap();
    let _silent = bus.subscribe("rpc.silent").await.unwrap();
    let (question, trace) = (Question { number: 1 }, Trace::root());
    let asked = bus.request::<_, u32>("rpc.silent", &question, Duration::from_millis(50), &trace);
    let error = asked.await.unwrap_err();
    assert!(matches!(error, BusError::Timeout(_)) && error.is_retryable(), "{error}");
}

#[tokio::test]
async fn a_subscription_hears_what_is_published_and_knows_of_an_interruption() {
    let mut server = NatsServer::start("west").await.unwrap();
    let bus = server.connect("both").await.unwrap();
    let mut heard = bus.subscribe("wallet.*").await.unwrap();
    let trace = Trace::root();
    bus.publish("wallet.ana", &Question { number: 7 }, &trace).await.unwrap();
    let message = heard.next().await.unwrap();
    assert_eq!((message.subject.as_str(), message.trace), ("wallet.ana", trace));
    assert_eq!(wire::decode::<Question>(&message.payload).unwrap(), Question { number: 7 });
    assert!(!heard.interrupted());

    server.restart().await.unwrap();
    loop {
        bus.publish("wallet.ana", &Question { number: 8 }, &trace).await.unwrap();
        if let Ok(message) = tokio::time::timeout(Duration::from_millis(100), heard.next()).await {
            assert_eq!(wire::decode::<Question>(&message.unwrap().payload).unwrap().number, 8);
            break;
        }
    }
    assert!(heard.interrupted());
    assert!(!heard.interrupted());
}

#[tokio::test]
async fn wrong_credentials_fail_at_once_and_a_missing_server_after_the_time_given() {
    let users = "authorization { users: [ { user: core, password: right } ] }";
    let server = NatsServer::start_with("hub", users).await.unwrap();
    let mut options = BusOptions::new(server.url(), "test");
    options.user = Some("core".into());
    options.password = Some("wrong".into());
    let refused = Bus::connect(options.clone()).await;
    assert!(matches!(refused, Err(BusError::Credentials { .. })), "{refused:?}");
    options.password = Some("right".into());
    assert!(Bus::connect(options).await.unwrap().is_connected());

    let mut nowhere = BusOptions::new("nats://127.0.0.1:1", "test");
    nowhere.connect_within = Duration::from_millis(300);
    let away = Bus::connect(nowhere).await;
    assert!(matches!(away, Err(BusError::Connect { .. })), "{away:?}");
}
