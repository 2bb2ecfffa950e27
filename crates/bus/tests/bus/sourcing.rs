//! Hub and region as the platform runs them: the hub gathers what the region's dealer appends.

use std::net::TcpListener;
use std::time::Duration;

use bus::testing::NatsServer;
use bus::{Append, Bus, ConsumeOptions, Site, provision};
use telemetry::Trace;

use crate::region::streams;

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

async fn append(bus: &Bus, subject: &str, number: u32) {
    let append = Append {
        message_id: Some(format!("{subject}/{number}")),
        expected_last_subject_seq: None,
        payload: number.to_string().into(),
        trace: Trace::root(),
    };
    bus.journal(None).append(subject, append).await.unwrap();
}

async fn gathered(hub: &Bus, expect: usize) -> Vec<(String, String)> {
    let options =
        ConsumeOptions { domain: None, stream: "ROUNDS_ALL_0".into(), durable: "settle".into(), filter: None };
    let mut consumer = hub.consume(options).await.unwrap();
    let mut seen = Vec::new();
    while seen.len() < expect {
        let batch = consumer.next_batch(100, Duration::from_secs(30)).await.unwrap();
        assert!(!batch.is_empty(), "nothing came from the region in time: {seen:?}");
        for stored in &batch.messages {
            seen.push((stored.subject.clone(), String::from_utf8(stored.payload.to_vec()).unwrap()));
        }
        batch.ack().await.unwrap();
    }
    seen
}

#[tokio::test]
async fn the_hub_gathers_a_regions_log_and_its_own_in_order_and_provisioning_again_changes_nothing() {
    let leaf_port = free_port();
    let hub =
        NatsServer::start_with("hub", &format!("leafnodes {{ listen: \"127.0.0.1:{leaf_port}\" }}")).await.unwrap();
    let remote = format!("leafnodes {{ reconnect: 1, remotes: [ {{ url: \"nats://127.0.0.1:{leaf_port}\" }} ] }}");
    let west = NatsServer::start_with("west", &remote).await.unwrap();
    let (hub_bus, west_bus) = (hub.connect("hub").await.unwrap(), west.connect("west").await.unwrap());
    let (core, region) = ("core".parse().unwrap(), "west".parse().unwrap());
    let hub_site = Site::Hub { own: core, regions: vec![region] };
    for _ in 0..2 {
        provision(&west_bus, &streams(), &Site::Region("west".parse().unwrap())).await.unwrap();
        provision(&hub_bus, &streams(), &hub_site).await.unwrap();
    }
    for number in 0..20 {
        append(&west_bus, "rounds.west.0.lease", number).await;
        append(&hub_bus, "rounds.core.0.lease", number).await;
    }
    let seen = gathered(&hub_bus, 40).await;
    for subject in ["rounds.west.0.lease", "rounds.core.0.lease"] {
        let numbers: Vec<_> = seen.iter().filter(|(from, _)| from == subject).map(|(_, text)| text.clone()).collect();
        assert_eq!(numbers, (0..20).map(|number| number.to_string()).collect::<Vec<_>>(), "{subject}");
    }
    // The hub reads the region's own stream too, by its domain.
    let direct = hub_bus.journal(Some("west")).read("ROUNDS_0", "rounds.west.0.lease", 1, 100).await.unwrap();
    assert_eq!(direct.len(), 20);
    provision(&hub_bus, &streams(), &hub_site).await.unwrap();
    append(&west_bus, "rounds.west.0.lease", 20).await;
    assert_eq!(gathered(&hub_bus, 1).await, [("rounds.west.0.lease".to_owned(), "20".to_owned())]);
}
