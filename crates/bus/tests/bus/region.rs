//! A region's server with the platform's own streams.

use bus::testing::NatsServer;
use bus::{Bus, Site, StreamsFile, provision};

/// The platform's own streams.
pub(crate) fn streams() -> StreamsFile {
    StreamsFile::parse(include_str!("../../../../nats/streams.toml")).unwrap()
}

/// A region's server with its streams, and a connection to it.
pub(crate) async fn region() -> (NatsServer, Bus) {
    let server = NatsServer::start("west").await.unwrap();
    let bus = server.connect("test").await.unwrap();
    provision(&bus, &streams(), &Site::Region("west".parse().unwrap())).await.unwrap();
    (server, bus)
}
