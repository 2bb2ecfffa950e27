//! The rooms behind the router, and a client that believes nothing: every answer's status must be documented, and every
//! error must be a problem with the code that goes with its status.

use std::collections::BTreeMap;
use std::sync::Arc;

use api::{Api, Code, OperatorToken, Options, Parts};
use axum::body::{Body, to_bytes};
use bus::testing::NatsServer;
use clock::{ManualClock, SharedClock, SystemClock};
use database::testing::TestDatabase;
use http::{Method, Request, StatusCode};
use leases::{BusDealers, Catalogue, GameFile, Leases, Rules};
use ledger::{Ledger, Postgres};
use players::{AccessKey, Players};
use seeds::{CoreSigner, Hardware, KeyRing, Seeds};
use serde_json::{Value, json};
use settlement::{Books, Lag, Replayer};
use tower::ServiceExt;
use zeroize::Zeroizing;

pub(crate) const OPERATOR: &str = "an-operator-of-this-house-0123456789";

/// A house with one game, no dealer, and nobody in it yet.
pub(crate) struct World {
    pub(crate) leases: Arc<Leases>,
    pub(crate) ledger: Ledger,
    pub(crate) players: Players,
    api: Api,
    document: Value,
    _nats: NatsServer,
    _database: TestDatabase,
}

/// A player who is logged in.
pub(crate) struct Guest {
    pub(crate) player: String,
    pub(crate) token: String,
    pub(crate) refresh: String,
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with(Options::default()).await
    }

    pub(crate) async fn with(options: Options) -> Self {
        let rooms =
            [&ledger::MIGRATOR, &seeds::MIGRATIONS, &players::MIGRATOR, &leases::MIGRATIONS, &settlement::MIGRATOR];
        let database = TestDatabase::create(&rooms).await.unwrap();
        let nats = NatsServer::start("hub").await.unwrap();
        let (pool, clock) = (database.pool().clone(), SystemClock::shared());
        let bus = nats.connect("api-tests").await.unwrap();
        let store = Arc::new(Postgres::new(pool.clone(), 0));
        let ledger = Ledger::open(store, clock.clone(), ledger::Options::default()).await.unwrap();
        let keys = KeyRing::new(Zeroizing::new([1; 32]), Vec::new());
        let options_of_seeds =
            seeds::Options { keys, player_tag_secret: Zeroizing::new([2; 32]), hardware: Hardware::Absent };
        let seeds = Arc::new(Seeds::open(pool.clone(), options_of_seeds, clock.clone()).await.unwrap());
        let signer = CoreSigner::from_secret(&[3; 32]);
        let core_key = signer.public();
        let catalogue = Catalogue::open(pool.clone(), vec![dice()], None, clock.clone()).await.unwrap();
        let leases = Arc::new(Leases::new(leases::Parts {
            pool: pool.clone(),
            ledger: ledger.clone(),
            seeds: Arc::clone(&seeds),
            signer,
            dealers: Arc::new(BusDealers::new(bus.clone(), None)),
            catalogue: Arc::new(catalogue),
            clock: clock.clone(),
            rules: rules(),
        }));
        let players = room_of_players(pool.clone(), clock.clone(), &seeds);
        let replayer = Replayer {
            logs: settlement::Logs::new(bus.clone()),
            books: Books { pool: pool.clone(), seeds, dealers: BTreeMap::new() },
            tables: settlement::testing::no_games().unwrap(),
        };
        let api = Api::new(Parts {
            pool,
            clock,
            players: players.clone(),
            ledger: ledger.clone(),
            leases: Arc::clone(&leases),
            replayer,
            lag: Arc::new(Lag::default()),
            core_key,
            operator_token: Some(OperatorToken::try_new(OPERATOR).unwrap()),
            options,
        });
        let document = serde_json::to_value(api::document()).unwrap();
        Self { leases, ledger, players, api, document, _nats: nats, _database: database }
    }

    /// A player named `name`, registered and logged in.
    pub(crate) async fn guest(&self, name: &str) -> Guest {
        let credentials = json!({"name": name, "password": "correct horse"});
        let (status, registered) = self.post("/v1/players", None, credentials.clone()).await;
        assert_eq!(status, StatusCode::CREATED, "{registered}");
        let (status, session) = self.post("/v1/sessions", None, credentials).await;
        assert_eq!(status, StatusCode::CREATED, "{session}");
        let text = |field: &str| session[field].as_str().unwrap().to_owned();
        assert_eq!(text("player"), registered["player"].as_str().unwrap());
        Guest { player: text("player"), token: text("access_token"), refresh: text("refresh_token") }
    }

    /// The players' listener, for requests whose answer's headers matter.
    pub(crate) fn players_router(&self) -> axum::Router {
        api::player_router(&self.api)
    }

    /// A token of the same key and player that ended an hour ago.
    pub(crate) async fn stale_token(&self, name: &str) -> String {
        let an_hour_ago = SystemClock::shared().now_ms() - 3_600_000;
        let random = Arc::new(|| Some([9; 32]));
        let pool = self._database.pool().clone();
        let past = Players::new(pool, Arc::new(ManualClock::at(an_hour_ago)), access_key(), random);
        past.log_in(name, "correct horse").await.unwrap().access
    }

    pub(crate) async fn get(&self, path: &str, token: Option<&str>) -> (StatusCode, Value) {
        self.ask(Method::GET, path, token, Body::empty()).await
    }

    pub(crate) async fn post(&self, path: &str, token: Option<&str>, body: Value) -> (StatusCode, Value) {
        self.ask(Method::POST, path, token, Body::from(body.to_string())).await
    }

    /// Sends a request to the listener that the path belongs to, and checks the answer against the document.
    pub(crate) async fn ask(&self, method: Method, path: &str, token: Option<&str>, body: Body) -> (StatusCode, Value) {
        let mut request =
            Request::builder().method(method.clone()).uri(path).header("content-type", "application/json");
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let answer = self.send(request.body(body).unwrap()).await;
        self.assert_documented(&method, path, answer.0);
        answer
    }

    /// Sends any request; an error must be a problem.
    pub(crate) async fn send(&self, request: Request<Body>) -> (StatusCode, Value) {
        let of_operators = request.uri().path().starts_with("/v1/operator");
        let router = if of_operators { api::operator_router(&self.api) } else { api::player_router(&self.api) };
        let response = router.oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, 8 << 20).await.unwrap();
        let body: Value =
            if bytes.is_empty() { Value::Null } else { serde_json::from_slice(&bytes).unwrap_or(Value::Null) };
        if parts.status.is_client_error() || parts.status.is_server_error() {
            assert_eq!(parts.headers["content-type"], "application/problem+json", "{body}");
            let code = Code::ALL.iter().find(|code| body["code"] == code.as_str()).expect("a known code");
            assert_eq!((code.status(), body["status"].as_u64()), (parts.status, Some(parts.status.as_u16().into())));
            assert_eq!(body["type"], format!("urn:house-edge:problem:{}", code.as_str()));
            assert_eq!(body["trace_id"].as_str().unwrap().len(), 32);
            assert_eq!(body["retryable"], code.is_retryable());
        }
        (parts.status, body)
    }

    fn assert_documented(&self, method: &Method, path: &str, status: StatusCode) {
        let path = path.split('?').next().unwrap();
        let segments: Vec<&str> = path.split('/').collect();
        let fits = |template: &str| {
            let template: Vec<&str> = template.split('/').collect();
            template.len() == segments.len()
                && template.iter().zip(&segments).all(|(t, s)| t.starts_with('{') || t == s)
        };
        let paths = self.document["paths"].as_object().unwrap();
        let (_, operations) = paths.iter().find(|(template, _)| fits(template)).expect("a documented path");
        let responses = &operations[method.as_str().to_lowercase()]["responses"];
        assert!(responses.get(status.as_str()).is_some(), "{method} {path} answers {status}, which is not documented");
    }
}

/// A component that nobody runs here.
fn dice() -> leases::Release {
    let folder = tempfile::tempdir().unwrap();
    let (component, config) = (folder.path().join("dice.wasm"), folder.path().join("dice.json"));
    std::fs::write(&component, b"\0asm").unwrap();
    std::fs::write(&config, r#"{"faces":6}"#).unwrap();
    let game = "dice".parse().unwrap();
    GameFile { game, title: "Dice".into(), component, config, min_cycle_ms: 0 }.read().unwrap()
}

/// A core dealer that is not there: offers can be made, and nothing can be opened.
fn rules() -> Rules {
    let identity = json!({"dealer": "dealer-core", "seal_key": "09".repeat(32), "signing_key": "0a".repeat(32)});
    let dealers = BTreeMap::from([("core".parse().unwrap(), serde_json::from_value(identity).unwrap())]);
    Rules { dealers, ..Rules::default() }
}

fn access_key() -> AccessKey {
    let signing = ed25519_dalek::SigningKey::from_bytes(&[3; 32]);
    AccessKey::try_new(&[3; 32], &signing.verifying_key().to_bytes()).unwrap()
}

fn room_of_players(pool: database::Pool, clock: SharedClock, seeds: &Seeds) -> Players {
    let randomness = seeds.randomness();
    Players::new(pool, clock, access_key(), Arc::new(move || randomness.bytes::<32>().ok()))
}
