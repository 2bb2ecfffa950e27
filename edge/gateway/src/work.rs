//! A client's frames, one after the other: each becomes one call of `play`, and a refusal becomes the answer.

use std::sync::Arc;

use play::{Asker, Play};
use tokio::sync::mpsc;
use wire::v1::Refusal;
use wire::v1::client::{ClientBody, Cursor, ServerBody};

/// A frame that needs work.
#[derive(Debug)]
pub(crate) struct Job {
    pub(crate) asker: Asker,
    pub(crate) body: ClientBody,
}

/// Welcomes the client, then works its frames off in order.
pub(crate) async fn work(play: &Arc<Play>, arriving: Asker, cursor: Option<Cursor>, mut waiting: mpsc::Receiver<Job>) {
    Box::pin(play.arrive(&arriving, cursor)).await;
    while let Some(Job { asker, body }) = waiting.recv().await {
        if let Err(refusal) = Box::pin(one(play, &asker, body)).await {
            tracing::debug!(trace_id = %asker.trace.trace_id(), player = %asker.player, %refusal, "refused");
            asker.answer(ServerBody::Refused(refusal));
        }
    }
    // The reader is gone, and with it the connection: its own end says why.
    std::future::pending::<()>().await;
}

async fn one(play: &Arc<Play>, asker: &Asker, body: ClientBody) -> Result<(), Refusal> {
    match body {
        ClientBody::Offer(request) => {
            asker.answer(ServerBody::Offer(play.offer(asker, request).await?));
            Ok(())
        }
        ClientBody::Open(request) => play.open(asker, request).await,
        ClientBody::Play(intent) => play.deal(asker, intent).await,
        ClientBody::Close { lease } => play.close(asker, lease).await,
        ClientBody::CatchUp { lease, after_deal } => play.catch_up(asker, lease, after_deal).await,
        // The reader answers these by itself.
        ClientBody::Hello { .. } | ClientBody::Ping { .. } => Ok(()),
    }
}
