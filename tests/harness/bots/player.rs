//! A player for stories: does exactly what the test says, and fails the test when the answer is another.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use ids::LeaseId;
use money::{Amount, Currency};
use wire::v1::Refusal;
use wire::v1::client::{ClientBody, Cursor, DealResult, ServerBody, ServerFrame, Welcome};
use wire::v1::intent::SignedIntent;
use wire::v1::lease::{OfferRequest, Placement};
use wire::v1::payload::Payload;
use wire::v1::wallet::{WalletBody, WalletEvent};

use super::http::Api;
use super::lease::{ClientSeed, Held, open_request};
use super::signing::SessionKey;
use super::socket::Socket;

const ANSWER: Duration = Duration::from_secs(20);
/// How often a refusal that says "try again" is taken at its word.
const TRIES: u32 = 100;
const PAUSE: Duration = Duration::from_millis(200);

/// A player with an account, perhaps a connection, perhaps a lease.
#[derive(Debug)]
pub struct Player {
    /// The name.
    pub name: String,
    /// The core.
    pub api: Api,
    /// The access token.
    pub token: String,
    /// The connection.
    pub socket: Option<Socket>,
    /// The lease.
    pub held: Option<Held>,
    /// The last cursor that was sent.
    pub cursor: Cursor,
    /// Frames that nobody asked for, in order.
    pub unasked: Vec<ServerFrame>,
}

impl Player {
    /// Registers, logs in, deposits.
    ///
    /// # Errors
    /// The core refuses or is away.
    pub async fn join(api: &Api, name: &str, deposit: i64) -> Result<Self> {
        let (token, _) = api.join(name, "a long password").await?;
        if deposit > 0 {
            let id = uuid::Builder::from_unix_timestamp_millis(now_ms(), &[1; 10]).into_uuid();
            let unique = uuid::Uuid::from_u128(id.as_u128() ^ u128::from(fairness_number(name)));
            api.deposit(&token, unique, "EUR", deposit).await?;
        }
        let (name, api) = (name.to_owned(), api.clone());
        Ok(Self { name, api, token, socket: None, held: None, cursor: Cursor::default(), unasked: Vec::new() })
    }

    /// Connects to an edge, with the cursor if there was a connection before.
    ///
    /// # Errors
    /// The edge is away or refuses.
    pub async fn connect(&mut self, edge: &str, resume: bool) -> Result<Welcome> {
        let mut socket = Socket::connect(edge).await.map_err(|lost| anyhow::anyhow!(lost.0))?;
        let cursor = resume.then_some(self.cursor);
        let hello = ClientBody::Hello { token: self.token.clone(), cursor };
        let reference = socket.send(hello).await.map_err(|lost| anyhow::anyhow!(lost.0))?;
        self.socket = Some(socket);
        match self.answer(reference).await? {
            Ok(ServerBody::Welcome(welcome)) => Ok(*welcome),
            other => bail!("no welcome: {other:?}"),
        }
    }

    /// Opens a lease over `escrow`.
    ///
    /// # Errors
    /// Anything but an open lease.
    pub async fn open(&mut self, escrow: i64, placement: Placement) -> Result<LeaseId> {
        let request = OfferRequest { currency: Currency::EUR, escrow_minor: Amount::from_minor(escrow), placement };
        let ServerBody::Offer(offer) = self.ask(ClientBody::Offer(request)).await?.map_err(refused)? else {
            bail!("no offer");
        };
        let secret = fairness::sha256(&[self.name.as_bytes(), &offer.lease.to_bytes()]);
        let (key, seed) = (SessionKey::ed25519(secret), ClientSeed::of(secret, true, offer.max_rounds));
        let request = open_request(&offer, &seed, &key);
        let ServerBody::Opened(opened) = self.ask(ClientBody::Open(request)).await?.map_err(refused)? else {
            bail!("not opened");
        };
        self.held = Some(Held::new(*opened, key, seed));
        Ok(offer.lease)
    }

    /// The lease, which the story has opened before.
    ///
    /// # Errors
    /// It has not.
    pub fn held(&self) -> Result<&Held> {
        self.held.as_ref().context("no lease is open")
    }

    /// The place of `game` among the lease's games.
    ///
    /// # Errors
    /// The lease has no such game.
    pub fn game(&self, game: &str) -> Result<usize> {
        let games = &self.held()?.terms.games;
        games.iter().position(|pinned| pinned.game.as_str() == game).with_context(|| format!("no game {game}"))
    }

    /// The next deal: `stake` on red at the roulette table.
    ///
    /// # Errors
    /// No lease, or no roulette in it.
    pub fn red(&self, stake: i64) -> Result<SignedIntent> {
        let payload = Payload::Bets(vec![(900, Amount::from_minor(stake))]);
        let intent = self.held()?.intent(self.game("roulette")?, &payload, Amount::from_minor(stake));
        intent.context("an intent that can't be signed")
    }

    /// Sends an intent; the result, or the refusal.
    ///
    /// # Errors
    /// The connection is lost or silent.
    pub async fn play(&mut self, intent: SignedIntent) -> Result<Result<DealResult, Refusal>> {
        match self.ask(ClientBody::Play(intent)).await? {
            Ok(ServerBody::Result(result)) => {
                if let Some(held) = &mut self.held {
                    (held.next_deal, held.offers) = (result.deal + 1, result.offers.clone());
                }
                Ok(Ok(*result))
            }
            Ok(other) => bail!("no result: {other:?}"),
            Err(refusal) => Ok(Err(refusal)),
        }
    }

    /// Sends a frame; its answer, or the refusal.
    ///
    /// # Errors
    /// The connection is lost or silent.
    pub async fn ask(&mut self, body: ClientBody) -> Result<Result<ServerBody, Refusal>> {
        let socket = self.socket.as_mut().context("not connected")?;
        let reference = socket.send(body).await.map_err(|lost| anyhow::anyhow!(lost.0))?;
        self.answer(reference).await
    }

    async fn answer(&mut self, reference: u32) -> Result<Result<ServerBody, Refusal>> {
        loop {
            let frame = self.frame(ANSWER).await?.context("no answer in time")?;
            if frame.re == Some(reference) {
                return Ok(match frame.body {
                    ServerBody::Refused(refusal) => Err(refusal),
                    body => Ok(body),
                });
            }
            self.unasked.push(frame);
        }
    }

    /// The next frame, if one comes within `patience`.
    ///
    /// # Errors
    /// The connection is lost.
    pub async fn frame(&mut self, patience: Duration) -> Result<Option<ServerFrame>> {
        let socket = self.socket.as_mut().context("not connected")?;
        let frame = socket.next(patience).await.map_err(|lost| anyhow::anyhow!(lost.0))?;
        if let Some(frame) = &frame {
            self.cursor = frame.cursor;
        }
        Ok(frame)
    }

    /// Waits for an unasked frame that `wanted` takes, among those that came already too.
    ///
    /// # Errors
    /// None came in time, or the connection is lost.
    pub async fn wait_for<T>(&mut self, wanted: impl Fn(&ServerBody) -> Option<T>) -> Result<T> {
        if let Some(found) = self.unasked.iter().find_map(|frame| wanted(&frame.body)) {
            return Ok(found);
        }
        loop {
            let frame = self.frame(ANSWER).await?.context("the frame did not come in time")?;
            let found = wanted(&frame.body);
            self.unasked.push(frame);
            if let Some(found) = found {
                return Ok(found);
            }
        }
    }

    /// Closes the lease and waits for its end: the wallet event with what came back and the seed.
    ///
    /// # Errors
    /// It does not end in time.
    pub async fn close_and_settle(&mut self) -> Result<WalletEvent> {
        let lease = self.held.take().context("no lease is open")?.terms.opening.lease;
        let mut tries = 0;
        while let Err(refusal) = self.ask(ClientBody::Close { lease }).await? {
            tries += 1;
            if !refusal.code.is_retryable() || tries > TRIES {
                return Err(refused(refusal));
            }
            tokio::time::sleep(PAUSE).await;
        }
        self.wait_for(|body| match body {
            ServerBody::Wallet(event) if matches!(&event.body, WalletBody::Closed { lease: of, .. } if *of == lease) => Some(event.clone()),
            _ => None,
        })
        .await
    }

    /// Available and in play at the ledger, minor units.
    ///
    /// # Errors
    /// The core is away.
    pub async fn balance(&self) -> Result<(i64, i64)> {
        self.api.balance(&self.token, "EUR").await
    }
}

fn refused(refusal: Refusal) -> anyhow::Error {
    anyhow::anyhow!("refused: {refusal}")
}

fn fairness_number(name: &str) -> u64 {
    let [a, b, c, d, e, f, g, h, ..] = fairness::sha256(&[name.as_bytes()]);
    u64::from_be_bytes([a, b, c, d, e, f, g, h]) >> 8
}

fn now_ms() -> u64 {
    clock::Clock::now_ms(&clock::SystemClock::new())
}
