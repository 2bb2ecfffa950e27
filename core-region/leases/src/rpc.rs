//! The room on the bus: the verbs of edges and dealers.
//!
//! Promise: who asks stands in the subject, which credentials fix; a payload never says it. Refusals go out as they are and are
//! counted; a failure says only which part failed, and its cause is logged here, once.

use std::future::Future;
use std::sync::Arc;

use bus::{Bus, BusError, Incoming, ServeOptions, reply};
use ids::{DealerId, EdgeId};
use serde::Serialize;
use telemetry::names;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use wire::subjects;
use wire::v1::core::{CatchUp, Close, Heartbeat, Offer, Open, Resume, TopUp};
use wire::v1::dealer::SyncRequest;
use wire::v1::{RefusalCode, Reply};

use crate::error::LeasesError;
use crate::leases::Leases;
use crate::limits;
use crate::resume::Replays;

/// Core processes share the requests.
const QUEUE_GROUP: &str = "core";

impl Leases {
    /// Serves edges and dealers until `cancel`. Returns once the server knows the subscriptions.
    ///
    /// # Errors
    /// [`BusError`] when a subscription can't be made.
    pub async fn serve(
        self: &Arc<Self>,
        bus: &Bus,
        replays: Arc<dyn Replays>,
        tracker: &TaskTracker,
        cancel: &CancellationToken,
    ) -> Result<(), BusError> {
        let room = Arc::clone(self);
        let edges = options(subjects::CORE_RPC_ALL, limits::RPC_CONCURRENCY);
        bus.serve(edges, tracker, cancel.clone(), move |incoming| {
            let (room, replays) = (Arc::clone(&room), Arc::clone(&replays));
            async move { room.answer_edge(&*replays, &incoming).await }
        })
        .await?;
        let room = Arc::clone(self);
        let dealers = options(subjects::CORE_FOR_DEALERS_ALL, limits::SYNC_CONCURRENCY);
        bus.serve(dealers, tracker, cancel.clone(), move |incoming| {
            let room = Arc::clone(&room);
            async move { room.answer_dealer(&incoming).await }
        })
        .await
    }

    async fn answer_edge(&self, replays: &dyn Replays, incoming: &Incoming) -> Vec<u8> {
        let Some(edge) = subjects::token(&incoming.subject, 2).and_then(|name| name.parse::<EdgeId>().ok()) else {
            return refused(RefusalCode::Malformed);
        };
        let (edge, trace) = (&edge, &incoming.trace);
        match subjects::last_token(&incoming.subject) {
            "offer" => answer(incoming, async |ask: Offer| Box::pin(self.offer(edge, &ask)).await).await,
            "open" => answer(incoming, async |ask: Open| Box::pin(self.open(edge, &ask, trace)).await).await,
            "heartbeat" => answer(incoming, async |ask: Heartbeat| self.heartbeat(edge, &ask).await).await,
            "topup" => answer(incoming, async |ask: TopUp| Box::pin(self.topup(edge, &ask, trace)).await).await,
            "close" => answer(incoming, async |ask: Close| Box::pin(self.close(edge, &ask, trace)).await).await,
            "resume" => {
                answer(incoming, async |ask: Resume| Box::pin(self.resume(edge, &ask, replays, trace)).await).await
            }
            "catch-up" => answer(incoming, async |ask: CatchUp| self.catch_up(&ask, replays).await).await,
            _ => refused(RefusalCode::Malformed),
        }
    }

    async fn answer_dealer(&self, incoming: &Incoming) -> Vec<u8> {
        let name = subjects::token(&incoming.subject, 3).and_then(|name| name.parse::<DealerId>().ok());
        match (name, subjects::last_token(&incoming.subject)) {
            (Some(dealer), "sync") => answer(incoming, async |ask: SyncRequest| self.sync(&dealer, &ask).await).await,
            _ => refused(RefusalCode::Malformed),
        }
    }
}

fn options(subject: &str, concurrency: usize) -> ServeOptions {
    ServeOptions { subject: subject.to_owned(), queue_group: Some(QUEUE_GROUP.to_owned()), concurrency }
}

fn refused(code: RefusalCode) -> Vec<u8> {
    wire::encode(&Reply::<()>::Refused(code.into()))
}

async fn answer<Q, A, F>(incoming: &Incoming, handle: impl FnOnce(Q) -> F) -> Vec<u8>
where
    Q: serde::de::DeserializeOwned,
    A: Serialize,
    F: Future<Output = Result<A, LeasesError>>,
{
    reply(incoming, |ask: Q| {
        let handled = handle(ask);
        async move {
            match handled.await {
                Ok(done) => Reply::Done(done),
                Err(error) => failed(incoming, error),
            }
        }
    })
    .await
}

fn failed<A>(incoming: &Incoming, error: LeasesError) -> Reply<A> {
    let trace_id = incoming.trace.trace_id();
    match &error {
        LeasesError::Refused(refusal) => {
            metrics::counter!(names::REFUSALS, "code" => refusal.code.as_str()).increment(1);
        }
        LeasesError::Broken { .. } | LeasesError::BrokenTable(_) => {
            tracing::error!(subject = incoming.subject, %error, trace_id, "an invariant is broken");
        }
        _ => tracing::warn!(subject = incoming.subject, %error, trace_id, "request failed, and may be asked again"),
    }
    error.into_reply()
}
