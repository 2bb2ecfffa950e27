//! Questions with one answer, and messages without.

use std::time::Duration;

use async_nats::Request;
use serde::Serialize;
use serde::de::DeserializeOwned;
use telemetry::Trace;
use wire::v1::Reply;

use crate::{Bus, BusError, header};

impl Bus {
    /// Asks `subject` and waits for the answer, `timeout` in all.
    ///
    /// # Errors
    /// [`BusError::NoResponders`] when nobody serves the subject, [`BusError::Timeout`] when nobody answered in time (the
    /// request may have taken effect), [`BusError::Decode`] when the answer can't be read.
    pub async fn request<Q: Serialize + Sync, A: DeserializeOwned>(
        &self,
        subject: &str,
        question: &Q,
        timeout: Duration,
        trace: &Trace,
    ) -> Result<Reply<A>, BusError> {
        let request =
            Request::new().payload(wire::encode(question).into()).headers(header::traced(trace)).timeout(Some(timeout));
        // The client's own time starts once the request is queued, and the queue waits while the server is away.
        let asked = tokio::time::timeout(timeout, self.client.send_request(subject.to_owned(), request));
        let answer = asked.await.map_err(|_| BusError::Timeout(subject.to_owned()))?;
        let answer = answer.map_err(|error| BusError::request(subject, error))?;
        Ok(wire::decode(&answer.payload)?)
    }

    /// Sends a message to whoever listens now. Nobody may.
    ///
    /// # Errors
    /// [`BusError`] when it can't even be queued.
    pub async fn publish<M: Serialize + Sync>(
        &self,
        subject: &str,
        message: &M,
        trace: &Trace,
    ) -> Result<(), BusError> {
        let payload = wire::encode(message).into();
        let sent = self.client.publish_with_headers(subject.to_owned(), header::traced(trace), payload);
        match tokio::time::timeout(crate::limits::API_TIMEOUT, sent).await {
            Ok(sent) => sent.map_err(|error| BusError::nats(format!("publish to {subject}"), error)),
            Err(_) => Err(BusError::Timeout(subject.to_owned())),
        }
    }
}
