//! Appending under the fence, and reading back.

use bus::{Append, AppendError, Appended, BusError, Journal};
use telemetry::Trace;

use crate::region::region;

const SUBJECT: &str = "rounds.west.0.lease";

fn message(id: &str, expected: Option<u64>, text: &str) -> Append {
    Append {
        message_id: Some(id.to_owned()),
        expected_last_subject_seq: expected,
        payload: text.to_owned().into(),
        trace: Trace::root(),
    }
}

async fn texts(journal: &Journal, from: u64, limit: usize) -> Vec<String> {
    let read = journal.read("ROUNDS_0", SUBJECT, from, limit).await.unwrap();
    read.into_iter().map(|stored| String::from_utf8(stored.payload.to_vec()).unwrap()).collect()
}

#[tokio::test]
async fn an_append_stands_with_its_trace_and_the_fence_refuses_a_second_writer() {
    let (_server, bus) = region().await;
    let journal = bus.journal(None);
    let first = message("lease/0", Some(0), "a");
    let appended = journal.append(SUBJECT, first.clone()).await.unwrap();
    assert!(!appended.duplicate);

    let last = journal.last("ROUNDS_0", SUBJECT).await.unwrap().unwrap();
    assert_eq!((last.seq, last.payload.as_ref(), last.trace), (appended.seq, b"a".as_slice(), first.trace));
    assert_eq!((last.subject.as_str(), last.message_id.as_deref()), (SUBJECT, Some("lease/0")));

    let late = journal.append(SUBJECT, message("lease/other", Some(0), "b")).await;
    assert!(matches!(late, Err(AppendError::WrongLast { expected: 0, .. })), "{late:?}");
    journal.append(SUBJECT, message("lease/1", Some(appended.seq), "b")).await.unwrap();
    assert_eq!(texts(&journal, 1, 10).await, ["a", "b"]);
}

#[tokio::test]
async fn a_message_sent_again_is_stored_once_even_after_the_server_was_killed() {
    let (mut server, bus) = region().await;
    let journal = bus.journal(None);
    let first = journal.append(SUBJECT, message("lease/0", Some(0), "a")).await.unwrap();
    server.restart().await.unwrap();
    let again = append_when_back(&journal).await;
    assert_eq!((again.seq, again.duplicate), (first.seq, true));
    let fenced = journal.append(SUBJECT, message("lease/0", Some(0), "a")).await;
    assert!(matches!(fenced, Err(AppendError::WrongLast { .. })), "{fenced:?}");
    assert_eq!(texts(&journal, 1, 10).await, ["a"]);
}

#[tokio::test]
async fn an_id_that_is_known_hides_another_message_so_the_caller_has_to_compare() {
    let (_server, bus) = region().await;
    let journal = bus.journal(None);
    journal.append(SUBJECT, message("lease/0", Some(0), "a")).await.unwrap();
    let other = journal.append(SUBJECT, message("lease/0", None, "b")).await.unwrap();
    assert!(other.duplicate);
    assert_eq!(texts(&journal, 1, 10).await, ["a"]);
}

#[tokio::test]
async fn reading_goes_on_over_pages_from_any_sequence_and_one_subject_only() {
    let (_server, bus) = region().await;
    let journal = bus.journal(None);
    let mut last = 0;
    for number in 0..1_100 {
        let appended = journal.append(SUBJECT, message(&format!("lease/{number}"), None, &number.to_string())).await;
        last = appended.unwrap().seq;
        if number == 0 {
            journal.append("rounds.west.0.neighbour", message("n/0", None, "x")).await.unwrap();
        }
    }
    let all = texts(&journal, 1, 5_000).await;
    assert_eq!(all, (0..1_100).map(|number| number.to_string()).collect::<Vec<_>>());
    assert_eq!(texts(&journal, last - 1, 5_000).await, ["1098", "1099"]);
    assert_eq!(texts(&journal, 1, 700).await.len(), 700);
    assert!(texts(&journal, last + 1, 10).await.is_empty());
    assert!(journal.read("ROUNDS_0", "rounds.west.0.nobody", 1, 10).await.unwrap().is_empty());
    assert!(journal.last("ROUNDS_0", "rounds.west.0.nobody").await.unwrap().is_none());
}

#[tokio::test]
async fn a_stream_that_is_not_there_is_named_and_an_append_to_it_changed_nothing() {
    let (_server, bus) = region().await;
    let journal = bus.journal(None);
    let read = journal.read("NOBODY", SUBJECT, 1, 10).await;
    assert!(matches!(read, Err(BusError::NotFound(_))), "{read:?}");
    let last = journal.last("NOBODY", SUBJECT).await;
    assert!(matches!(last, Err(BusError::NotFound(_))), "{last:?}");
    let append = journal.append("nobody.takes.this", message("x", None, "x")).await;
    assert!(matches!(append, Err(AppendError::Unavailable(_))), "{append:?}");
}

#[tokio::test]
async fn a_message_over_the_streams_bound_is_refused_and_the_log_stays() {
    let (_server, bus) = region().await;
    let journal = bus.journal(None);
    let append = journal.append(SUBJECT, message("big", Some(0), &"x".repeat(100_000))).await;
    assert!(matches!(append, Err(AppendError::Rejected { .. })), "{append:?}");
    let append = journal.append(SUBJECT, message("huge", Some(0), &"x".repeat(300_000))).await;
    assert!(matches!(append, Err(AppendError::TooLong(_))), "{append:?}");
    assert!(texts(&journal, 1, 10).await.is_empty());
}

#[tokio::test]
async fn a_full_stream_refuses_and_keeps_what_it_has() {
    let server = bus::testing::NatsServer::start("west").await.unwrap();
    let bus = server.connect("test").await.unwrap();
    let small =
        include_str!("../../../../nats/streams.toml").replacen("max_bytes = 1_073_741_824", "max_bytes = 20_000", 1);
    let file = bus::StreamsFile::parse(&small).unwrap();
    bus::provision(&bus, &file, &bus::Site::Region("west".parse().unwrap())).await.unwrap();
    let journal = bus.journal(None);
    let mut stored = 0;
    let full = loop {
        match journal.append(SUBJECT, message(&format!("lease/{stored}"), None, &"x".repeat(2_000))).await {
            Ok(_) => stored += 1,
            Err(error) => break error,
        }
    };
    assert!(matches!(full, AppendError::Full(_)), "{full:?}");
    assert!(stored >= 5);
    assert_eq!(texts(&journal, 1, 100).await.len(), stored);
}

#[tokio::test]
async fn without_a_server_an_append_is_unknown_and_stands_once_when_it_comes_back() {
    let (mut server, bus) = region().await;
    let journal = bus.journal(None);
    server.kill();
    let lost = journal.append(SUBJECT, message("lease/0", Some(0), "a")).await;
    assert!(matches!(lost, Err(AppendError::Unknown(_))), "{lost:?}");
    server.restart().await.unwrap();
    assert!(append_when_back(&journal).await.seq > 0);
    assert_eq!(texts(&journal, 1, 10).await, ["a"]);
}

/// The first message once more, without its fence, until the server is there.
async fn append_when_back(journal: &Journal) -> Appended {
    loop {
        match journal.append(SUBJECT, message("lease/0", None, "a")).await {
            Ok(again) => return again,
            Err(AppendError::Unknown(_) | AppendError::Unavailable(_)) => {}
            Err(other) => panic!("{other}"),
        }
    }
}
