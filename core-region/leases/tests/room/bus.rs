//! The room on a real NATS server, with the real dealer at the other end: subjects, answers, the log, the catalogue.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use ::bus::testing::NatsServer;
use ::bus::{Bus, Site, StreamsFile, provision};
use clock::{SharedClock, SystemClock};
use database::testing::TestDatabase;
use dealer::{Dealer, DealerKeys};
use leases::{BusDealers, Catalogue, DealerPort, Leases, Parts, Shelf, Status};
use ledger::{Command, Intent, Ledger, Memory, Unit};
use money::Currency;
use seeds::{CoreSigner, Hardware, KeyRing, Options, Seeds};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use wire::subjects;
use wire::v1::catalogue::{CatalogueEntry, GameStatus};
use wire::v1::client::Cursor;
use wire::v1::core::{Beat, Close, ClosedReply, Heartbeat, HeldLease, Opened, Resume, Resumed, TopUp, ToppedUpReply};
use wire::v1::lease::{CloseReason, LeaseOffer};
use wire::v1::record::RecordBody;
use wire::v1::{RefusalCode, Reply};
use zeroize::Zeroizing;

use crate::dealer_behind::DealerBehind;
use crate::world::{Client, Folded, World, edge, minor, release, rules, trace};

struct Live {
    _server: NatsServer,
    _database: TestDatabase,
    bus: Bus,
    leases: Arc<Leases>,
    catalogue: Arc<Catalogue>,
    port: BusDealers,
    client: Client,
    cancel: CancellationToken,
    tracker: TaskTracker,
}

async fn live() -> Live {
    let server = NatsServer::start("hub").await.unwrap();
    let bus = server.connect("core").await.unwrap();
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../nats/streams.toml")).unwrap();
    let site = Site::Hub { own: "core".parse().unwrap(), regions: Vec::new() };
    provision(&bus, &StreamsFile::parse(&text).unwrap(), &site).await.unwrap();
    let database = TestDatabase::create(&[&seeds::MIGRATIONS, &leases::MIGRATIONS]).await.unwrap();
    let clock: SharedClock = SystemClock::shared();
    let ledger = Ledger::open(Arc::new(Memory::new(0)), clock.clone(), ledger::Options::default()).await.unwrap();
    let options = Options {
        keys: KeyRing::new(Zeroizing::new([1; 32]), Vec::new()),
        player_tag_secret: Zeroizing::new([2; 32]),
        hardware: Hardware::Absent,
    };
    let seeds = Arc::new(Seeds::open(database.pool().clone(), options, clock.clone()).await.unwrap());
    let shelf = Shelf::open(&bus, None).await.unwrap();
    let releases = vec![release("dice", 1)];
    let catalogue = Catalogue::open(database.pool().clone(), releases, Some(shelf), clock.clone()).await.unwrap();
    let catalogue = Arc::new(catalogue);
    // The same keys as the dealer of the other tests; only the core's own dealer is there.
    let mut rules = rules(&DealerBehind::new(Arc::default()));
    rules.dealers.retain(|region, _| region.as_str() == "core");
    let leases = Arc::new(Leases::new(Parts {
        pool: database.pool().clone(),
        ledger: ledger.clone(),
        seeds,
        signer: CoreSigner::from_secret(&[9; 32]),
        dealers: Arc::new(BusDealers::new(bus.clone(), None)),
        catalogue: catalogue.clone(),
        clock: clock.clone(),
        rules,
    }));
    let (tracker, cancel) = (TaskTracker::new(), CancellationToken::new());
    leases.serve(&bus, Arc::new(Folded(Vec::new())), &tracker, &cancel).await.unwrap();
    let keys = DealerKeys::new(&[3; 32], &[4; 32]);
    let (id, region) = ("dealer-core".parse().unwrap(), "core".parse().unwrap());
    let dealer = Dealer::new(id, region, None, server.connect("dealer").await.unwrap(), keys, clock);
    dealer::serve(&dealer, &tracker, &cancel).await.unwrap();
    let client = Client { id: ids::PlayerId::at(1, [1; 10]), key: ed25519_dalek::SigningKey::from_bytes(&[8; 32]) };
    let intent = Intent::Deposit { player: client.id, amount: minor(1_000), provider: "sandbox".into() };
    let id = ids::TransferId::at(1, [1; 10]);
    ledger.submit(Unit::of(Command { id, currency: Currency::EUR, intent, event_ms: 1 })).await.unwrap();
    let port = BusDealers::new(bus.clone(), None);
    Live { _server: server, _database: database, bus, leases, catalogue, port, client, cancel, tracker }
}

impl Live {
    async fn ask<Q: Serialize + Sync, A: DeserializeOwned>(&self, name: &str, verb: &str, question: &Q) -> Reply<A> {
        let subject = subjects::core_rpc(&edge(name), verb);
        self.bus.request(&subject, question, Duration::from_secs(10), &trace()).await.unwrap()
    }

    async fn done<Q: Serialize + Sync, A: DeserializeOwned + std::fmt::Debug>(&self, verb: &str, question: &Q) -> A {
        match self.ask::<Q, A>("west-1", verb, question).await {
            Reply::Done(answer) => answer,
            other => panic!("{verb}: {other:?}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edge_leases_tops_up_beats_and_closes_over_the_bus() {
    let live = live().await;
    let offer: LeaseOffer = live.done("offer", &World::ask_offer(&live.client, 400)).await;
    let opened: Opened = live.done("open", &World::take_up(&live.client, &offer, 5)).await;
    let RecordBody::Opened(terms) = &opened.record.body else { panic!("{:?}", opened.record) };
    assert_eq!(terms.dealer.as_str(), "dealer-core");
    let more = TopUp { lease: offer.lease, epoch: 1, amount_minor: minor(50) };
    let topped: ToppedUpReply = live.done("topup", &more).await;
    let beat = Heartbeat {
        region: "west".parse().unwrap(),
        url: "ws://west-1".into(),
        leases: vec![HeldLease { lease: offer.lease, epoch: 1 }],
        draining: false,
    };
    let beat: Beat = live.done("heartbeat", &beat).await;
    assert!(beat.revoked.is_empty());
    let cursor = Cursor { lease: Some(offer.lease), deal: 0, core_seq: 1 };
    let ask = Resume { player: live.client.id, cursor, holds_lease: false };
    let resumed: Resumed = live.done("resume", &ask).await;
    assert_eq!((resumed.core_seq, resumed.lease.map(|lease| lease.stays)), (2, Some(true)));
    let close = Close { player: live.client.id, lease: offer.lease, reason: CloseReason::Asked };
    let closed: ClosedReply = live.done("close", &close).await;
    // The log comes to the hub's stream by sourcing, whole and in order.
    let mut log = Vec::new();
    for _ in 0..200 {
        log = live.port.read_log(&"core".parse().unwrap(), offer.lease).await.unwrap();
        if log.len() == 3 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(log, [opened.record, topped.record, closed.record]);
    assert_eq!(live.leases.find(offer.lease).await.unwrap().unwrap().status, Status::Closed);
    live.cancel.cancel();
    live.tracker.close();
    tokio::time::timeout(Duration::from_secs(10), live.tracker.wait()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restarted_dealer_syncs_over_the_bus() {
    let live = live().await;
    let offer: LeaseOffer = live.done("offer", &World::ask_offer(&live.client, 400)).await;
    let opened: Opened = live.done("open", &World::take_up(&live.client, &offer, 5)).await;
    let keys = DealerKeys::new(&[3; 32], &[4; 32]);
    let (id, region) = ("dealer-core".parse().unwrap(), "core".parse().unwrap());
    let again =
        Dealer::new(id, region, None, live._server.connect("again").await.unwrap(), keys, SystemClock::shared());
    dealer::sync(&again).await;
    assert_eq!(again.leases(), 1);
    assert_eq!(opened.record.index, 0);
    live.cancel.cancel();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_can_not_be_read_or_is_no_verb_is_refused_and_the_subject_says_who_asks() {
    let live = live().await;
    let refused = async |name: &str, verb: &str, question: serde_json::Value| match live
        .ask::<_, serde_json::Value>(name, verb, &question)
        .await
    {
        Reply::Refused(refusal) => refusal.code,
        other => panic!("{verb}: {other:?}"),
    };
    assert_eq!(refused("west-1", "offer", serde_json::json!({"player": 1})).await, RefusalCode::Malformed);
    assert_eq!(refused("west-1", "steal", serde_json::json!({})).await, RefusalCode::Malformed);
    let offer: LeaseOffer = live.done("offer", &World::ask_offer(&live.client, 400)).await;
    let open = serde_json::to_value(World::take_up(&live.client, &offer, 5)).unwrap();
    assert_eq!(refused("west-2", "open", open).await, RefusalCode::OfferUnknown);
    live.cancel.cancel();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_catalogue_and_its_components_are_published_and_a_quarantine_is_too() {
    let live = live().await;
    let dice = release("dice", 1);
    let components = live.bus.objects(None, "COMPONENTS").await.unwrap();
    assert_eq!(components.get(&dice.digest.to_string()).await.unwrap(), dice.component);
    let games = live.bus.kv(None, "GAMES").await.unwrap();
    let read = async || -> CatalogueEntry { wire::decode(&games.get("dice").await.unwrap().unwrap().value).unwrap() };
    assert_eq!((read().await.digest, read().await.status), (dice.digest, GameStatus::Enabled));
    live.catalogue.quarantine(dice.digest, "trap").await.unwrap();
    assert_eq!(read().await.status, GameStatus::Quarantined);
    live.cancel.cancel();
}
