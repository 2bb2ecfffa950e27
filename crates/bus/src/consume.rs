//! Working a stream off: a durable pull consumer that hands out batches exactly in order.
//!
//! One process at a time may use a consumer. Messages that were delivered and then lost on the way (a reconnect, a crash, a
//! dropped call) would be sent again late, after younger ones; so deliveries are counted, and on any gap the consumer starts over from
//! its last acknowledgement (CONSUMER.RESET, ADR-60). The caller sees each message at least once and never ahead of an
//! earlier one.
//! Cost: one or two round trips a batch. Acknowledging the batch is one more; without it, the batch comes again.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use async_nats::jetstream::consumer::pull::Config;
use async_nats::jetstream::consumer::{AckPolicy, Consumer as NatsConsumer, DeliverPolicy};
use async_nats::jetstream::{AckKind, Message};
use futures::StreamExt;

use crate::journal::{Stored, context};
use crate::{Bus, BusError, limits};

/// Which stream, and who reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsumeOptions {
    /// The stream's domain; the connected server's own without one.
    pub domain: Option<String>,
    /// The stream.
    pub stream: String,
    /// The consumer's name, under which the server remembers how far it is.
    pub durable: String,
    /// Only messages of these subjects.
    pub filter: Option<String>,
}

/// A durable consumer.
#[derive(Debug)]
pub struct Consumer {
    inner: NatsConsumer<Config>,
    name: String,
    shared: Arc<Shared>,
    /// Deliveries seen since the last start over.
    delivered: u64,
    /// Stream sequence of the last message handed out.
    handed: u64,
    /// Whether deliveries may be lost: a call is under way, or was dropped.
    dirty: bool,
}

/// What a batch tells its consumer.
#[derive(Debug, Default)]
struct Shared {
    given_back: AtomicBool,
    pause_ms: AtomicU64,
}

/// Messages in order, to be acknowledged together. One that is dropped without [`Batch::ack`] comes again, and all after it.
#[derive(Debug)]
#[must_use = "a batch that is not acknowledged comes again"]
pub struct Batch {
    /// The messages; none when nothing came in time.
    pub messages: Vec<Stored>,
    /// Messages that the server has after these.
    pub pending: u64,
    last: Option<Message>,
    shared: Arc<Shared>,
}

impl Bus {
    /// Takes up the consumer, making it if it is new: from the stream's beginning.
    ///
    /// # Errors
    /// [`BusError`] when the stream does not exist or the server refuses.
    pub async fn consume(&self, options: ConsumeOptions) -> Result<Consumer, BusError> {
        let name = format!("{}/{}", options.stream, options.durable);
        let config = Config {
            durable_name: Some(options.durable),
            deliver_policy: DeliverPolicy::All,
            ack_policy: AckPolicy::All,
            ack_wait: limits::ACK_WAIT,
            filter_subject: options.filter.unwrap_or_default(),
            max_ack_pending: i64::try_from(limits::MAX_BATCH.saturating_mul(4)).unwrap_or(i64::MAX),
            ..Config::default()
        };
        let context = context(&self.client, options.domain.as_deref());
        let made = context.create_consumer_on_stream(config, options.stream).await;
        let inner = made.map_err(|error| BusError::nats(format!("consumer {name}"), error))?;
        let info = inner.cached_info();
        let delivered = info.delivered.consumer_sequence;
        let dirty = info.num_ack_pending > 0;
        Ok(Consumer { inner, name, shared: Arc::default(), delivered, handed: 0, dirty })
    }
}

impl Consumer {
    /// Up to `max` messages, waiting up to `wait` for the first. Dropping the call loses nothing.
    ///
    /// # Errors
    /// [`BusError`]; the next call goes on where the last batch ended.
    pub async fn next_batch(&mut self, max: usize, wait: Duration) -> Result<Batch, BusError> {
        let max = max.clamp(1, limits::MAX_BATCH);
        for _ in 0..limits::MAX_RESETS {
            if self.dirty || self.shared.given_back.load(Ordering::Acquire) {
                self.start_over().await?;
            }
            self.dirty = true;
            let mut messages = self.fetch(max).await?;
            if messages.is_empty() {
                messages = self.wait(wait).await?;
                if !messages.is_empty() && max > 1 {
                    messages.extend(self.fetch(max - 1).await?);
                }
            }
            if let Some(batch) = self.check(messages)? {
                self.dirty = false;
                return Ok(batch);
            }
        }
        Err(BusError::OutOfOrder(self.name.clone()))
    }

    /// What the server has now.
    async fn fetch(&self, max: usize) -> Result<Vec<Message>, BusError> {
        let asked = self.inner.fetch().max_messages(max).messages().await;
        let stream = asked.map_err(|error| BusError::nats(format!("fetch from {}", self.name), error))?;
        self.collect(Duration::ZERO, stream).await
    }

    /// One message, whenever it comes within `wait`.
    async fn wait(&self, wait: Duration) -> Result<Vec<Message>, BusError> {
        let asked = self.inner.batch().max_messages(1).expires(wait).messages().await;
        let stream = asked.map_err(|error| BusError::nats(format!("wait for {}", self.name), error))?;
        self.collect(wait, stream).await
    }

    fn silent(&self) -> BusError {
        BusError::Timeout(self.name.clone())
    }

    async fn collect(
        &self,
        within: Duration,
        mut stream: impl futures::Stream<Item = Result<Message, async_nats::Error>> + Unpin,
    ) -> Result<Vec<Message>, BusError> {
        let mut messages = Vec::new();
        let within = within + limits::API_TIMEOUT;
        while let Some(message) = tokio::time::timeout(within, stream.next()).await.map_err(|_| self.silent())? {
            messages.push(message.map_err(|source| BusError::Nats { doing: format!("read {}", self.name), source })?);
        }
        Ok(messages)
    }

    /// The batch, or nothing when a delivery is missing before or within it.
    fn check(&mut self, messages: Vec<Message>) -> Result<Option<Batch>, BusError> {
        let (mut delivered, mut handed) = (self.delivered, self.handed);
        let mut pending = 0;
        let mut stored = Vec::with_capacity(messages.len());
        for message in &messages {
            let info = message.info().map_err(|source| BusError::Nats { doing: self.name.clone(), source })?;
            if info.consumer_sequence != delivered.saturating_add(1) || info.stream_sequence <= handed {
                tracing::warn!(
                    consumer = self.name,
                    delivery = info.consumer_sequence,
                    after = delivered,
                    "a delivery was lost: starting over from the last acknowledgement"
                );
                return Ok(None);
            }
            (delivered, handed, pending) = (info.consumer_sequence, info.stream_sequence, info.pending);
            let subject = message.subject.to_string();
            stored.push(Stored::new(handed, subject, message.payload.clone(), message.headers.as_ref()));
        }
        (self.delivered, self.handed) = (delivered, handed);
        let last = messages.into_iter().next_back();
        Ok(Some(Batch { messages: stored, pending, last, shared: self.shared.clone() }))
    }

    /// Lets the server deliver again from the message after the last acknowledged one.
    async fn start_over(&mut self) -> Result<(), BusError> {
        // Stays set until the server has started over, so a dropped call pauses again.
        tokio::time::sleep(Duration::from_millis(self.shared.pause_ms.load(Ordering::Acquire))).await;
        let reset = self.inner.reset(None).await;
        let reset = reset.map_err(|error| BusError::nats(format!("start over {}", self.name), error))?;
        self.delivered = reset.info.delivered.consumer_sequence;
        self.handed = reset.info.delivered.stream_sequence;
        self.shared.pause_ms.store(0, Ordering::Release);
        self.shared.given_back.store(false, Ordering::Release);
        Ok(())
    }
}

impl Batch {
    /// Whether nothing came.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.messages.is_empty()
    }

    /// Says that these messages and all before them are done with, and waits until the server has it.
    ///
    /// # Errors
    /// [`BusError`] when the server did not answer: then they may come again, now or after a restart.
    pub async fn ack(mut self) -> Result<(), BusError> {
        let Some(last) = self.last.take() else { return Ok(()) };
        last.double_ack_with(AckKind::Ack)
            .await
            .map_err(|source| BusError::Nats { doing: "acknowledge".to_owned(), source })
    }

    /// Gives the batch back: it and everything after it come again, not before `delay`. Before the next batch is asked for.
    pub fn nak_later(self, delay: Duration) {
        self.shared.pause_ms.store(u64::try_from(delay.as_millis()).unwrap_or(u64::MAX), Ordering::Release);
    }
}

impl Drop for Batch {
    fn drop(&mut self) {
        if self.last.is_some() {
            self.shared.given_back.store(true, Ordering::Release);
        }
    }
}
