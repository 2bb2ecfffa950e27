//! The writing half of a connection: frames leave in order with their cursor; a client that does not read is cut off.
//!
//! Bounds: the queue's entries, and [`limits::WRITE_WITHIN`] for each write. Nothing is buffered beyond them.

use axum::extract::ws::{CloseFrame, Message};
use futures::{Sink, SinkExt};
use play::Push;
use telemetry::names;
use tokio::sync::mpsc;
use wire::v1::client::{Cursor, ServerBody, ServerFrame};

use crate::cursor::Standing;
use crate::frames;
use crate::limits;
use crate::seats::End;

/// A socket to write to, and where its client stands.
#[derive(Debug)]
pub(crate) struct Writer<S> {
    sink: S,
    standing: Standing,
}

impl<S: Sink<Message> + Unpin> Writer<S> {
    pub(crate) fn new(sink: S) -> Self {
        Self { sink, standing: Standing::default() }
    }

    /// Where the client says that it stands.
    pub(crate) fn stand_at(&mut self, cursor: Option<Cursor>) {
        self.standing = Standing::at(cursor);
    }

    /// Writes what is queued until the connection breaks or the client is too slow.
    pub(crate) async fn run(&mut self, queue: &mut mpsc::Receiver<Vec<Push>>) -> End {
        let mut probe = tokio::time::interval(limits::PROBE);
        probe.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        probe.reset();
        loop {
            let written = tokio::select! {
                biased;
                pushes = queue.recv() => match pushes {
                    Some(pushes) => self.write(pushes).await,
                    None => return End::Gone,
                },
                _ = probe.tick() => self.within(async |sink| sink.send(Message::Ping(Vec::new().into())).await).await,
            };
            if let Err(end) = written {
                return end;
            }
        }
    }

    /// Writes one entry of the queue: many frames, one flush.
    ///
    /// # Errors
    /// Why the connection ends.
    pub(crate) async fn write(&mut self, pushes: Vec<Push>) -> Result<(), End> {
        let mut answered = Vec::new();
        for push in pushes {
            let cursor = self.standing.after(&push.body, push.moves);
            if let (Some(since), ServerBody::Result(_)) = (push.since, &push.body) {
                answered.push(since);
            }
            if let ServerBody::Refused(refusal) = &push.body {
                metrics::counter!(names::REFUSALS, "code" => refusal.code.as_str()).increment(1);
            }
            let frame = ServerFrame { re: push.re, cursor, trace: push.trace, body: push.body };
            let message = frames::write(&frame);
            self.within(async |sink| sink.feed(message).await).await?;
        }
        self.within(async |sink| sink.flush().await).await?;
        answered.iter().for_each(|since| since.record(names::DEAL_SECONDS));
        Ok(())
    }

    async fn within(&mut self, work: impl AsyncFnOnce(&mut S) -> Result<(), S::Error>) -> Result<(), End> {
        match tokio::time::timeout(limits::WRITE_WITHIN, work(&mut self.sink)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(End::Gone),
            Err(_) => Err(End::Slow),
        }
    }

    /// Says goodbye: what is queued when that can be read, then the close code. Bounded, whatever the client does.
    pub(crate) async fn close(mut self, end: End, mut queue: Option<mpsc::Receiver<Vec<Push>>>) {
        let goodbye = async {
            while let Some(pushes) = queue.as_mut().and_then(|queue| queue.try_recv().ok()) {
                if self.write(pushes).await.is_err() {
                    return;
                }
            }
            // The cursor is that of the last frame written.
            if let Some((code, reason)) = end.close(self.standing.cursor()) {
                let frame = Message::Close(Some(CloseFrame { code, reason: reason.into() }));
                let _ = self.sink.send(frame).await;
            }
            let _ = self.sink.close().await;
        };
        let _ = tokio::time::timeout(limits::CLOSE_WITHIN, goodbye).await;
    }
}

#[cfg(test)]
mod tests {
    use futures::StreamExt;
    use ids::{LeaseId, PlayerId};
    use money::{Amount, Currency};
    use play::{Moves, Outlet};
    use wire::v1::wallet::{WalletBody, WalletEvent};

    use super::*;

    fn wallet(core_seq: u64) -> Push {
        let body = WalletBody::Deposited { currency: Currency::EUR, amount_minor: Amount::ZERO };
        ServerBody::Wallet(WalletEvent { player: PlayerId::from_bytes([3; 16]), core_seq, at_ms: 0, body }).into()
    }

    fn frame(message: Message) -> ServerFrame {
        serde_json::from_str(message.to_text().unwrap()).unwrap()
    }

    #[tokio::test]
    async fn each_frame_carries_the_cursor_after_it() {
        let (sink, frames) = futures::channel::mpsc::unbounded();
        let mut writer = Writer::new(sink);
        let lease = LeaseId::from_bytes([1; 16]);
        writer.stand_at(Some(Cursor { lease: Some(lease), deal: 2, core_seq: 0 }));
        writer.write(vec![wallet(1), wallet(2)]).await.unwrap();
        let moved = Push { moves: Moves { lease: None, core_seq: Some(9) }, ..ServerBody::Pong { sent_ms: 0 }.into() };
        writer.write(vec![moved]).await.unwrap();
        drop(writer);
        let cursors: Vec<Cursor> = frames.map(|message| frame(message).cursor).collect().await;
        assert_eq!(cursors, [1, 2, 9].map(|core_seq| Cursor { lease: Some(lease), deal: 2, core_seq }));
    }

    #[tokio::test]
    async fn a_slow_reader_is_told_the_cursor_of_the_last_frame_that_it_got() {
        let (outlet, mut queue) = Outlet::bounded(1, 2);
        (1..=5).for_each(|core_seq| outlet.push(wallet(core_seq)));
        assert!(outlet.slow().is_cancelled());
        let (sink, frames) = futures::channel::mpsc::unbounded();
        let mut writer = Writer::new(sink);
        writer.write(queue.recv().await.unwrap()).await.unwrap();
        writer.close(End::Slow, Some(queue)).await;
        let messages: Vec<Message> = frames.collect().await;
        let (last, before) = messages.split_last().unwrap();
        assert_eq!(before.len(), 2, "what was queued before the gap, and nothing after it");
        let Message::Close(Some(CloseFrame { code, reason })) = last else { panic!("{last:?}") };
        assert_eq!(*code, 4429);
        let cursor: Cursor = serde_json::from_str(reason.as_str()).unwrap();
        assert_eq!(cursor, frame(before[1].clone()).cursor);
        assert_eq!(cursor.core_seq, 2);
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_whose_socket_takes_nothing_is_slow_after_a_bounded_time() {
        let (sink, _never_read) = futures::channel::mpsc::channel::<Message>(0);
        let mut writer = Writer::new(sink);
        let many = (1..=10).map(wallet).collect();
        assert_eq!(writer.write(many).await, Err(End::Slow));
        writer.close(End::Slow, None).await;
    }
}
