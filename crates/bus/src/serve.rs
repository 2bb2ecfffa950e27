//! Answering requests: bounded in number, each on a task of the server's tracker.
//!
//! On cancellation no further request is taken, those in hand are answered, and the tracker's owner waits for them.

use std::future::Future;
use std::sync::Arc;

use async_nats::{Client, Message, Subscriber};
use bytes::Bytes;
use futures::StreamExt;
use serde::Serialize;
use serde::de::DeserializeOwned;
use telemetry::Trace;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use wire::DecodeError;
use wire::v1::{RefusalCode, Reply};

use crate::{Bus, BusError, header, limits};

/// A message that came in.
#[derive(Clone, Debug)]
pub struct Incoming {
    /// What it was sent to: permissions are given by subject, so who asks stands here and not in the payload.
    pub subject: String,
    /// What it says.
    pub payload: Bytes,
    /// Its trace; a new one when it had none.
    pub trace: Trace,
}

impl From<&Message> for Incoming {
    fn from(message: &Message) -> Self {
        Self {
            subject: message.subject.to_string(),
            payload: message.payload.clone(),
            trace: header::trace_of(message.headers.as_ref()),
        }
    }
}

/// How a subject is served.
#[derive(Clone, Debug)]
pub struct ServeOptions {
    /// The subject; may have wildcards.
    pub subject: String,
    /// Processes of one group share the requests.
    pub queue_group: Option<String>,
    /// Most requests in hand at once.
    pub concurrency: usize,
}

impl Bus {
    /// Serves a subject until `cancel`: `handler` makes each request's answer, an encoded [`Reply`]. Returns once the server knows
    /// the subscription; the work goes on in tasks of `tracker`.
    ///
    /// # Errors
    /// [`BusError`] when the subscription can't be made.
    pub async fn serve<H, F>(
        &self,
        options: ServeOptions,
        tracker: &TaskTracker,
        cancel: CancellationToken,
        handler: H,
    ) -> Result<(), BusError>
    where
        H: Fn(Incoming) -> F + Send + Sync + 'static,
        F: Future<Output = Vec<u8>> + Send + 'static,
    {
        let ServeOptions { subject, queue_group, concurrency } = options;
        let subscribed = match queue_group {
            Some(group) => self.client.queue_subscribe(subject.clone(), group).await,
            None => self.client.subscribe(subject.clone()).await,
        };
        let requests = subscribed.map_err(|error| BusError::nats(format!("subscribe to {subject}"), error))?;
        self.settled().await?;
        let serving =
            Serving { client: self.client.clone(), tracker: tracker.clone(), concurrency, handler: Arc::new(handler) };
        tracker.spawn(serving.run(requests, cancel));
        Ok(())
    }
}

struct Serving<H> {
    client: Client,
    tracker: TaskTracker,
    concurrency: usize,
    handler: Arc<H>,
}

impl<H, F> Serving<H>
where
    H: Fn(Incoming) -> F + Send + Sync + 'static,
    F: Future<Output = Vec<u8>> + Send + 'static,
{
    async fn run(self, mut requests: Subscriber, cancel: CancellationToken) {
        let places = Arc::new(Semaphore::new(self.concurrency));
        loop {
            let next = tokio::select! {
                biased;
                () = cancel.cancelled() => break,
                next = next(&places, &mut requests) => next,
            };
            let Some((place, request)) = next else { return };
            self.take(place, request);
        }
        // What the server sent before it knew that we stop is answered still.
        if let Err(error) = requests.drain().await {
            tracing::debug!(%error, "the subscription was gone already");
            return;
        }
        let rest = async {
            while let Some((place, request)) = next(&places, &mut requests).await {
                self.take(place, request);
            }
        };
        if tokio::time::timeout(limits::DRAIN_WITHIN, rest).await.is_err() {
            tracing::debug!("the subscription did not end in time");
        }
    }

    fn take(&self, place: OwnedSemaphorePermit, request: Message) {
        let (client, handler) = (self.client.clone(), self.handler.clone());
        self.tracker.spawn(async move {
            answer(&client, &*handler, &request).await;
            drop(place);
        });
    }
}

/// The next request, once there is a place for it.
async fn next(places: &Arc<Semaphore>, requests: &mut Subscriber) -> Option<(OwnedSemaphorePermit, Message)> {
    let place = places.clone().acquire_owned().await.ok()?;
    Some((place, requests.next().await?))
}

async fn answer<H, F>(client: &Client, handler: &H, request: &Message)
where
    H: Fn(Incoming) -> F,
    F: Future<Output = Vec<u8>>,
{
    let incoming = Incoming::from(request);
    let trace = incoming.trace;
    let answer = handler(incoming).await;
    let Some(to) = request.reply.clone() else { return };
    if let Err(error) = client.publish_with_headers(to, header::traced(&trace), answer.into()).await {
        tracing::warn!(%error, subject = %request.subject, trace_id = trace.trace_id(), "answer could not be sent");
    }
}

/// Reads the request, lets `handle` answer it, and encodes the answer. A request that can't be read is refused with its reason.
pub async fn reply<Q, A, F>(incoming: &Incoming, handle: impl FnOnce(Q) -> F) -> Vec<u8>
where
    Q: DeserializeOwned,
    A: Serialize,
    F: Future<Output = Reply<A>>,
{
    let answer = match wire::decode::<Q>(&incoming.payload) {
        Ok(question) => handle(question).await,
        Err(DecodeError::TooLong(_)) => Reply::Refused(RefusalCode::TooLong.into()),
        Err(error @ DecodeError::Malformed(_)) => Reply::Refused(RefusalCode::Malformed.because(error.to_string())),
    };
    wire::encode(&answer)
}
