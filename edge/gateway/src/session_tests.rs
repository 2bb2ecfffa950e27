//! The reading half: what a client may send, how fast, and what it is told.

use clock::ManualClock;
use wire::v1::client::MAX_CLIENT_FRAME_BYTES;

use super::*;

struct Connection {
    reader: Reader,
    clock: Arc<ManualClock>,
    queue: mpsc::Receiver<Vec<Push>>,
    jobs: mpsc::Receiver<Job>,
}

fn connection(frames_per_second: u32, frames_burst: u32) -> Connection {
    let options =
        Options { allowed_origins: vec![], max_connections: 1, frames_per_second, frames_burst, queue: 1_024 };
    let clock = Arc::new(ManualClock::at(0));
    let (outlet, queue) = Outlet::bounded(1, options.queue);
    let (sender, jobs) = mpsc::channel(limits::WAITING_FRAMES);
    let player = ids::PlayerId::from_bytes([1; 16]);
    let shared: SharedClock = clock.clone();
    let reader = Reader::new(&options, shared, player, outlet, sender);
    Connection { reader, clock, queue, jobs }
}

impl Connection {
    fn send(&mut self, message: Message) -> Result<Duration, End> {
        self.reader.handle(frames::read(&message))
    }

    /// The next answer: its number, and its refusal if it is one.
    fn answer(&mut self) -> (Option<u32>, Option<RefusalCode>) {
        let push = self.queue.try_recv().unwrap().pop().unwrap();
        match push.body {
            ServerBody::Refused(refusal) => (push.re, Some(refusal.code)),
            _ => (push.re, None),
        }
    }
}

fn ping(re: u32) -> Message {
    Message::text(format!(r#"{{"ref":{re},"body":{{"ping":{{"sent_ms":1}}}}}}"#))
}

fn close(re: u32) -> Message {
    let lease = "00000000-0000-7000-8000-000000000001";
    Message::text(format!(r#"{{"ref":{re},"body":{{"close":{{"lease":"{lease}"}}}}}}"#))
}

#[test]
fn a_ping_is_answered_at_once_and_work_is_queued_in_order() {
    let mut connection = connection(100, 100);
    for message in [close(1), ping(2), close(3)] {
        assert_eq!(connection.send(message), Ok(Duration::ZERO));
    }
    assert_eq!(connection.answer(), (Some(2), None));
    let order: Vec<u32> = std::iter::from_fn(|| connection.jobs.try_recv().ok()).map(|job| job.asker.re).collect();
    assert_eq!(order, [1, 3]);
}

#[test]
fn bad_frames_are_refused_with_their_number_and_the_next_good_one_is_answered() {
    let mut connection = connection(100, 100);
    let oversize = format!(r#"{{"ref":9,"body":{{"ping":{{"sent_ms":1}}}}{}}}"#, " ".repeat(MAX_CLIENT_FRAME_BYTES));
    let hello = r#"{"ref":8,"body":{"hello":{"token":"x"}}}"#;
    let cases = [
        (Message::text(oversize), (Some(9), RefusalCode::TooLong)),
        (Message::text(hello), (Some(8), RefusalCode::Malformed)),
        (Message::text(r#"{"ref":7,"body":{"play":{}}}"#), (Some(7), RefusalCode::Malformed)),
        (Message::binary(vec![0; 10]), (None, RefusalCode::Malformed)),
    ];
    for (message, (re, code)) in cases {
        assert_eq!(connection.send(message), Ok(Duration::ZERO));
        assert_eq!(connection.answer(), (re, Some(code)));
    }
    connection.send(ping(1)).unwrap();
    assert_eq!(connection.answer(), (Some(1), None));
    assert!(connection.jobs.try_recv().is_err(), "nothing came of the refused ones");
}

#[test]
fn a_client_that_only_sends_noise_is_ended() {
    let mut connection = connection(1_000, 1_000);
    let noise = || Message::text("noise");
    for _ in 0..limits::STRIKES {
        assert!(connection.send(noise()).is_ok());
    }
    assert_eq!(connection.send(noise()), Err(End::Protocol));
}

#[test]
fn too_many_frames_a_second_are_refused_and_read_more_slowly() {
    let mut connection = connection(10, 2);
    assert_eq!([1, 2].map(|re| connection.send(ping(re))), [Ok(Duration::ZERO), Ok(Duration::ZERO)]);
    assert_eq!(connection.send(close(3)), Ok(limits::TOO_FAST_PAUSE));
    connection.clock.advance(100);
    assert_eq!(connection.send(ping(4)), Ok(Duration::ZERO));
    let answers: Vec<_> = (0..4).map(|_| connection.answer()).collect();
    assert_eq!(answers, [(Some(1), None), (Some(2), None), (Some(3), Some(RefusalCode::TooFast)), (Some(4), None)]);
    assert!(connection.jobs.try_recv().is_err());
}

#[test]
fn frames_that_wait_for_work_are_bounded() {
    let mut connection = connection(1_000, 1_000);
    let most = u32::try_from(limits::WAITING_FRAMES).unwrap();
    for re in 0..=most {
        connection.send(close(re)).unwrap();
    }
    assert_eq!(connection.answer(), (Some(most), Some(RefusalCode::TooFast)));
}
