//! An edge process with everything around it, and a player's connection to it.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use bus::testing::NatsServer;
use ed25519_dalek::{Signer, SigningKey};
use futures::{SinkExt, StreamExt};
use ids::PlayerId;
use money::{Amount, Currency};
use pasetors::keys::{AsymmetricKeyPair, Generate};
use pasetors::version4::{PublicToken, V4};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use wire::v1::client::{ClientBody, ClientFrame, Cursor, DealResult, OpenedLease, ServerBody, ServerFrame};
use wire::v1::intent::SignedIntent;
use wire::v1::lease::{OfferRequest, OpenRequest, Placement};
use wire::v1::payload::Payload;
use wire::v1::{ClientKey, Hex, RefusalCode};

use crate::world::{World, client_seed};

const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) struct Rig {
    pub(crate) world: Arc<World>,
    _nats: NatsServer,
    tokens: AsymmetricKeyPair<V4>,
    folder: tempfile::TempDir,
    address: String,
    edge: Option<Child>,
}

impl Rig {
    pub(crate) async fn start() -> Self {
        let nats = NatsServer::start("hub").await.unwrap();
        let (tasks, cancel) = (TaskTracker::new(), CancellationToken::new());
        let world = World::start(nats.connect("world").await.unwrap(), &tasks, &cancel).await;
        let (folder, tokens) = (tempfile::tempdir().unwrap(), AsymmetricKeyPair::<V4>::generate().unwrap());
        let path = |name: &str| folder.path().join(name).display().to_string();
        std::fs::write(path("token"), hex::encode(tokens.public.as_bytes())).unwrap();
        let (address, ops) = (free_address().await, free_address().await);
        let config = format!(
            "edge = \"core-1\"\nregion = \"core\"\ndealer = \"dealer-core\"\npublic_url = \"ws://{address}/v1/play\"\n\
             listen = \"{address}\"\nops_listen = \"{ops}\"\ncache_dir = \"{}\"\ntoken_public_key_file = \"{}\"\n\
             [nats]\nurl = \"{}\"\ndomain = \"hub\"\n[connections]\nqueue = 64\n[log]\nlevel = \"info,play=debug\"\n",
            path("cache"),
            path("token"),
            nats.url(),
        );
        std::fs::write(path("edge.toml"), config).unwrap();
        let mut rig = Self { world, _nats: nats, tokens, folder, address, edge: None };
        rig.start_edge().await;
        rig
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join("edge.log")
    }

    pub(crate) async fn start_edge(&mut self) {
        let log = std::fs::OpenOptions::new().create(true).append(true).open(self.log()).unwrap();
        let config = self.folder.path().join("edge.toml");
        let command = Command::new(env!("CARGO_BIN_EXE_edge-server"))
            .arg("--config")
            .arg(config)
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .stdin(Stdio::null())
            .spawn();
        self.edge = Some(command.unwrap());
        self.wait_until_ready().await;
    }

    /// Ready means: the games are loaded, so a deal needs nothing more.
    async fn wait_until_ready(&self) {
        let until = tokio::time::timeout(PATIENCE, async {
            loop {
                if let Ok(text) = std::fs::read_to_string(self.folder.path().join("cache/catalogue.json"))
                    && text.contains("roulette")
                    && TcpStream::connect(&self.address).await.is_ok()
                {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        });
        let log = || std::fs::read_to_string(self.log()).unwrap_or_default();
        until.await.unwrap_or_else(|_| panic!("the edge is not ready: {}", log()));
    }

    /// kill -9.
    pub(crate) fn kill_edge(&mut self) {
        let mut edge = self.edge.take().unwrap();
        edge.kill().unwrap();
        edge.wait().unwrap();
    }

    /// SIGTERM; the process is given back to be waited for.
    pub(crate) fn stop_edge(&mut self) -> Child {
        let edge = self.edge.take().unwrap();
        let id = rustix::process::Pid::from_raw(i32::try_from(edge.id()).unwrap()).unwrap();
        rustix::process::kill_process(id, rustix::process::Signal::TERM).unwrap();
        edge
    }

    fn token(&self, player: PlayerId) -> String {
        let at = |offset: i64| {
            (OffsetDateTime::UNIX_EPOCH + time::Duration::milliseconds(now_ms() + offset)).format(&Rfc3339)
        };
        let (from, to) = (at(-1_000).unwrap(), at(300_000).unwrap());
        let claims = format!(r#"{{"sub":"{player}","sid":"{player}","iat":"{from}","nbf":"{from}","exp":"{to}"}}"#);
        PublicToken::sign(&self.tokens.secret, claims.as_bytes(), None, None).unwrap()
    }

    pub(crate) async fn connect(&self, player: PlayerId, cursor: Option<Cursor>) -> Client {
        self.hello(self.token(player), cursor).await
    }

    pub(crate) async fn connect_with_token(&self, token: &str) -> Client {
        self.hello(token.to_owned(), None).await
    }

    async fn hello(&self, token: String, cursor: Option<Cursor>) -> Client {
        let url = format!("ws://{}/v1/play", self.address);
        let (socket, _) = tokio_tungstenite::connect_async(url).await.unwrap();
        let mut client = Client { socket, next: 0, cursor: cursor.unwrap_or_default() };
        client.send(ClientBody::Hello { token, cursor }).await;
        client
    }
}

impl Drop for Rig {
    fn drop(&mut self) {
        if let Some(edge) = &mut self.edge {
            let _ = edge.kill();
            let _ = edge.wait();
        }
        if std::thread::panicking() {
            println!("{}", std::fs::read_to_string(self.log()).unwrap_or_default());
        }
    }
}

fn now_ms() -> i64 {
    use clock::Clock;
    i64::try_from(clock::SystemClock::new().now_ms()).unwrap()
}

async fn free_address() -> String {
    TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().to_string()
}

pub(crate) struct Client {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    next: u32,
    pub(crate) cursor: Cursor,
}

impl Client {
    pub(crate) async fn send(&mut self, body: ClientBody) -> u32 {
        self.next += 1;
        let frame = ClientFrame { reference: self.next, body };
        self.send_text(String::from_utf8(wire::encode(&frame)).unwrap()).await;
        self.next
    }

    pub(crate) async fn send_text(&mut self, text: String) {
        self.socket.send(Message::text(text)).await.unwrap();
    }

    /// The next frame of the protocol, or the close code.
    pub(crate) async fn next(&mut self) -> Result<ServerFrame, u16> {
        loop {
            let message = tokio::time::timeout(PATIENCE, self.socket.next()).await.expect("a frame in time");
            match message {
                Some(Ok(Message::Text(text))) => {
                    let frame: ServerFrame = serde_json::from_str(text.as_str()).unwrap();
                    self.cursor = frame.cursor;
                    return Ok(frame);
                }
                Some(Ok(Message::Close(Some(close)))) => return Err(close.code.into()),
                Some(Ok(Message::Close(None))) | None => return Err(0),
                Some(Ok(_)) => {}
                Some(Err(error)) => panic!("{error}"),
            }
        }
    }

    pub(crate) async fn body(&mut self) -> ServerBody {
        self.next().await.unwrap().body
    }

    pub(crate) async fn result(&mut self) -> DealResult {
        match self.body().await {
            ServerBody::Result(result) => *result,
            other => panic!("no result: {other:?}"),
        }
    }

    pub(crate) async fn refused(&mut self, body: ClientBody) -> RefusalCode {
        let re = self.send(body).await;
        let frame = self.next().await.unwrap();
        match frame.body {
            ServerBody::Refused(refusal) if frame.re == Some(re) => refusal.code,
            other => panic!("no refusal: {other:?}"),
        }
    }

    pub(crate) async fn welcome(&mut self) -> Option<OpenedLease> {
        match self.body().await {
            ServerBody::Welcome(welcome) => welcome.lease,
            other => panic!("no welcome: {other:?}"),
        }
    }

    /// Opens a lease with `key`.
    pub(crate) async fn open(&mut self, key: &SigningKey) -> OpenedLease {
        let (currency, escrow_minor) = (Currency::EUR, Amount::from_minor(10_000));
        self.send(ClientBody::Offer(OfferRequest { currency, escrow_minor, placement: Placement::Regional })).await;
        let ServerBody::Offer(offer) = self.body().await else { panic!("no offer") };
        let open = offer.opening(client_seed(), 1).to_fair1().hash();
        let request = OpenRequest {
            lease: offer.lease,
            client_seed: client_seed(),
            client_mode: 1,
            client_key: ClientKey::Ed25519(Hex(key.verifying_key().to_bytes())),
            signature: Hex(key.sign(&open).to_bytes()),
        };
        self.send(ClientBody::Open(request)).await;
        let ServerBody::Opened(opened) = self.body().await else { panic!("not opened") };
        *opened
    }

    pub(crate) async fn plays(&mut self, intent: SignedIntent) -> DealResult {
        let re = self.send(ClientBody::Play(intent)).await;
        let frame = self.next().await.unwrap();
        match frame.body {
            ServerBody::Result(result) if frame.re == Some(re) => *result,
            other => panic!("no result: {other:?}"),
        }
    }
}

/// A bet of `stake` on one spot of the roulette.
pub(crate) fn bet(opened: &OpenedLease, key: &SigningKey, deal: u64, stake: i64) -> SignedIntent {
    let game = &opened.terms.games[0];
    let stake_minor = Amount::from_minor(stake);
    let mut intent = SignedIntent {
        lease: opened.terms.opening.lease,
        deal,
        game: game.digest,
        params: game.params,
        currency: Currency::EUR,
        stake_minor,
        payload: Payload::Bets(vec![(1, stake_minor)]).to_text(),
        client_nonce: Hex([0; 32]),
        signature: Hex([0; 64]),
    };
    let message = fairness::intent_message(&opened.terms.open.0, &intent.bet_hash().unwrap());
    intent.signature = Hex(key.sign(&message).to_bytes());
    intent
}
