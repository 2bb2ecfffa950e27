//! The other side of the deal bench: a bare JetStream publish with its acknowledgement, by the region's own dealer's log-in, to
//! streams of the round log's own type beside it on the same server. The hub does not gather them.

use std::time::Duration;

use anyhow::{Context, Result};
use bus::{Append, Bus, Journal, Site, StreamsFile};
use bytes::Bytes;
use telemetry::{Timer, Trace};
use tokio::task::JoinSet;
use toml::{Table, Value};
use wire::subjects::ROUND_SHARDS;

use super::connect::connect;
use crate::{NatsServer, project_root};

/// Room of one of the bench's streams: what the region's server has left beside its own.
const MAX_BYTES: i64 = 64 * 1024 * 1024;

/// Publishes of one size.
pub(super) struct Bare {
    region: String,
    journal: Journal,
    payload: Bytes,
    _bus: Bus,
}

impl Bare {
    /// Makes the streams beside the round log of `region`; `bytes` is the size of a bound deal there.
    pub(super) async fn prepare(server: &NatsServer, region: &str, bytes: usize) -> Result<Self> {
        let file = StreamsFile::parse(&streams()?)?;
        let admin = connect(server, "provision").await?;
        bus::provision(&admin, &file, &Site::Region(region.parse()?)).await?;
        admin.drain().await?;
        let bus = connect(server, &format!("dealer_{region}")).await?;
        let payload = Bytes::from(vec![b'x'; bytes]);
        Ok(Self { region: region.to_owned(), journal: bus.journal(None), payload, _bus: bus })
    }

    /// `callers` publish `each` messages at the same time, every one waiting for its acknowledgement before the next.
    pub(super) async fn publish(&self, callers: u16, each: u64) -> Result<Vec<Duration>> {
        let mut publishing = JoinSet::new();
        for caller in 0..callers {
            let subject = format!("rounds.{}.9{}.caller-{caller}", self.region, caller % ROUND_SHARDS);
            publishing.spawn(call(self.journal.clone(), subject, self.payload.clone(), each));
        }
        let mut latencies = Vec::new();
        while let Some(done) = publishing.join_next().await {
            latencies.extend(done??);
        }
        Ok(latencies)
    }
}

async fn call(journal: Journal, subject: String, payload: Bytes, each: u64) -> Result<Vec<Duration>> {
    let mut latencies = Vec::new();
    for _ in 0..each {
        let (message_id, expected_last_subject_seq) = (None, None);
        let (payload, trace) = (payload.clone(), Trace::root());
        let append = Append { message_id, expected_last_subject_seq, payload, trace };
        let timer = Timer::start();
        journal.append(&subject, append).await?;
        latencies.push(timer.elapsed());
    }
    Ok(latencies)
}

/// `nats/streams.toml` with nothing but the round log of a region, under other names.
fn streams() -> Result<String> {
    let path = project_root().join("nats").join("streams.toml");
    let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    let mut file: Table = text.parse()?;
    let entries = file.get_mut("stream").and_then(Value::as_array_mut).context("no streams")?;
    let is_log = |entry: &Value| entry.get("name").and_then(Value::as_str) == Some("ROUNDS_{shard}");
    entries.retain(is_log);
    let log = entries.first_mut().and_then(Value::as_table_mut).context("no round log")?;
    log.insert("name".to_owned(), "BENCH_{shard}".into());
    log.insert("at".to_owned(), Value::Array(vec!["region".into()]));
    log.insert("max_bytes".to_owned(), Value::Integer(MAX_BYTES));
    log.insert("subjects".to_owned(), Value::Array(vec!["rounds.{region}.9{shard}.>".into()]));
    file.remove("bucket");
    file.remove("object_store");
    Ok(toml::to_string(&file)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_benchs_streams_differ_from_the_round_log_in_name_place_subject_and_room_only() {
        let file: Table = streams().unwrap().parse().unwrap();
        StreamsFile::parse(&file.to_string()).unwrap();
        let stream = &file["stream"][0];
        assert_eq!(stream["subjects"][0].as_str(), Some("rounds.{region}.9{shard}.>"));
        assert_eq!(stream["discard"].as_str(), Some("new"));
        assert_eq!(stream["storage"].as_str(), Some("file"));
        assert_eq!(file["stream"].as_array().unwrap().len(), 1);
    }
}
