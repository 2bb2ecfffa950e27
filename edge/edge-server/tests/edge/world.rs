//! The other side of the edge's wire: a core and a dealer of the test's own, over a real NATS with real streams.
//!
//! They keep the rules that the edge relies on and no more: a deal is bound once, in the stream, before its key is shown. The
//! real ones are joined with the edge in the platform's tests.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bus::{Append, Bus, Incoming, ServeOptions, Site, StreamsFile, provision};
use fairness::{LeaseKey, Seed, lease_key, round_key};
use ids::{Digest, LeaseId, PlayerId};
use money::{Amount, Currency};
use parking_lot::Mutex;
use telemetry::Trace;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use wire::subjects;
use wire::v1::catalogue::{CatalogueEntry, GameStatus};
use wire::v1::client::Tail;
use wire::v1::core::{self, Beat, ClosedReply, Opened, Resumed, ResumedLease};
use wire::v1::dealer::{BindReply, BindRequest, RecoverReply, RecoverRequest};
use wire::v1::lease::{LeaseOffer, LeaseTerms, Limits, PinnedGame};
use wire::v1::record::{BoundDeal, Closed, Record, RecordBody};
use wire::v1::wallet::{WalletBody, WalletEvent};
use wire::v1::{Hex, HexBytes, RefusalCode, Reply};

const STREAMS: &str = r#"
[sourcing]
consumer = "unused"
ack_policy = "flow_control"
heartbeat_ms = 2000
max_ack_pending = 10

[[stream]]
name = "ROUNDS_{shard}"
at = ["hub"]
shards = 4
subjects = ["rounds.{region}.{shard}.>"]
storage = "file"
retention = "limits"
discard = "new"
max_bytes = 10000000
max_age_s = 1000
max_msg_bytes = 65536
duplicate_window_s = 60
allow_direct = true

[[stream]]
name = "TOLD"
at = ["hub"]
subjects = ["told.{region}.>"]
storage = "file"
retention = "limits"
discard = "old"
max_bytes = 10000000
max_age_s = 1000
max_msg_bytes = 65536
duplicate_window_s = 60
allow_direct = true

[[bucket]]
name = "GAMES"
at = ["hub"]
storage = "file"
history = 8
max_bytes = 1000000
max_value_bytes = 65536

[[object_store]]
name = "COMPONENTS"
at = ["hub"]
storage = "file"
max_bytes = 10000000
"#;

struct Lease {
    offer: LeaseOffer,
    terms: Option<LeaseTerms>,
    key: Option<LeaseKey>,
    records: Vec<Record>,
    keys: Vec<Hex<32>>,
}

/// What core and dealer know.
pub(crate) struct World {
    pub(crate) bus: Bus,
    pub(crate) game: CatalogueEntry,
    leases: Mutex<BTreeMap<LeaseId, Lease>>,
    events: Mutex<Vec<WalletEvent>>,
    /// The next bound deal's answer gets lost.
    pub(crate) lose_answer: AtomicBool,
}

fn now_ms() -> u64 {
    use clock::Clock;
    clock::SystemClock::new().now_ms()
}

/// The roulette of wasm-games, as `cargo xtask games` makes it.
async fn publish_game(bus: &Bus) -> CatalogueEntry {
    let dist = concat!(env!("CARGO_MANIFEST_DIR"), "/../../wasm-games/dist");
    let read =
        |name: &str| std::fs::read(format!("{dist}/{name}")).expect("the games are missing: run cargo xtask games");
    let (wasm, config) = (read("roulette.wasm"), read("configs/roulette-single.json"));
    let digest = Digest::from_bytes(fairness::sha256(&[&wasm]));
    let entry = CatalogueEntry {
        game: "roulette".parse().unwrap(),
        title: "Roulette".into(),
        digest,
        params: Digest::from_bytes(fairness::sha256(&[&config])),
        config: String::from_utf8(config).unwrap(),
        min_cycle_ms: 0,
        status: GameStatus::Enabled,
    };
    bus.objects(Some("hub"), "COMPONENTS").await.unwrap().put(&digest.to_string(), &wasm).await.unwrap();
    bus.kv(Some("hub"), "GAMES").await.unwrap().put("roulette", wire::encode(&entry).into()).await.unwrap();
    entry
}

impl World {
    pub(crate) async fn start(bus: Bus, tasks: &TaskTracker, cancel: &CancellationToken) -> Arc<Self> {
        let file = StreamsFile::parse(STREAMS).unwrap();
        let site = Site::Hub { own: "core".parse().unwrap(), regions: vec![] };
        provision(&bus, &file, &site).await.unwrap();
        let game = publish_game(&bus).await;
        let (leases, events, lose_answer) = (Mutex::default(), Mutex::default(), AtomicBool::new(false));
        let world = Arc::new(Self { bus: bus.clone(), game, leases, events, lose_answer });
        for subject in [subjects::CORE_RPC_ALL, "rpc.dealer.*.*"] {
            let options = ServeOptions { subject: subject.into(), queue_group: None, concurrency: 8 };
            let world = Arc::clone(&world);
            let handler = move |incoming: Incoming| {
                let world = Arc::clone(&world);
                async move { world.answer(&incoming).await }
            };
            bus.serve(options, tasks, cancel.clone(), handler).await.unwrap();
        }
        world
    }

    async fn answer(&self, incoming: &Incoming) -> Vec<u8> {
        let verb = subjects::last_token(&incoming.subject).to_owned();
        match verb.as_str() {
            "offer" => bus::reply(incoming, |ask| async move { Reply::Done(self.offer(&ask)) }).await,
            "open" => bus::reply(incoming, |ask| async move { Reply::Done(self.open(ask).await) }).await,
            "heartbeat" => bus::reply(incoming, |_: core::Heartbeat| async { Reply::Done(beat()) }).await,
            "close" => bus::reply(incoming, |ask| async move { self.close(&ask).await }).await,
            "resume" => bus::reply(incoming, |ask| async move { Reply::Done(self.resume(&ask)) }).await,
            "bind" => bus::reply(incoming, |ask| async move { self.bind(ask).await }).await,
            "recover" => bus::reply(incoming, |ask| async move { self.recover(&ask) }).await,
            _ => bus::reply(incoming, |_: serde_json::Value| async { Reply::<()>::Failed("not here".into()) }).await,
        }
    }

    fn offer(&self, ask: &core::Offer) -> LeaseOffer {
        let mut leases = self.leases.lock();
        let number = u8::try_from(leases.len() + 1).unwrap();
        let offer = LeaseOffer {
            lease: LeaseId::from_bytes([number; 16]),
            commit: Hex([number; 32]),
            offer_ms: now_ms(),
            player_tag: Hex(fairness::player_tag(&[1; 32], &ask.player.to_bytes())),
            issued_ms: now_ms() - 1_000,
            expires_ms: now_ms() + 900_000,
            max_rounds: 1_000,
            signature: Hex([0; 64]),
        };
        let lease = Lease { offer: offer.clone(), terms: None, key: None, records: vec![], keys: vec![] };
        leases.insert(offer.lease, lease);
        offer
    }

    async fn open(&self, ask: core::Open) -> Opened {
        let (request, player) = (ask.request, ask.player);
        let offer = self.leases.lock()[&request.lease].offer.clone();
        let opening = offer.opening(request.client_seed, request.client_mode);
        let open = opening.to_fair1().hash();
        let game = &self.game;
        let terms = LeaseTerms {
            player,
            region: "core".parse().unwrap(),
            edge: "core-1".parse().unwrap(),
            dealer: "dealer-core".parse().unwrap(),
            log_region: "core".parse().unwrap(),
            epoch: 1,
            currency: Currency::EUR,
            escrow_minor: Amount::from_minor(10_000),
            limits: Limits {
                min_stake_minor: Amount::from_minor(1),
                max_stake_minor: Amount::from_minor(5_000),
                max_loss_minor: Amount::from_minor(10_000),
            },
            games: vec![PinnedGame {
                game: game.game.clone(),
                digest: game.digest,
                params: game.params,
                config: game.config.clone(),
                min_cycle_ms: 0,
            }],
            carried: None,
            client_key: request.client_key,
            opening,
            open: Hex(open),
            client_signature: request.signature,
            core_signature: Hex([0; 64]),
        };
        if let Some(lease) = self.leases.lock().get_mut(&request.lease) {
            lease.key = Some(lease_key(&Seed::from_bytes([42; 32]), &open));
            lease.terms = Some(terms.clone());
        }
        let record = self.append(request.lease, RecordBody::Opened(Box::new(terms))).await;
        Opened { record, valid_until_ms: now_ms() + 60_000 }
    }

    /// Durable in the stream, behind the fence, before anybody hears of it.
    async fn append(&self, id: LeaseId, body: RecordBody) -> Record {
        let records = self.leases.lock()[&id].records.clone();
        let record = Record {
            lease: id,
            index: u32::try_from(records.len()).unwrap(),
            prev: records.last().map_or(Digest::from_bytes([0; 32]), Record::digest),
            at_ms: now_ms(),
            body,
        };
        let subject = subjects::rounds(&"core".parse().unwrap(), id);
        let append = Append {
            message_id: Some(format!("{id}/{}", record.index)),
            expected_last_subject_seq: None,
            payload: wire::encode(&record).into(),
            trace: Trace::root(),
        };
        self.bus.journal(Some("hub")).append(&subject, append).await.unwrap();
        self.leases.lock().get_mut(&id).unwrap().records.push(record.clone());
        record
    }

    async fn bind(&self, ask: BindRequest) -> Reply<BindReply> {
        let (id, deal) = (ask.intent.lease, ask.intent.deal);
        let bound = self.leases.lock()[&id].keys.len();
        let nth = usize::try_from(deal).unwrap() - 1;
        if nth > bound {
            return Reply::Refused(RefusalCode::DealOutOfOrder.into());
        }
        if nth == bound {
            let intent = ask.intent.clone();
            let (game, params) = (intent.game.to_bytes(), intent.params.to_bytes());
            let nonce = intent.client_nonce.0;
            let valid_until_ms = now_ms() + 60_000;
            let (edge, signature) = (ask.edge.clone(), Hex([7; 64]));
            self.append(id, RecordBody::Deal(Box::new(BoundDeal { intent, edge, valid_until_ms, signature }))).await;
            let mut leases = self.leases.lock();
            let lease = leases.get_mut(&id).unwrap();
            let key = round_key(lease.key.as_ref().unwrap(), deal, &game, &params, &nonce);
            lease.keys.push(Hex(*key.as_bytes()));
        }
        let leases = self.leases.lock();
        let lease = &leases[&id];
        let stands = lease.records.iter().find_map(|record| match &record.body {
            RecordBody::Deal(bound) if bound.intent.deal == deal => bound.intent.bet_hash().ok(),
            _ => None,
        });
        if stands != ask.intent.bet_hash().ok() {
            return Reply::Refused(RefusalCode::DealTaken.into());
        }
        if self.lose_answer.swap(false, Ordering::SeqCst) {
            return Reply::Failed("the answer was lost".into());
        }
        let known = usize::try_from(ask.known_records).unwrap();
        Reply::Done(BindReply { round_key: lease.keys[nth], records: lease.records[known..].to_vec() })
    }

    fn recover(&self, ask: &RecoverRequest) -> Reply<RecoverReply> {
        let leases = self.leases.lock();
        let Some(lease) = leases.get(&ask.lease) else { return Reply::Refused(RefusalCode::LeaseUnknown.into()) };
        Reply::Done(RecoverReply {
            records: u32::try_from(lease.records.len()).unwrap(),
            epoch: 1,
            round_keys: lease.keys.clone(),
            valid_until_ms: now_ms() + 60_000,
            closed: false,
        })
    }

    async fn close(&self, ask: &core::Close) -> Reply<ClosedReply> {
        let known = self.leases.lock().get(&ask.lease).map(|lease| (lease.keys.len(), lease.terms.clone()));
        let Some((deals, Some(terms))) = known else { return Reply::Refused(RefusalCode::LeaseUnknown.into()) };
        if terms.player != ask.player {
            return Reply::Refused(RefusalCode::LeaseUnknown.into());
        }
        let deals = u64::try_from(deals).unwrap();
        let record = self.append(ask.lease, RecordBody::Closed(Closed { deals, reason: ask.reason, epoch: 2 })).await;
        Reply::Done(ClosedReply { record })
    }

    fn resume(&self, ask: &core::Resume) -> Resumed {
        let events = self.events.lock();
        let newest = u64::try_from(events.len()).unwrap();
        let mine = events.iter().filter(|event| event.player == ask.player && event.core_seq > ask.cursor.core_seq);
        let leases = self.leases.lock();
        let lease = ask.cursor.lease.and_then(|id| leases.get(&id)).and_then(|lease| lease.terms.clone());
        let lease = lease.map(|terms| ResumedLease {
            lease: terms.opening.lease,
            terms,
            stays: true,
            missed: vec![],
            tail: Tail::Pending,
        });
        Resumed { wallet: vec![], core_seq: newest, events: mine.cloned().collect(), resync: false, lease }
    }

    /// The next wallet event of the player; published unless it gets `lost` on the way.
    pub(crate) async fn deposit(&self, player: PlayerId, lost: bool) {
        let body = WalletBody::Deposited { currency: Currency::EUR, amount_minor: Amount::from_minor(5) };
        let event = {
            let mut events = self.events.lock();
            let core_seq = u64::try_from(events.len()).unwrap() + 1;
            let event = WalletEvent { player, core_seq, at_ms: now_ms(), body };
            events.push(event.clone());
            event
        };
        if !lost {
            self.bus.publish(&subjects::wallet(player), &event, &Trace::root()).await.unwrap();
        }
    }

    /// Links and wins that the edge reported.
    pub(crate) async fn told(&self) -> Vec<wire::v1::told::Told> {
        let stored = self.bus.journal(Some("hub")).read("TOLD", "told.core.core-1", 1, 1_000).await.unwrap();
        let batches = stored.iter().map(|stored| wire::decode::<wire::v1::told::ToldBatch>(&stored.payload).unwrap());
        batches.flat_map(|batch| batch.told).collect()
    }
}

fn beat() -> Beat {
    Beat { valid_until_ms: now_ms() + 60_000, revoked: vec![], edges: vec![] }
}

/// A client seed for the tests' leases.
pub(crate) fn client_seed() -> HexBytes {
    HexBytes(vec![9; 32])
}
