//! Reading stored messages by DIRECT.GET (ADR-31): no consumer is created, 0.11 ms p50 for a page among 100k subjects.
//!
//! Any replica may answer, so the newest messages may be missing from an answer for a moment. Who writes on what was read
//! does so under the fence of [`crate::Append::expected_last_subject_seq`], and reads again when the fence refuses.

use async_nats::{Message, StatusCode, header};
use bytes::Bytes;
use futures::StreamExt;
use serde::Serialize;

use crate::header::parsed;
use crate::{BusError, Journal, Stored, limits};

/// The status that ends a page.
const END_OF_BATCH: u16 = 204;

#[derive(Serialize)]
struct LastBySubject<'a> {
    last_by_subj: &'a str,
}

#[derive(Serialize)]
struct NextBySubject<'a> {
    seq: u64,
    next_by_subj: &'a str,
    batch: usize,
}

/// Messages of one answer, and how many more the server has.
struct Page {
    messages: Vec<Stored>,
    pending: u64,
}

impl Journal {
    /// The last message of `subject` in `stream`.
    ///
    /// # Errors
    /// [`BusError::NotFound`] when there is no such stream that can be read directly, or another [`BusError`].
    pub async fn last(&self, stream: &str, subject: &str) -> Result<Option<Stored>, BusError> {
        let api = format!("{}.DIRECT.GET.{stream}", self.prefix);
        let query = wire::encode(&LastBySubject { last_by_subj: subject }).into();
        let asked = tokio::time::timeout(limits::READ_TIMEOUT, self.client.request(api.clone(), query));
        let answer = asked.await.map_err(|_| BusError::Timeout(api.clone()))?;
        let answer = answer.map_err(|error| missing(stream, BusError::request(&api, error)))?;
        match answer.status {
            None | Some(StatusCode::OK) => stored(answer, &api).map(Some),
            Some(StatusCode::NOT_FOUND) => Ok(None),
            Some(status) => Err(refused(&api, status, answer.description.as_deref())),
        }
    }

    /// Up to `limit` messages of `subject` (which may have wildcards) in `stream`, from sequence `from_seq` on, in order.
    ///
    /// # Errors
    /// [`BusError::NotFound`] when there is no such stream that can be read directly, or another [`BusError`].
    pub async fn read(
        &self,
        stream: &str,
        subject: &str,
        from_seq: u64,
        limit: usize,
    ) -> Result<Vec<Stored>, BusError> {
        let mut read: Vec<Stored> = Vec::new();
        let mut from = from_seq.max(1);
        while read.len() < limit {
            let want = (limit - read.len()).min(limits::READ_PAGE);
            let page = self.page(stream, subject, from, want).await?;
            let Some(last) = page.messages.last() else { break };
            from = last.seq.saturating_add(1);
            read.extend(page.messages);
            if page.pending == 0 {
                break;
            }
        }
        Ok(read)
    }

    /// One request. A page that is cut short (the server bounds its bytes) comes back with `pending` above 0.
    async fn page(&self, stream: &str, subject: &str, seq: u64, batch: usize) -> Result<Page, BusError> {
        let api = format!("{}.DIRECT.GET.{stream}", self.prefix);
        let inbox = self.client.new_inbox();
        let subscribed = self.client.subscribe(inbox.clone()).await;
        let mut answers = subscribed.map_err(|error| BusError::nats("subscribe to an inbox", error))?;
        let query: Bytes = wire::encode(&NextBySubject { seq, next_by_subj: subject, batch }).into();
        let sent =
            tokio::time::timeout(limits::READ_TIMEOUT, self.client.publish_with_reply(api.clone(), inbox, query));
        let sent = sent.await.map_err(|_| BusError::Timeout(api.clone()))?;
        sent.map_err(|error| BusError::nats(api.clone(), error))?;
        let mut page = Page { messages: Vec::new(), pending: 0 };
        loop {
            let next = tokio::time::timeout(limits::READ_TIMEOUT, answers.next()).await;
            let Ok(Some(answer)) = next else { return Err(BusError::Timeout(api)) };
            match answer.status {
                None | Some(StatusCode::OK) => {
                    page.pending = parsed(answer.headers.as_ref(), "Nats-Num-Pending").unwrap_or(0);
                    page.messages.push(stored(answer, &api)?);
                }
                Some(status) if status.as_u16() == END_OF_BATCH => {
                    page.pending = parsed(answer.headers.as_ref(), "Nats-Num-Pending").unwrap_or(page.pending);
                    return Ok(page);
                }
                Some(StatusCode::NOT_FOUND) => return Ok(page),
                Some(StatusCode::NO_RESPONDERS) => return Err(BusError::NotFound(format!("stream {stream}"))),
                Some(status) => return Err(refused(&api, status, answer.description.as_deref())),
            }
        }
    }
}

/// A direct answer as the message that stands in the stream.
fn stored(answer: Message, api: &str) -> Result<Stored, BusError> {
    let headers = answer.headers.as_ref();
    let seq = parsed(headers, header::NATS_SEQUENCE);
    let subject = headers.and_then(|headers| headers.get(header::NATS_SUBJECT)).map(|value| value.as_str().to_owned());
    let (Some(seq), Some(subject)) = (seq, subject) else {
        return Err(BusError::nats(api, "the answer names neither sequence nor subject"));
    };
    Ok(Stored::new(seq, subject, answer.payload, headers))
}

fn missing(stream: &str, error: BusError) -> BusError {
    match error {
        BusError::NoResponders(_) => BusError::NotFound(format!("stream {stream}")),
        other => other,
    }
}

fn refused(api: &str, status: StatusCode, description: Option<&str>) -> BusError {
    BusError::nats(api, format!("status {status}: {}", description.unwrap_or("no reason given")))
}
