//! The servers as configured: what comes up, who may say what, what crosses a link and what does not.
use super::*;
use crate::proxy::Direction;
use async_nats::jetstream::{self, stream};
use async_nats::{Client, ConnectOptions};
use futures::StreamExt;

fn options(state: &Path, proxied: bool) -> NatsOptions {
    let region = |name: &str| Region {
        name: name.to_owned(),
        dealer: format!("dealer-{name}"),
        edges: vec![format!("{name}-1")],
    };
    NatsOptions {
        state: state.to_owned(),
        ports: PortPlan::Free,
        regions: vec![region("west"), region("east")],
        core_dealer: "dealer-core".to_owned(),
        proxied,
    }
}

async fn cluster(proxied: bool) -> (tempfile::TempDir, NatsCluster) {
    let folder = tempfile::tempdir().unwrap();
    let cluster = NatsCluster::start(&Tools::find().unwrap(), &options(folder.path(), proxied)).await.unwrap();
    (folder, cluster)
}

async fn connect(user: NatsUser) -> Client {
    let options = ConnectOptions::new()
        .user_and_password(user.user.clone(), user.password().unwrap())
        .custom_inbox_prefix(format!("_INBOX_{}", user.user))
        .request_timeout(Some(Duration::from_secs(2)));
    options.connect(&user.url).await.unwrap()
}

/// The round log of shard 0, as provisioning makes it.
async fn make_rounds(server: &NatsServer, region: &str) -> jetstream::Context {
    let admin = jetstream::new(connect(server.user("provision")).await);
    let config = stream::Config {
        name: "ROUNDS_0".to_owned(),
        subjects: vec![format!("rounds.{region}.0.>")],
        allow_direct: true,
        ..Default::default()
    };
    admin.create_stream(config).await.unwrap();
    admin
}

async fn stored(admin: &jetstream::Context) -> u64 {
    admin.get_stream("ROUNDS_0").await.unwrap().cached_info().state.messages
}

#[tokio::test]
async fn only_a_regions_dealer_writes_its_round_log() {
    let (_folder, cluster) = cluster(false).await;
    let west = cluster.leaf("west").unwrap();
    let admin = make_rounds(west, "west").await;
    let dealer = connect(west.user("dealer_west")).await;
    jetstream::new(dealer.clone()).publish("rounds.west.0.lease", "bound".into()).await.unwrap().await.unwrap();
    let edge = connect(west.user("edge_west-1")).await;
    let core = connect(cluster.hub().user("core")).await;
    let stranger = connect(cluster.leaf("east").unwrap().user("dealer_east")).await;
    for intruder in [&edge, &core, &stranger] {
        intruder.publish("rounds.west.0.lease", "forged".into()).await.unwrap();
        intruder.flush().await.unwrap();
    }
    dealer.publish("rounds.east.0.lease", "not my region".into()).await.unwrap();
    dealer.flush().await.unwrap();
    jetstream::new(dealer.clone()).publish("rounds.west.0.lease", "bound".into()).await.unwrap().await.unwrap();
    assert_eq!(stored(&admin).await, 2, "only the dealer's own two are in the log");
    let log = jetstream::new(edge).get_stream_no_info("ROUNDS_0").await.unwrap();
    let seen = log.direct_get_last_for_subject("rounds.west.0.lease").await.unwrap();
    assert_eq!(&seen.payload[..], b"bound", "an edge reads what it can't write");
}

#[tokio::test]
async fn questions_cross_the_link_under_their_own_name_and_answers_come_back() {
    let (_folder, cluster) = cluster(false).await;
    let core = connect(cluster.hub().user("core")).await;
    let mut asked = core.queue_subscribe("rpc.core.*.*", "core".to_owned()).await.unwrap();
    core.flush().await.unwrap();
    let tasks = tokio_util::task::TaskTracker::new();
    let answering = core.clone();
    tasks.spawn(async move {
        while let Some(question) = asked.next().await {
            if let Some(reply) = question.reply {
                let _ = answering.publish(reply, question.subject.to_string().into()).await;
            }
        }
    });
    let edge = connect(cluster.leaf("west").unwrap().user("edge_west-1")).await;
    let answer = until_answered(&edge, "rpc.core.west-1.offer").await;
    assert_eq!(&answer[..], b"rpc.core.west-1.offer");
    let borrowed_name = edge.request("rpc.core.east-1.offer", "".into()).await;
    assert!(borrowed_name.is_err(), "an edge can't ask under another edge's name");
    let control = edge.request("ctl.dealer.dealer-west.open", "".into()).await;
    assert!(control.is_err(), "only the core opens leases at a dealer");
}

/// Interest takes a moment to cross a fresh link.
async fn until_answered(client: &Client, subject: &'static str) -> Vec<u8> {
    let asking = async {
        loop {
            if let Ok(answer) = client.request(subject, "".into()).await {
                return answer.payload.to_vec();
            }
            tokio::time::sleep(POLL).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), asking).await.unwrap()
}

#[tokio::test]
async fn a_region_keeps_writing_while_its_link_is_cut_or_silent() {
    let (_folder, cluster) = cluster(true).await;
    let west = cluster.leaf("west").unwrap();
    make_rounds(west, "west").await;
    let dealer = jetstream::new(connect(west.user("dealer_west")).await);
    let link = cluster.link("west").unwrap();
    link.cut();
    dealer.publish("rounds.west.0.lease", "while cut".into()).await.unwrap().await.unwrap();
    let gone = async {
        while linked(cluster.hub().monitor_port()).await != Some(1) {
            tokio::time::sleep(POLL).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), gone).await.expect("the leaf goes through the proxy, not round it");
    link.heal();
    cluster.wait_linked(Duration::from_secs(15)).await.unwrap();
    link.blackhole(Direction::Up);
    dealer.publish("rounds.west.0.lease", "while silent".into()).await.unwrap().await.unwrap();
    let noticed = async {
        while linked(cluster.hub().monitor_port()).await != Some(1) {
            tokio::time::sleep(POLL).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(15), noticed).await.expect("a silent link is noticed within seconds");
    link.heal();
    cluster.wait_linked(Duration::from_secs(15)).await.unwrap();
}

#[tokio::test]
async fn a_killed_leaf_comes_back_with_its_log() {
    let (_folder, cluster) = cluster(false).await;
    let west = cluster.leaf("west").unwrap();
    make_rounds(west, "west").await;
    let dealer = jetstream::new(connect(west.user("dealer_west")).await);
    dealer.publish("rounds.west.0.lease", "bound".into()).await.unwrap().await.unwrap();
    west.process().kill();
    west.process().restart().unwrap();
    west.wait().await.unwrap();
    let admin = jetstream::new(connect(west.user("provision")).await);
    assert_eq!(stored(&admin).await, 1);
    cluster.wait_linked(Duration::from_secs(15)).await.unwrap();
    cluster.stop().await.unwrap();
}
