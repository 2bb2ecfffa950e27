//! Making the streams, sourcing consumers, buckets and object stores of one server: what is missing is made, what differs is
//! updated where the server allows that, nothing is ever deleted. Running it again changes nothing.
//!
//! The hub sources the regions' streams by durable consumers (ADR-60) that each region's own provisioning makes, so the regions
//! come first; a hub that comes earlier tries until they are there. The client's `Source::domain` is refused by the server
//! (it serialises a field that the server does not know), hence `External`.

use std::time::Duration;

use async_nats::jetstream::consumer::{AckPolicy, DeliverPolicy, push};
use async_nats::jetstream::stream::{Config, DiscardPolicy, External, Source, StorageType, StreamConsumerSource};
use async_nats::jetstream::{self, Context, kv, object_store};
use ids::RegionId;

use crate::journal::context;
use crate::streams::{BucketEntry, Discard, ObjectStoreEntry, Place, Storage, StreamEntry, fill};
use crate::{Bus, BusError, StreamsFile};

/// Which server is set up, by a connection to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Site {
    /// The hub, which gathers the streams of these regions.
    Hub {
        /// The hub's own name in subjects, `core`.
        own: RegionId,
        /// The regions.
        regions: Vec<RegionId>,
    },
    /// One region's server, in the domain of its name.
    Region(RegionId),
}

impl Site {
    fn place(&self) -> Place {
        match self {
            Self::Hub { .. } => Place::Hub,
            Self::Region(_) => Place::Region,
        }
    }

    fn own(&self) -> &RegionId {
        match self {
            Self::Hub { own, .. } => own,
            Self::Region(region) => region,
        }
    }
}

/// Makes and updates everything that the file says stands at `site`.
///
/// # Errors
/// [`BusError`] naming the first stream, consumer or bucket that the server refuses. Running it again goes on from there.
pub async fn provision(bus: &Bus, file: &StreamsFile, site: &Site) -> Result<(), BusError> {
    let server = context(&bus.client, None);
    let here = |at: &[Place]| at.contains(&site.place());
    let (plain, sourcing): (Vec<_>, Vec<_>) =
        file.streams.iter().filter(|entry| here(&entry.at)).partition(|entry| entry.sources.is_empty());
    for entry in plain {
        for shard in entry.each_shard() {
            put_stream(&server, config(entry, site, shard, Vec::new())).await?;
        }
    }
    put_source_consumers(&server, file, site).await?;
    for entry in sourcing {
        for shard in entry.each_shard() {
            put_stream(&server, config(entry, site, shard, sources(file, entry, site, shard))).await?;
        }
    }
    for entry in file.buckets.iter().filter(|entry| here(&entry.at)) {
        put_bucket(&server, entry).await?;
    }
    for entry in file.object_stores.iter().filter(|entry| here(&entry.at)) {
        put_object_store(&server, entry).await?;
    }
    Ok(())
}

const fn storage(storage: Storage) -> StorageType {
    match storage {
        Storage::File => StorageType::File,
        Storage::Memory => StorageType::Memory,
    }
}

fn config(entry: &StreamEntry, site: &Site, shard: u16, sources: Vec<Source>) -> Config {
    let own = site.own();
    Config {
        name: fill(&entry.name, own, shard),
        subjects: entry.subjects.iter().map(|subject| fill(subject, own, shard)).collect(),
        storage: storage(entry.storage),
        discard: match entry.discard {
            Discard::Old => DiscardPolicy::Old,
            Discard::New => DiscardPolicy::New,
        },
        max_bytes: entry.max_bytes,
        max_messages: -1,
        max_messages_per_subject: entry.max_msgs_per_subject.unwrap_or(-1),
        max_consumers: -1,
        max_age: Duration::from_secs(entry.max_age_s),
        max_message_size: entry.max_msg_bytes,
        duplicate_window: Duration::from_secs(entry.duplicate_window_s),
        deny_delete: entry.deny_delete,
        deny_purge: entry.deny_purge,
        allow_direct: entry.allow_direct,
        num_replicas: entry.replicas,
        sources: (!sources.is_empty()).then_some(sources),
        ..Config::default()
    }
}

/// What the hub's stream gathers: of its own server by name, of a region through that region's API.
fn sources(file: &StreamsFile, entry: &StreamEntry, site: &Site, shard: u16) -> Vec<Source> {
    let Site::Hub { own, regions } = site else { return Vec::new() };
    let mut sources = Vec::new();
    for source in &entry.sources {
        let mut add = |region: &RegionId, external: Option<External>| {
            let deliver = fill(&source.deliver, region, shard);
            sources.push(Source {
                name: fill(&source.stream, region, shard),
                external,
                consumer: Some(StreamConsumerSource::new(&file.sourcing.consumer, deliver)),
                ..Source::default()
            });
        };
        if source.from.contains(&Place::Hub) {
            add(own, None);
        }
        if source.from.contains(&Place::Region) {
            for region in regions {
                add(region, Some(External { api_prefix: format!("$JS.{region}.API"), delivery_prefix: None }));
            }
        }
    }
    sources
}

/// The consumers on this server's streams by which the hub sources them.
async fn put_source_consumers(server: &Context, file: &StreamsFile, site: &Site) -> Result<(), BusError> {
    for entry in &file.streams {
        for source in entry.sources.iter().filter(|source| source.from.contains(&site.place())) {
            for shard in entry.each_shard() {
                let stream = fill(&source.stream, site.own(), shard);
                let config = push::Config {
                    durable_name: Some(file.sourcing.consumer.clone()),
                    deliver_subject: fill(&source.deliver, site.own(), shard),
                    deliver_policy: DeliverPolicy::All,
                    ack_policy: AckPolicy::FlowControl,
                    flow_control: true,
                    idle_heartbeat: Duration::from_millis(file.sourcing.heartbeat_ms),
                    max_ack_pending: file.sourcing.max_ack_pending,
                    ..push::Config::default()
                };
                let made = server.create_consumer_on_stream(config, stream.as_str()).await;
                made.map_err(|error| BusError::nats(format!("sourcing consumer of {stream}"), error))?;
            }
        }
    }
    Ok(())
}

async fn put_stream(server: &Context, config: Config) -> Result<(), BusError> {
    let name = config.name.clone();
    let put = server.create_or_update_stream(config).await;
    put.map(|_| ()).map_err(|error| BusError::nats(format!("stream {name}"), error))
}

async fn put_bucket(server: &Context, entry: &BucketEntry) -> Result<(), BusError> {
    let config = kv::Config {
        bucket: entry.name.clone(),
        history: entry.history,
        max_bytes: entry.max_bytes,
        max_value_size: entry.max_value_bytes,
        storage: storage(entry.storage),
        num_replicas: entry.replicas,
        ..kv::Config::default()
    };
    let put = server.create_or_update_key_value(config).await;
    put.map(|_| ()).map_err(|error| BusError::nats(format!("bucket {}", entry.name), error))
}

/// Made once: the client has no way to update one.
async fn put_object_store(server: &Context, entry: &ObjectStoreEntry) -> Result<(), BusError> {
    let stream = format!("OBJ_{}", entry.name);
    if let Err(error) = server.get_stream(&stream).await {
        let missing = matches!(
            error.kind(),
            jetstream::context::GetStreamErrorKind::JetStream(ref code)
                if code.error_code() == jetstream::ErrorCode::STREAM_NOT_FOUND
        );
        if !missing {
            return Err(BusError::nats(format!("stream {stream}"), error));
        }
        let config = object_store::Config {
            bucket: entry.name.clone(),
            max_bytes: entry.max_bytes,
            storage: storage(entry.storage),
            num_replicas: entry.replicas,
            ..object_store::Config::default()
        };
        let made = server.create_object_store(config).await;
        made.map_err(|error| BusError::nats(format!("object store {}", entry.name), error))?;
    }
    Ok(())
}
