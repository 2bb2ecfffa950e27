//! A bot's life: joins, plays, is cut off, comes back here or elsewhere, and at the end closes and counts.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use hdrhistogram::Histogram;
use ids::{Digest, LeaseId};
use money::{Amount, Currency};
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};
use telemetry::Timer;
use tokio::sync::watch;
use wire::v1::client::{ClientBody, ServerBody, ServerFrame};
use wire::v1::intent::SignedIntent;
use wire::v1::lease::{OfferRequest, Placement};
use wire::v1::{Refusal, RefusalCode};

use super::book::{Book, Told};
use super::http::Api;
use super::lease::{ClientSeed, Held, open_request};
use super::signing::SessionKey;
use super::socket::{Lost, Socket};
use super::wager::{choose, pick};

const ANSWER: Duration = Duration::from_secs(15);
pub(super) const PAUSE: Duration = Duration::from_millis(250);
const TOKEN_LIFE: Duration = Duration::from_secs(200);

/// How a bot behaves.
#[derive(Clone, Debug)]
pub struct BotOptions {
    /// Its name; also what its choices come from.
    pub name: String,
    /// The core's HTTP interface.
    pub api: Api,
    /// The edges, the first its nearest.
    pub edges: Vec<String>,
    /// Money it brings, minor units.
    pub deposit: i64,
    /// Escrow that it asks for, minor units.
    pub escrow: i64,
    /// Longest pause between two deals.
    pub think: Duration,
    /// One in so many deals it drops the connection.
    pub drops_one_in: u64,
    /// One in so many deals it moves to the next edge.
    pub moves_one_in: u64,
    /// Whether its dealer stands in the core.
    pub strict: bool,
}

/// What a bot has to say at the end.
#[derive(Debug)]
pub struct BotReport {
    /// Its name.
    pub name: String,
    /// Its books.
    pub book: Book,
    /// What the ledger says it has, minor units: available and in play.
    pub ledger: (i64, i64),
    /// Microseconds from intent to result.
    pub latency_us: Histogram<u64>,
    /// Refusals by code.
    pub refusals: std::collections::BTreeMap<&'static str, u64>,
    /// Times it came back after a lost connection.
    pub resumed: u64,
    /// Times it came back at another edge.
    pub moved: u64,
}

/// A bot.
pub struct Bot {
    pub(super) options: BotOptions,
    pub(super) rng: ChaCha20Rng,
    pub(super) tokens: (String, String),
    pub(super) token_age: Timer,
    pub(super) socket: Option<Socket>,
    pub(super) edge: usize,
    pub(super) connected_before: Option<usize>,
    pub(super) book: Book,
    pub(super) held: Option<Held>,
    pub(super) seeds: (Option<SessionKey>, Option<ClientSeed>),
    pub(super) pending: Option<SignedIntent>,
    pub(super) catching: Option<LeaseId>,
    /// The component that it played last: an open round is that one's.
    pub(super) last_game: Option<Digest>,
    pub(super) report: BotReport,
    /// The last thing that went wrong while settling up.
    pub(super) last_hitch: String,
}

/// Why a step did not end well.
#[derive(Debug)]
pub(super) enum Hitch {
    /// The connection is gone.
    Lost(Lost),
    /// The server said no.
    Refused(Refusal),
    /// No answer in time.
    Silent,
}

impl std::fmt::Display for Hitch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Lost(lost) => f.write_str(&lost.0),
            Self::Refused(refusal) => refusal.fmt(f),
            Self::Silent => f.write_str("no answer in time"),
        }
    }
}

impl From<Lost> for Hitch {
    fn from(lost: Lost) -> Self {
        Self::Lost(lost)
    }
}

impl Bot {
    /// A bot with an account and money in it.
    ///
    /// # Errors
    /// The core refuses or is away.
    pub async fn join(options: BotOptions) -> Result<Self> {
        let seed = fairness::sha256(&[options.name.as_bytes()]);
        let mut rng = ChaCha20Rng::from_seed(seed);
        let tokens = options.api.join(&options.name, "a bot's password").await.context("join")?;
        let mut id = [0; 16];
        rng.fill_bytes(&mut id);
        let id = uuid::Builder::from_unix_timestamp_millis(clock_ms(), &ten(&id)).into_uuid();
        options.api.deposit(&tokens.0, id, "EUR", options.deposit).await?;
        let book = Book { deposited: options.deposit, ..Book::default() };
        let report = BotReport {
            name: options.name.clone(),
            book: Book::default(),
            ledger: (0, 0),
            latency_us: Histogram::new(3).context("histogram")?,
            refusals: std::collections::BTreeMap::new(),
            resumed: 0,
            moved: 0,
        };
        Ok(Self {
            options,
            rng,
            tokens,
            token_age: Timer::start(),
            socket: None,
            edge: 0,
            connected_before: None,
            book,
            held: None,
            seeds: (None, None),
            pending: None,
            catching: None,
            last_game: None,
            report,
            last_hitch: String::new(),
        })
    }

    /// Plays until `stop`, then closes its leases, waits until they are settled, and reports.
    ///
    /// # Errors
    /// It could not come to an end within `wind_up`.
    pub async fn live(mut self, mut stop: watch::Receiver<bool>, wind_up: Duration) -> Result<BotReport> {
        while !*stop.borrow() {
            let step = self.step();
            tokio::select! {
                hitch = step => self.overcome(hitch).await,
                _ = stop.changed() => {}
            }
        }
        // The step that was left in the middle may have lost an answer: what is bound is found by resuming.
        self.drop_connection();
        match tokio::time::timeout(wind_up, self.settle_up()).await {
            Ok(done) => done?,
            Err(_) => bail!(
                "{}: not settled in time: open {:?}, incomplete {:?}, last {}",
                self.options.name,
                self.book.open(),
                self.book.incomplete(),
                self.last_hitch
            ),
        }
        self.report.ledger = self.balance().await?;
        self.report.book = self.book;
        Ok(self.report)
    }

    async fn overcome(&mut self, step: Result<(), Hitch>) {
        match step {
            Ok(()) => {}
            Err(Hitch::Lost(_) | Hitch::Silent) => self.drop_connection(),
            Err(Hitch::Refused(refusal)) => self.take_refusal(&refusal).await,
        }
    }

    async fn take_refusal(&mut self, refusal: &Refusal) {
        *self.report.refusals.entry(refusal.code.as_str()).or_default() += 1;
        match refusal.code {
            RefusalCode::LeaseUnknown
            | RefusalCode::LeaseClosed
            | RefusalCode::LeaseExpired
            | RefusalCode::StaleEpoch
            | RefusalCode::DealsUsedUp
            | RefusalCode::LossLimit
            | RefusalCode::InsufficientFunds => self.leave_lease().await,
            RefusalCode::LeaseExists => {
                for lease in self.book.open() {
                    let _ = self.close(lease).await;
                }
                tokio::time::sleep(PAUSE).await;
            }
            RefusalCode::Draining | RefusalCode::Unauthenticated => {
                self.drop_connection();
                self.edge = self.edge.wrapping_add(1);
                tokio::time::sleep(PAUSE).await;
            }
            RefusalCode::DealOutOfOrder | RefusalCode::DealTaken => self.drop_connection(),
            _ => tokio::time::sleep(PAUSE).await,
        }
    }

    /// Gives the lease up; whatever is bound in it comes with its settlement.
    async fn leave_lease(&mut self) {
        self.pending = None;
        if let Some(held) = self.held.take() {
            let _ = self.close(held.terms.opening.lease).await;
        }
    }

    pub(super) fn drop_connection(&mut self) {
        self.socket = None;
        self.catching = None;
    }

    async fn step(&mut self) -> Result<(), Hitch> {
        self.connect().await?;
        if self.held.is_none() {
            self.open_lease().await?;
        }
        self.play().await?;
        if pick(&mut self.rng, self.options.drops_one_in) == 0 {
            self.drop_connection();
            if pick(&mut self.rng, self.options.moves_one_in.div_ceil(self.options.drops_one_in)) == 0 {
                self.edge = self.edge.wrapping_add(1);
            }
        }
        let think = u64::try_from(self.options.think.as_millis()).unwrap_or(u64::MAX);
        let pause = Duration::from_millis(pick(&mut self.rng, think.max(1)));
        self.listen(pause).await
    }

    /// Connects, at the next edge if this one does not answer, and takes in what was missed.
    pub(super) async fn connect(&mut self) -> Result<(), Hitch> {
        if self.socket.is_some() {
            return Ok(());
        }
        if self.token_age.elapsed() > TOKEN_LIFE {
            self.renew_token().await;
        }
        let edges = self.options.edges.len().max(1);
        let url = self.options.edges.get(self.edge % edges).cloned().unwrap_or_default();
        let mut socket = match Socket::connect(&url).await {
            Ok(socket) => socket,
            Err(lost) => {
                self.edge = self.edge.wrapping_add(1);
                tokio::time::sleep(PAUSE).await;
                return Err(lost.into());
            }
        };
        let lease = self.held.as_ref().map(|held| held.terms.opening.lease);
        let cursor = self.connected_before.map(|_| self.book.cursor());
        let hello = ClientBody::Hello { token: self.tokens.0.clone(), cursor };
        let reference = socket.send(hello).await?;
        self.socket = Some(socket);
        let welcome = self.answer(reference, |body| match body {
            ServerBody::Welcome(welcome) => Some(welcome),
            _ => None,
        });
        let welcome = *welcome.await?;
        if let Some(before) = self.connected_before.replace(self.edge) {
            self.report.resumed += 1;
            self.report.moved += u64::from(before % edges != self.edge % edges);
        }
        match welcome.lease {
            Some(opened) if Some(opened.terms.opening.lease) == lease => {
                let next_deal = opened.next_deal;
                if let Some(held) = &mut self.held {
                    (held.next_deal, held.offers, held.in_play) = (next_deal, opened.offers, opened.in_play_minor);
                }
                self.await_deal(opened.terms.opening.lease, next_deal - 1).await
            }
            _ => {
                // It stays behind, or is another's: what it held comes with its settlement.
                self.held = None;
                self.pending = None;
                Ok(())
            }
        }
    }

    async fn await_deal(&mut self, lease: LeaseId, deal: u64) -> Result<(), Hitch> {
        while self.book.last_deal(lease) < deal {
            self.frame(ANSWER).await?.ok_or(Hitch::Silent)?;
        }
        Ok(())
    }

    async fn renew_token(&mut self) {
        if let Ok(tokens) = self.options.api.refresh(&self.tokens.1).await {
            self.tokens = tokens;
            self.token_age = Timer::start();
        } else if let Ok(tokens) = self.options.api.join(&self.options.name, "a bot's password").await {
            self.tokens = tokens;
            self.token_age = Timer::start();
        }
    }

    async fn open_lease(&mut self) -> Result<(), Hitch> {
        let placement = if self.options.strict { Placement::Strict } else { Placement::Regional };
        let request =
            OfferRequest { currency: Currency::EUR, escrow_minor: Amount::from_minor(self.options.escrow), placement };
        let offer = self.ask(ClientBody::Offer(request), |body| match body {
            ServerBody::Offer(offer) => Some(offer),
            _ => None,
        });
        let offer = offer.await?;
        let mut secret = [0; 32];
        self.rng.fill_bytes(&mut secret);
        let key = SessionKey::p256(secret).filter(|_| secret.first().is_some_and(|first| *first < 32));
        let key = key.unwrap_or_else(|| SessionKey::ed25519(secret));
        self.rng.fill_bytes(&mut secret);
        let seed = ClientSeed::of(secret, secret.first().is_some_and(|first| *first % 2 == 0), offer.max_rounds);
        let request = open_request(&offer, &seed, &key);
        self.book.leases.entry(offer.lease).or_default();
        self.seeds = (Some(key), Some(seed));
        let opened = self.ask(ClientBody::Open(request), |body| match body {
            ServerBody::Opened(opened) => Some(opened),
            _ => None,
        });
        match opened.await {
            Ok(opened) => {
                let (Some(key), Some(seed)) = std::mem::take(&mut self.seeds) else { return Err(Hitch::Silent) };
                self.held = Some(Held::new(*opened, key, seed));
                Ok(())
            }
            Err(Hitch::Refused(refusal)) => {
                // Nothing happened: there is no such lease to be settled.
                if !refusal.code.is_retryable() {
                    self.book.leases.remove(&offer.lease);
                }
                Err(Hitch::Refused(refusal))
            }
            Err(other) => Err(other),
        }
    }

    /// One deal: the one that is still unanswered, or a new one.
    async fn play(&mut self) -> Result<(), Hitch> {
        let Some(held) = &self.held else { return Ok(()) };
        let lease = held.terms.opening.lease;
        let intent = match self.pending.take().filter(|intent| intent.lease == lease && intent.deal == held.next_deal) {
            Some(intent) => intent,
            None => {
                let Some((game, payload, stake)) =
                    choose(&mut self.rng, &held.terms.games, &held.offers, self.last_game)
                else {
                    self.leave_lease().await;
                    return Ok(());
                };
                let Some(intent) = held.intent(game, &payload, stake) else { return Ok(()) };
                intent
            }
        };
        self.pending = Some(intent.clone());
        self.last_game = Some(intent.game);
        let timer = Timer::start();
        let result = self.ask(ClientBody::Play(intent), |body| match body {
            ServerBody::Result(result) => Some(result),
            _ => None,
        });
        let result = match result.await {
            Ok(result) => result,
            Err(Hitch::Refused(refusal)) => {
                if !refusal.code.is_retryable() {
                    self.pending = None;
                }
                return Err(Hitch::Refused(refusal));
            }
            Err(other) => return Err(other),
        };
        self.pending = None;
        let micros = u64::try_from(timer.elapsed().as_micros()).unwrap_or(u64::MAX);
        let _ = self.report.latency_us.record(micros);
        if let Some(held) = &mut self.held {
            (held.next_deal, held.offers, held.in_play) = (result.deal + 1, result.offers, result.in_play_minor);
        }
        Ok(())
    }

    pub(super) async fn close(&mut self, lease: LeaseId) -> Result<(), Hitch> {
        let closing =
            self.ask(ClientBody::Close { lease }, |body| matches!(body, ServerBody::Closing { .. }).then_some(()));
        closing.await
    }

    /// Listens for a while.
    pub(super) async fn listen(&mut self, patience: Duration) -> Result<(), Hitch> {
        let since = Timer::start();
        while let Some(left) = patience.checked_sub(since.elapsed()) {
            if self.socket.is_none() {
                tokio::time::sleep(left).await;
                return Ok(());
            }
            if self.frame(left).await?.is_none() {
                return Ok(());
            }
        }
        Ok(())
    }

    pub(super) async fn ask<T>(
        &mut self,
        body: ClientBody,
        wanted: impl Fn(ServerBody) -> Option<T>,
    ) -> Result<T, Hitch> {
        let socket = self.socket.as_mut().ok_or_else(|| Lost("not connected".to_owned()))?;
        let reference = socket.send(body).await?;
        self.answer(reference, wanted).await
    }

    async fn answer<T>(&mut self, reference: u32, wanted: impl Fn(ServerBody) -> Option<T>) -> Result<T, Hitch> {
        let since = Timer::start();
        while let Some(left) = ANSWER.checked_sub(since.elapsed()) {
            let Some(frame) = self.frame(left).await? else { break };
            if frame.re != Some(reference) {
                continue;
            }
            match frame.body {
                ServerBody::Refused(refusal) => return Err(Hitch::Refused(refusal)),
                body => match wanted(body) {
                    Some(answer) => return Ok(answer),
                    None => continue,
                },
            }
        }
        Err(Hitch::Silent)
    }

    /// The next frame, noted in the books.
    async fn frame(&mut self, patience: Duration) -> Result<Option<ServerFrame>, Hitch> {
        let socket = self.socket.as_mut().ok_or_else(|| Lost("not connected".to_owned()))?;
        let Some(frame) = socket.next(patience).await? else { return Ok(None) };
        match &frame.body {
            ServerBody::Result(result) => {
                let asked = frame.re.is_some() || self.catching == Some(result.lease);
                self.book.note_result(result, if asked { Told::Asked } else { Told::Live });
            }
            // Who comes fresh stands where the welcome's wallet does.
            ServerBody::Welcome(_) if self.connected_before.is_none() => self.book.core_seq = frame.cursor.core_seq,
            ServerBody::Wallet(event) => self.book.note_event(event),
            ServerBody::Resync { .. } => {
                self.book.resyncs += 1;
                self.book.core_seq = frame.cursor.core_seq;
            }
            ServerBody::Draining { .. } => self.edge = self.edge.wrapping_add(1),
            _ => {}
        }
        Ok(Some(frame))
    }

    async fn balance(&mut self) -> Result<(i64, i64)> {
        self.renew_token().await;
        self.options.api.balance(&self.tokens.0, "EUR").await
    }
}

fn ten(bytes: &[u8; 16]) -> [u8; 10] {
    let mut ten = [0; 10];
    ten.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
    ten
}

fn clock_ms() -> u64 {
    clock::Clock::now_ms(&clock::SystemClock::new())
}
