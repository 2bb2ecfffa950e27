//! The connection: tried for a bounded time at first, then kept up for ever.
//!
//! While the server is away, what callers send waits in the client and goes out at the next connection. So a call that timed out
//! may still take effect: see the crate's header.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_nats::connection::State;
use async_nats::{Client, ConnectErrorKind, ConnectOptions, Event, RequestErrorKind};
use bytes::Bytes;
use telemetry::names;

use crate::{BusError, limits};

/// How to connect.
#[derive(Clone)]
pub struct BusOptions {
    /// Such as `nats://127.0.0.1:4222`.
    pub url: String,
    /// The connection's name in the server's monitoring.
    pub name: String,
    /// User, where the server asks for one.
    pub user: Option<String>,
    /// Its password.
    pub password: Option<String>,
    /// Where answers come: permissions are given by this prefix.
    pub inbox_prefix: String,
    /// How often the connection is probed.
    pub ping_interval: Duration,
    /// How long the first connection is tried.
    pub connect_within: Duration,
}

impl fmt::Debug for BusOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BusOptions")
            .field("url", &self.url)
            .field("name", &self.name)
            .field("user", &self.user)
            .finish()
    }
}

impl BusOptions {
    /// Everything else at its default.
    #[must_use]
    pub fn new(url: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            name: name.into(),
            user: None,
            password: None,
            inbox_prefix: "_INBOX".to_owned(),
            ping_interval: limits::PING_INTERVAL,
            connect_within: limits::CONNECT_WITHIN,
        }
    }

    fn to_nats(&self, interruptions: &Arc<AtomicU64>) -> ConnectOptions {
        let counted = interruptions.clone();
        let options = ConnectOptions::new()
            .name(&self.name)
            .custom_inbox_prefix(&self.inbox_prefix)
            .ping_interval(self.ping_interval)
            .connection_timeout(limits::CONNECT_ATTEMPT)
            .request_timeout(Some(limits::API_TIMEOUT))
            .subscription_capacity(limits::SUBSCRIPTION_MESSAGES)
            .client_capacity(limits::QUEUED_COMMANDS)
            .ignore_discovered_servers()
            .max_reconnects(None)
            .reconnect_delay_callback(pause)
            .event_callback(move |event| {
                note(&event, &counted);
                std::future::ready(())
            });
        match (&self.user, &self.password) {
            (Some(user), password) => options.user_and_password(user.clone(), password.clone().unwrap_or_default()),
            (None, _) => options,
        }
    }
}

/// The pause before attempt number `attempt`: doubling from 20 ms.
fn pause(attempt: usize) -> Duration {
    let doublings = u32::try_from(attempt.min(10)).unwrap_or(10);
    Duration::from_millis(10).saturating_mul(2u32.saturating_pow(doublings)).min(limits::RECONNECT_PAUSE)
}

/// Logs what happens to the connection, and counts what may have lost messages of a subscription.
fn note(event: &Event, interruptions: &AtomicU64) {
    match event {
        Event::Connected => tracing::info!("connected to NATS"),
        Event::Disconnected => {
            interruptions.fetch_add(1, Ordering::AcqRel);
            metrics::counter!(names::BUS_RECONNECTS).increment(1);
            tracing::warn!("NATS connection lost, reconnecting");
        }
        Event::SlowConsumer(subscription) => {
            interruptions.fetch_add(1, Ordering::AcqRel);
            metrics::counter!(names::BUS_SLOW_READERS).increment(1);
            tracing::error!(subscription, "messages dropped: a subscription is read too slowly");
        }
        Event::ServerError(error) => tracing::error!(%error, "NATS server error"),
        Event::ClientError(error) => tracing::warn!(%error, "NATS client error"),
        other => tracing::info!(event = %other, "NATS"),
    }
}

/// A connection, shared by all who have a copy.
#[derive(Clone)]
pub struct Bus {
    pub(crate) client: Client,
    pub(crate) interruptions: Arc<AtomicU64>,
}

impl fmt::Debug for Bus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bus").field("connected", &self.is_connected()).finish()
    }
}

impl Bus {
    /// Connects, trying for `options.connect_within`. A connection that is lost later is taken up again for ever.
    ///
    /// # Errors
    /// [`BusError::Credentials`] at once when the server refuses them, [`BusError::Connect`] when the time is over.
    pub async fn connect(options: BusOptions) -> Result<Self, BusError> {
        let interruptions = Arc::new(AtomicU64::new(0));
        let mut last: Option<async_nats::ConnectError> = None;
        let attempts = async {
            let mut attempt = 0;
            loop {
                match options.to_nats(&interruptions).connect(options.url.as_str()).await {
                    Ok(client) => return Ok(client),
                    Err(error) if refused(&error) => return Err(error),
                    Err(error) => last = Some(error),
                }
                attempt += 1;
                tokio::time::sleep(pause(attempt)).await;
            }
        };
        match tokio::time::timeout(options.connect_within, attempts).await {
            Ok(Ok(client)) => Ok(Self { client, interruptions }),
            Ok(Err(_)) => Err(BusError::Credentials { url: options.url, user: options.user }),
            Err(elapsed) => {
                let source = last.map_or_else(|| elapsed.into(), async_nats::Error::from);
                Err(BusError::Connect { url: options.url, source })
            }
        }
    }

    /// Whether the server is there now.
    #[must_use]
    pub fn is_connected(&self) -> bool {
        self.client.connection_state() == State::Connected
    }

    /// Waits until everything published so far has gone out.
    ///
    /// # Errors
    /// [`BusError`] when it did not within [`limits::API_TIMEOUT`].
    pub async fn flush(&self) -> Result<(), BusError> {
        match tokio::time::timeout(limits::API_TIMEOUT, self.client.flush()).await {
            Ok(flushed) => flushed.map_err(|error| BusError::nats("flush", error)),
            Err(_) => Err(BusError::Timeout("flush".to_owned())),
        }
    }

    /// Waits until the server has taken in everything sent so far, subscriptions included: it answers in order. Every user
    /// may publish to the subject asked, and whether JetStream is there does not matter.
    pub(crate) async fn settled(&self) -> Result<(), BusError> {
        const SUBJECT: &str = "$JS.API.INFO";
        let asked = tokio::time::timeout(limits::API_TIMEOUT, self.client.request(SUBJECT, Bytes::new()));
        match asked.await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) if error.kind() == RequestErrorKind::NoResponders => Ok(()),
            Ok(Err(error)) => Err(BusError::request(SUBJECT, error)),
            Err(_) => Err(BusError::Timeout(SUBJECT.to_owned())),
        }
    }

    /// Ends all subscriptions, sends what is queued, and closes. Nothing can be sent afterwards.
    ///
    /// # Errors
    /// [`BusError`] when that can't be begun.
    pub async fn drain(&self) -> Result<(), BusError> {
        self.client.drain().await.map_err(|error| BusError::nats("drain", error))
    }
}

fn refused(error: &async_nats::ConnectError) -> bool {
    matches!(error.kind(), ConnectErrorKind::Authentication | ConnectErrorKind::AuthorizationViolation)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pause_grows_to_its_bound() {
        assert_eq!(pause(1), Duration::from_millis(20));
        assert_eq!(pause(3), Duration::from_millis(80));
        assert_eq!(pause(usize::MAX), limits::RECONNECT_PAUSE);
    }
}
