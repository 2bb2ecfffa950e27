//! The bounded queue of frames to one connection.
//!
//! Everything that a player is sent goes through it, so frames have one order and the cursor can be written in that order.
//! A full queue never blocks a deal: the connection is marked slow, and its owner cuts it off with its cursor.

use ids::LeaseId;
use telemetry::Timer;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use wire::v1::client::ServerBody;

/// One frame before its cursor is known.
#[derive(Debug)]
pub struct Push {
    /// The client's frame that it answers.
    pub re: Option<u32>,
    /// The trace that logs name.
    pub trace: Option<String>,
    /// Where the client stands after it, when that does not follow from the frame alone.
    pub moves: Moves,
    /// When the client's frame came in, for a deal's answer.
    pub since: Option<Timer>,
    /// What it says.
    pub body: ServerBody,
}

impl From<ServerBody> for Push {
    fn from(body: ServerBody) -> Self {
        Self { re: None, trace: None, moves: Moves::default(), since: None, body }
    }
}

/// Parts of a cursor that a frame sets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Moves {
    /// The lease, and its last deal handled.
    pub lease: Option<(LeaseId, u64)>,
    /// The last wallet event handled.
    pub core_seq: Option<u64>,
}

/// Who asked, and with which frame: what an answer is addressed by.
#[derive(Clone, Debug)]
pub struct Asker {
    /// The player of the connection's token.
    pub player: ids::PlayerId,
    /// Its connection.
    pub outlet: Outlet,
    /// The frame's number.
    pub re: u32,
    /// The frame's trace.
    pub trace: telemetry::Trace,
    /// When the frame came in.
    pub since: Timer,
}

impl Asker {
    /// Answers the frame with `body`.
    pub fn answer(&self, body: ServerBody) {
        self.outlet.push(self.addressed(body));
    }

    /// `body` as the answer to the frame.
    pub(crate) fn addressed(&self, body: ServerBody) -> Push {
        let trace = Some(self.trace.trace_id());
        Push { re: Some(self.re), trace, since: Some(self.since), ..Push::from(body) }
    }
}

/// The sending end.
#[derive(Clone, Debug)]
pub struct Outlet {
    connection: u64,
    queue: mpsc::Sender<Vec<Push>>,
    slow: CancellationToken,
}

impl Outlet {
    /// A queue of `capacity` entries for the connection numbered `connection`.
    #[must_use]
    pub fn bounded(connection: u64, capacity: usize) -> (Self, mpsc::Receiver<Vec<Push>>) {
        let (queue, frames) = mpsc::channel(capacity.max(1));
        (Self { connection, queue, slow: CancellationToken::new() }, frames)
    }

    /// The connection's number, unique in the process.
    #[must_use]
    pub fn connection(&self) -> u64 {
        self.connection
    }

    /// Cancelled once a frame did not fit.
    #[must_use]
    pub fn slow(&self) -> &CancellationToken {
        &self.slow
    }

    /// Queues one frame.
    pub fn push(&self, push: impl Into<Push>) {
        self.push_all(vec![push.into()]);
    }

    /// Queues frames that belong together, as one entry: what a client missed is never too much for the queue.
    pub fn push_all(&self, pushes: Vec<Push>) {
        if self.slow.is_cancelled() || pushes.is_empty() {
            return;
        }
        if let Err(mpsc::error::TrySendError::Full(_)) = self.queue.try_send(pushes) {
            self.slow.cancel();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_reader_that_does_not_read_is_marked_slow_and_gets_a_prefix_of_the_frames() {
        let (outlet, mut frames) = Outlet::bounded(1, 2);
        for sent_ms in 0..5 {
            outlet.push(ServerBody::Pong { sent_ms });
        }
        assert!(outlet.slow().is_cancelled());
        let mut seen = Vec::new();
        while let Ok(batch) = frames.try_recv() {
            seen.extend(batch.into_iter().map(|push| push.body));
        }
        assert_eq!(seen, [ServerBody::Pong { sent_ms: 0 }, ServerBody::Pong { sent_ms: 1 }]);
        outlet.push(ServerBody::Pong { sent_ms: 9 });
        assert!(frames.try_recv().is_err(), "nothing follows a gap");
    }

    #[tokio::test]
    async fn frames_that_belong_together_take_one_place() {
        let (outlet, mut frames) = Outlet::bounded(1, 1);
        outlet.push_all((0..1_000).map(|sent_ms| ServerBody::Pong { sent_ms }.into()).collect());
        assert!(!outlet.slow().is_cancelled());
        assert_eq!(frames.recv().await.unwrap().len(), 1_000);
    }
}
