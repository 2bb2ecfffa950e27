//! Messages without an answer, as they come. What is sent while nobody is connected is gone: see [`Subscription::interrupted`].

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_nats::Subscriber;
use futures::StreamExt;

use crate::{Bus, BusError, Incoming};

/// Messages of a subject.
#[derive(Debug)]
pub struct Subscription {
    messages: Subscriber,
    interruptions: Arc<AtomicU64>,
    seen: u64,
}

impl Bus {
    /// Listens to `subject`, which may have wildcards. Returns once the server knows.
    ///
    /// # Errors
    /// [`BusError`] when the subscription can't be made.
    pub async fn subscribe(&self, subject: &str) -> Result<Subscription, BusError> {
        let subscribed = self.client.subscribe(subject.to_owned()).await;
        let messages = subscribed.map_err(|error| BusError::nats(format!("subscribe to {subject}"), error))?;
        self.settled().await?;
        let seen = self.interruptions.load(Ordering::Acquire);
        Ok(Subscription { messages, interruptions: self.interruptions.clone(), seen })
    }
}

impl Subscription {
    /// The next message; none when the connection was drained.
    pub async fn next(&mut self) -> Option<Incoming> {
        self.messages.next().await.as_ref().map(Incoming::from)
    }

    /// Whether messages may have been lost since this was last asked: the connection was away, or some subscription of it was
    /// read too slowly. The caller then fetches what it needs anew.
    pub fn interrupted(&mut self) -> bool {
        let now = self.interruptions.load(Ordering::Acquire);
        std::mem::replace(&mut self.seen, now) != now
    }
}
