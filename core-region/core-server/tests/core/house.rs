//! A core in this process, a dealer beside it, and the little that a player and an edge do.

use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use bus::testing::NatsServer;
use bus::{Bus, Settings};
use core_server::config::{Config, DealerFile, Operator, Provision};
use core_server::{Running, start};
use database::testing::TestDatabase;
use dealer::{Dealer, DealerKeys};
use ed25519_dalek::{Signer, SigningKey};
use ids::{EdgeId, PlayerId};
use money::{Amount, Currency};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use telemetry::{Metrics, Trace};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use wire::subjects;
use wire::v1::core::{Offer, Open, Opened};
use wire::v1::dealer::{BindReply, BindRequest};
use wire::v1::intent::SignedIntent;
use wire::v1::lease::{LeaseOffer, LeaseTerms, OfferRequest, OpenRequest, Placement};
use wire::v1::record::RecordBody;
use wire::v1::{ClientKey, Hex, HexBytes, Reply};

const DEALER: &str = "dealer-core";
const ANY: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 0);

/// The servers that a core leans on, and its folder.
pub(crate) struct Ground {
    pub(crate) nats: NatsServer,
    pub(crate) database: TestDatabase,
    pub(crate) folder: tempfile::TempDir,
}

impl Ground {
    pub(crate) async fn new() -> Self {
        let ground = Self {
            nats: NatsServer::start("hub").await.unwrap(),
            database: TestDatabase::create(&[]).await.unwrap(),
            folder: tempfile::tempdir().unwrap(),
        };
        std::fs::write(ground.file("database.url"), format!("{}\n", ground.database.url())).unwrap();
        std::fs::write(ground.file("streams.toml"), small_streams()).unwrap();
        dealer::keygen::keygen(DEALER.parse().unwrap(), &ground.file("dealer")).unwrap();
        ground
    }

    pub(crate) fn file(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    /// The configuration of a core on free ports, with the shipped games.
    pub(crate) fn config(&self) -> Config {
        let nats = Settings::open(self.nats.url());
        let streams_file = self.file("streams.toml");
        Config {
            listen: ANY,
            ops_listen: ANY,
            database_url_file: self.file("database.url"),
            secrets_dir: self.file("secrets"),
            token_secret_file: self.file("secrets/token.key"),
            games_dir: Path::new(env!("CARGO_MANIFEST_DIR")).join("../../wasm-games/dist"),
            cache_dir: self.file("cache"),
            provision: Some(Provision { streams_file, regions: Vec::new(), nats: nats.clone() }),
            nats,
            operator: Some(Operator { listen: ANY, token_file: self.file("operator.token") }),
            dealers: vec![DealerFile { region: "core".parse().unwrap(), file: self.file("dealer/dealer.json") }],
            ..Config::default()
        }
    }

    pub(crate) async fn core(&self) -> Running {
        start(self.config(), Metrics::detached()).await.unwrap()
    }

    pub(crate) fn operator_token(&self) -> String {
        std::fs::read_to_string(self.file("operator.token")).unwrap().trim().to_owned()
    }

    /// The core's own dealer, serving until its token is cancelled.
    pub(crate) async fn dealer(&self) -> CancellationToken {
        let (tracker, cancel) = (TaskTracker::new(), CancellationToken::new());
        let bus = self.nats.connect(DEALER).await.unwrap();
        let folder = self.file("dealer");
        let keys =
            DealerKeys::load(&dealer::keygen::hpke_file(&folder), &dealer::keygen::signing_file(&folder)).unwrap();
        let clock = clock::SystemClock::shared();
        let dealer = Dealer::new(DEALER.parse().unwrap(), "core".parse().unwrap(), None, bus, keys, clock);
        dealer::serve(&dealer, &tracker, &cancel).await.unwrap();
        dealer::sync(&dealer).await;
        cancel
    }
}

/// The platform's streams with room for a test, so that ten tests don't reserve a disk.
fn small_streams() -> String {
    let text = include_str!("../../../../nats/streams.toml");
    let small =
        |line: &str| if line.starts_with("max_bytes") { "max_bytes = 33_554_432".into() } else { line.to_owned() };
    text.lines().map(small).collect::<Vec<String>>().join("\n")
}

/// One HTTP request; the status and the JSON.
pub(crate) async fn ask(at: SocketAddr, method: &str, path: &str, token: Option<&str>, body: Value) -> (u16, Value) {
    let (method, url) = (method.to_owned(), format!("http://{at}{path}"));
    let token = token.map(|token| format!("Bearer {token}")).unwrap_or_default();
    let work = move || {
        let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        let request = ureq::http::Request::builder().method(method.as_str()).uri(url);
        let request = request.header("authorization", token).header("content-type", "application/json");
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let answer = agent.run(request.body(body).unwrap());
        let mut response = answer.unwrap();
        let text = response.body_mut().read_to_string().unwrap();
        (response.status().as_u16(), serde_json::from_str(&text).unwrap_or(Value::Null))
    };
    tokio::task::spawn_blocking(work).await.unwrap()
}

/// A player with an account, money and a session key.
pub(crate) struct Player {
    pub(crate) at: SocketAddr,
    pub(crate) id: PlayerId,
    pub(crate) token: String,
    pub(crate) key: SigningKey,
}

impl Player {
    pub(crate) async fn join(at: SocketAddr, name: &str, deposit: &str) -> Self {
        let credentials = json!({"name": name, "password": "correct horse"});
        let (status, registered) = ask(at, "POST", "/v1/players", None, credentials.clone()).await;
        assert_eq!(status, 201, "{registered}");
        let (_, session) = ask(at, "POST", "/v1/sessions", None, credentials).await;
        let token = session["access_token"].as_str().unwrap().to_owned();
        let id = registered["player"].as_str().unwrap().parse().unwrap();
        let player = Self { at, id, token, key: SigningKey::from_bytes(&[5; 32]) };
        let order = json!({"id": "0190aaaa-0000-7000-8000-000000000001", "currency": "EUR", "amount_minor": deposit});
        let (status, receipt) = ask(at, "POST", "/v1/deposits", Some(&player.token), order).await;
        assert_eq!(status, 200, "{receipt}");
        player
    }

    pub(crate) async fn get(&self, path: &str) -> (u16, Value) {
        ask(self.at, "GET", path, Some(&self.token), Value::Null).await
    }

    /// Available and in play, euro cents.
    pub(crate) async fn money(&self) -> (String, String) {
        let (_, body) = self.get("/v1/balances").await;
        let euro = &body["balances"][0];
        let text = |field: &str| euro[field].as_str().unwrap().to_owned();
        (text("available_minor"), text("in_play_minor"))
    }

    /// Opens a lease as an edge would for this player.
    pub(crate) async fn opens(&self, edge: &Edge, escrow: i64) -> LeaseTerms {
        let escrow_minor = Amount::from_minor(escrow);
        let request = OfferRequest { currency: Currency::EUR, escrow_minor, placement: Placement::Strict };
        let ask = Offer { player: self.id, region: "west".parse().unwrap(), request };
        let offer: LeaseOffer = edge.asks_core("offer", &ask).await;
        let client_seed = HexBytes(vec![7; 32]);
        let open = offer.opening(client_seed.clone(), 1).to_fair1().hash();
        let request = OpenRequest {
            lease: offer.lease,
            client_seed,
            client_mode: 1,
            client_key: ClientKey::Ed25519(Hex(self.key.verifying_key().to_bytes())),
            signature: Hex(self.key.sign(&open).to_bytes()),
        };
        let opened: Opened = edge.asks_core("open", &Open { player: self.id, request }).await;
        match opened.record.body {
            RecordBody::Opened(terms) => *terms,
            other => panic!("{other:?}"),
        }
    }

    /// A signed bet of `stake` on 17 at the lease's roulette.
    pub(crate) fn bets(&self, terms: &LeaseTerms, deal: u64, stake: i64) -> SignedIntent {
        let game = terms.games.iter().find(|game| game.game.as_str() == "roulette").unwrap();
        let mut intent = SignedIntent {
            lease: terms.opening.lease,
            deal,
            game: game.digest,
            params: game.params,
            currency: terms.currency,
            stake_minor: Amount::from_minor(stake),
            payload: format!("{{\"bets\":[[17,\"{stake}\"]]}}"),
            client_nonce: Hex([0; 32]),
            signature: Hex([0; 64]),
        };
        let message = fairness::intent_message(&terms.open.0, &intent.bet_hash().unwrap());
        intent.signature = Hex(self.key.sign(&message).to_bytes());
        intent
    }

    /// Waits until the lease is in that state.
    pub(crate) async fn awaits(&self, terms: &LeaseTerms, state: &str) {
        let lease = json!(terms.opening.lease);
        for _ in 0..300 {
            let (_, page) = self.get("/v1/leases").await;
            let found = page["leases"].as_array().unwrap().iter().find(|shown| shown["lease"] == lease);
            if found.is_some_and(|shown| shown["state"] == state) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("the lease is not {state} in 30 s");
    }
}

/// An edge's connection.
pub(crate) struct Edge {
    pub(crate) id: EdgeId,
    pub(crate) bus: Bus,
}

impl Edge {
    pub(crate) async fn at(ground: &Ground) -> Self {
        Self { id: "west-1".parse().unwrap(), bus: ground.nats.connect("west-1").await.unwrap() }
    }

    pub(crate) async fn asks_core<A: DeserializeOwned>(&self, verb: &str, question: &(impl Serialize + Sync)) -> A {
        self.asks(&subjects::core_rpc(&self.id, verb), question).await
    }

    pub(crate) async fn binds(&self, terms: &LeaseTerms, intent: SignedIntent) -> BindReply {
        let known_records = u32::try_from(intent.deal).unwrap();
        let ask = BindRequest { edge: self.id.clone(), epoch: terms.epoch, known_records, intent };
        self.asks(&subjects::dealer_rpc(&terms.dealer, "bind"), &ask).await
    }

    async fn asks<A: DeserializeOwned>(&self, subject: &str, question: &(impl Serialize + Sync)) -> A {
        let trace = Trace::root();
        match self.bus.request(subject, question, Duration::from_secs(10), &trace).await.unwrap() {
            Reply::Done(answer) => answer,
            Reply::Refused(refusal) => panic!("{subject}: {refusal}"),
            Reply::Failed(why) => panic!("{subject}: {why}"),
        }
    }
}
