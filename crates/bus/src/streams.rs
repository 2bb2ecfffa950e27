//! The file `nats/streams.toml`: every stream, bucket and object store, as data. `nats/README.md` says how to read it.

use ids::RegionId;
use serde::Deserialize;

/// The whole file.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StreamsFile {
    /// The durable consumers by which one stream sources another.
    pub(crate) sourcing: Sourcing,
    #[serde(default, rename = "stream")]
    pub(crate) streams: Vec<StreamEntry>,
    #[serde(default, rename = "bucket")]
    pub(crate) buckets: Vec<BucketEntry>,
    #[serde(default, rename = "object_store")]
    pub(crate) object_stores: Vec<ObjectStoreEntry>,
}

/// The file can't be used.
#[derive(Debug, thiserror::Error)]
pub enum StreamsError {
    /// It is no TOML of this shape.
    #[error("streams file: {0}")]
    Parse(#[from] toml::de::Error),
    /// It asks for what this version can't do.
    #[error("streams file: {what} of {name} is not supported")]
    Unsupported {
        /// The entry.
        name: String,
        /// The setting.
        what: &'static str,
    },
}

/// Where a stream stands: the hub's domain, or the domain of every region.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Place {
    Hub,
    Region,
}

/// How sourcing consumers acknowledge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SourcingAck {
    FlowControl,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sourcing {
    pub(crate) consumer: String,
    #[serde(rename = "ack_policy")]
    pub(crate) _ack_policy: SourcingAck,
    pub(crate) heartbeat_ms: u64,
    pub(crate) max_ack_pending: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Storage {
    File,
    Memory,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Retention {
    Limits,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Discard {
    Old,
    New,
}

/// One stream, or one a shard.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StreamEntry {
    pub(crate) name: String,
    pub(crate) at: Vec<Place>,
    #[serde(default)]
    pub(crate) shards: Option<u16>,
    #[serde(default)]
    pub(crate) subjects: Vec<String>,
    pub(crate) storage: Storage,
    #[serde(rename = "retention")]
    pub(crate) _retention: Retention,
    pub(crate) discard: Discard,
    pub(crate) max_bytes: i64,
    pub(crate) max_age_s: u64,
    #[serde(default)]
    pub(crate) max_msgs_per_subject: Option<i64>,
    pub(crate) max_msg_bytes: i32,
    #[serde(default)]
    pub(crate) duplicate_window_s: u64,
    #[serde(default)]
    pub(crate) deny_delete: bool,
    #[serde(default)]
    pub(crate) deny_purge: bool,
    #[serde(default)]
    pub(crate) allow_direct: bool,
    #[serde(default = "one")]
    pub(crate) replicas: usize,
    #[serde(default)]
    pub(crate) sources: Vec<SourceEntry>,
}

/// Streams that another one gathers.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SourceEntry {
    pub(crate) stream: String,
    pub(crate) from: Vec<Place>,
    pub(crate) deliver: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BucketEntry {
    pub(crate) name: String,
    pub(crate) at: Vec<Place>,
    pub(crate) storage: Storage,
    pub(crate) history: i64,
    pub(crate) max_bytes: i64,
    pub(crate) max_value_bytes: i32,
    #[serde(default = "one")]
    pub(crate) replicas: usize,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ObjectStoreEntry {
    pub(crate) name: String,
    pub(crate) at: Vec<Place>,
    pub(crate) storage: Storage,
    pub(crate) max_bytes: i64,
    #[serde(default = "one")]
    pub(crate) replicas: usize,
}

const fn one() -> usize {
    1
}

impl StreamsFile {
    /// Reads the file's text.
    ///
    /// # Errors
    /// [`StreamsError`] when it is not of this shape, or asks for what can't be done.
    pub fn parse(text: &str) -> Result<Self, StreamsError> {
        let file: Self = toml::from_str(text)?;
        for stream in &file.streams {
            if !stream.sources.is_empty() && stream.at != [Place::Hub] {
                return Err(StreamsError::Unsupported { name: stream.name.clone(), what: "sources away from the hub" });
            }
        }
        Ok(file)
    }
}

/// A name or subject with its tokens filled in.
pub(crate) fn fill(pattern: &str, region: &RegionId, shard: u16) -> String {
    pattern.replace("{region}", region.as_str()).replace("{shard}", &shard.to_string())
}

impl StreamEntry {
    /// The shards that the entry stands for: one without `shards`.
    pub(crate) fn each_shard(&self) -> std::ops::Range<u16> {
        0..self.shards.unwrap_or(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_platforms_file_is_read() {
        let file = StreamsFile::parse(include_str!("../../../nats/streams.toml")).unwrap();
        let rounds = file.streams.iter().find(|stream| stream.name == "ROUNDS_{shard}").unwrap();
        assert_eq!(rounds.each_shard(), 0..wire::subjects::ROUND_SHARDS);
        assert_eq!(rounds.discard, Discard::New);
        assert!(rounds.deny_delete && rounds.deny_purge && rounds.allow_direct);
        let west: RegionId = "west".parse().unwrap();
        assert_eq!(fill("src.{region}.rounds.{shard}", &west, 3), "src.west.rounds.3");
    }

    #[test]
    fn an_unknown_setting_is_refused() {
        let text = include_str!("../../../nats/streams.toml").replacen("deny_purge", "deny_purges", 1);
        assert!(matches!(StreamsFile::parse(&text), Err(StreamsError::Parse(_))));
    }
}
