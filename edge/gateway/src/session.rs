//! One connection from hello to goodbye: a reader, a worker and a writer, side by side in one task.
//!
//! The reader decodes and answers what needs no work; the worker takes frames one after the other; the writer sends what is
//! queued. Whichever ends first ends the connection. Deals under way are finished by `play` without it.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{Message, WebSocket};
use clock::SharedClock;
use futures::{Stream, StreamExt};
use play::{Asker, Outlet, Push};
use telemetry::{Timer, Trace, names};
use tokio::sync::mpsc;
use wire::v1::client::{ClientBody, ServerBody};
use wire::v1::{Refusal, RefusalCode};

use crate::accept::{self, Hello, NoHello};
use crate::backpressure::Writer;
use crate::frames::{self, Read};
use crate::limits;
use crate::rate::Bucket;
use crate::seats::End;
use crate::server::{Gateway, Options};
use crate::work::{Job, work};

/// Serves a connection until it ends.
pub(crate) async fn serve(gateway: Arc<Gateway>, socket: WebSocket) {
    metrics::gauge!(names::CONNECTIONS).increment(1.0);
    let (sink, mut stream) = socket.split();
    let mut writer = Writer::new(sink);
    let clock = Arc::clone(gateway.clock());
    let hello = accept::hello(&mut stream, gateway.tokens(), || clock.now_ms(), limits::HELLO_WITHIN).await;
    match hello.and_then(|hello| admitted(&gateway, hello)) {
        Ok(hello) => {
            writer.stand_at(hello.cursor);
            session(&gateway, hello, stream, writer).await;
        }
        Err(NoHello { re, refusal, end }) => {
            if let Some(refusal) = refusal {
                let push = Push { re, ..ServerBody::Refused(refusal).into() };
                let _ = writer.write(vec![push]).await;
            }
            writer.close(end, None).await;
        }
    }
    metrics::gauge!(names::CONNECTIONS).decrement(1.0);
}

fn admitted(gateway: &Gateway, hello: Hello) -> Result<Hello, NoHello> {
    if gateway.play().is_draining() {
        let refusal = Some(RefusalCode::Draining.into());
        return Err(NoHello { re: Some(hello.re), refusal, end: End::Draining });
    }
    Ok(hello)
}

async fn session(
    gateway: &Arc<Gateway>,
    hello: Hello,
    stream: impl Stream<Item = Result<Message, axum::Error>> + Unpin,
    mut writer: Writer<impl futures::Sink<Message, Error = axum::Error> + Unpin>,
) {
    let player = hello.bearer.player;
    let (outlet, mut queue) = Outlet::bounded(gateway.next_connection(), gateway.options().queue);
    let seat = gateway.seats().take(player, outlet.clone());
    tracing::debug!(%player, session = %hello.bearer.session, connection = outlet.connection(), "player connected");
    let (jobs, waiting) = mpsc::channel(limits::WAITING_FRAMES);
    let reader = Reader::new(gateway.options(), Arc::clone(gateway.clock()), player, outlet.clone(), jobs);
    let arriving = reader.asker(hello.re);
    let slow = outlet.slow().clone();
    let end = tokio::select! {
        biased;
        end = seat.ended() => end,
        () = slow.cancelled() => End::Slow,
        end = writer.run(&mut queue) => end,
        () = work(gateway.play(), arriving, hello.cursor, waiting) => End::Gone,
        end = reader.run(stream) => end,
    };
    gateway.play().disconnect(player, outlet.connection());
    gateway.seats().leave(player, outlet.connection());
    if end == End::Slow {
        metrics::counter!(names::SLOW_CONSUMERS).increment(1);
    }
    tracing::debug!(%player, connection = outlet.connection(), ?end, "player disconnected");
    // A slow reader's queue is what it does not read: it resumes from its cursor instead.
    writer.close(end, (end != End::Slow).then_some(queue)).await;
}

/// The reading half.
struct Reader {
    clock: SharedClock,
    player: ids::PlayerId,
    outlet: Outlet,
    jobs: mpsc::Sender<Job>,
    bucket: Bucket,
    strikes: u32,
}

impl Reader {
    fn new(
        options: &Options,
        clock: SharedClock,
        player: ids::PlayerId,
        outlet: Outlet,
        jobs: mpsc::Sender<Job>,
    ) -> Self {
        let bucket = Bucket::full(options.frames_per_second, options.frames_burst, clock.monotonic());
        Self { clock, player, outlet, jobs, bucket, strikes: 0 }
    }

    fn asker(&self, re: u32) -> Asker {
        let (player, outlet) = (self.player, self.outlet.clone());
        Asker { player, outlet, re, trace: Trace::root(), since: Timer::start() }
    }

    async fn run(mut self, mut stream: impl Stream<Item = Result<Message, axum::Error>> + Unpin) -> End {
        loop {
            let message = match tokio::time::timeout(limits::SILENCE, stream.next()).await {
                Ok(Some(Ok(message))) => message,
                // A message over the socket's own bound breaks the stream: it can be told, but not read past.
                Ok(Some(Err(error))) => return self.broken(&error),
                Ok(None) | Err(_) => return End::Gone,
            };
            let read = frames::read(&message);
            if matches!(read, Read::End) {
                return End::Gone;
            }
            match self.handle(read) {
                Ok(pause) if pause.is_zero() => {}
                Ok(pause) => tokio::time::sleep(pause).await,
                Err(end) => return end,
            }
        }
    }

    /// # Errors
    /// Why the connection ends.
    fn handle(&mut self, read: Read) -> Result<Duration, End> {
        if matches!(read, Read::Probe | Read::End) {
            return Ok(Duration::ZERO);
        }
        if !self.bucket.take(self.clock.monotonic()) {
            self.refuse(number(&read), RefusalCode::TooFast.into());
            return Ok(limits::TOO_FAST_PAUSE);
        }
        match read {
            Read::Refused { re, refusal } => {
                self.refuse(re, refusal);
                self.strikes = self.strikes.saturating_add(1);
                if self.strikes > limits::STRIKES { Err(End::Protocol) } else { Ok(Duration::ZERO) }
            }
            Read::Frame(frame) => {
                let asker = self.asker(frame.reference);
                match frame.body {
                    ClientBody::Ping { sent_ms } => asker.answer(ServerBody::Pong { sent_ms }),
                    ClientBody::Hello { .. } => {
                        self.refuse(Some(asker.re), RefusalCode::Malformed.because("hello comes once, and first"));
                    }
                    body => {
                        if let Err(full) = self.jobs.try_send(Job { asker, body }) {
                            let re = full.into_inner().asker.re;
                            self.refuse(Some(re), RefusalCode::TooFast.because("too many frames wait for an answer"));
                        }
                    }
                }
                Ok(Duration::ZERO)
            }
            Read::Probe | Read::End => Ok(Duration::ZERO),
        }
    }

    fn refuse(&self, re: Option<u32>, refusal: Refusal) {
        self.outlet.push(Push { re, ..ServerBody::Refused(refusal).into() });
    }

    fn broken(&self, error: &axum::Error) -> End {
        tracing::debug!(player = %self.player, %error, "unreadable message");
        self.refuse(None, RefusalCode::TooLong.because("the message can't be read"));
        End::Protocol
    }
}

fn number(read: &Read) -> Option<u32> {
    match read {
        Read::Frame(frame) => Some(frame.reference),
        Read::Refused { re, .. } => *re,
        Read::Probe | Read::End => None,
    }
}

#[cfg(test)]
#[path = "session_tests.rs"]
mod tests;
