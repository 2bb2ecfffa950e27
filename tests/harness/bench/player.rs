//! What a bench has its players do: join while the core is busy with others, deal against the clock, come back in two steps.

use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use serde_json::{Value, json};
use telemetry::Timer;
use wire::v1::client::{ClientBody, Cursor, Offered};

use super::wager::spin;
use crate::bots::{Api, Player, Socket};

/// Pause after the core said that it has too much to do, and how often it is asked again.
const BUSY_PAUSE: Duration = Duration::from_millis(200);
const BUSY_TRIES: u32 = 300;
const DEPOSIT: i64 = 1_000_000;
/// Escrow of a lease, minor units: above a quarter of it after any bench, so no top-up interferes.
pub(super) const ESCROW: i64 = 400_000;

/// Registers, logs in, deposits; asks again while the core is busy.
pub(super) async fn join(api: &Api, name: String) -> Result<Player> {
    let body = json!({ "name": name, "password": "a bench player's password" });
    patiently(api, "/v1/players", None, &body).await.context("register")?;
    let tokens = patiently(api, "/v1/sessions", None, &body).await.context("log in")?;
    let token = tokens.get("access_token").and_then(Value::as_str).context("no access token")?.to_owned();
    let [a, b, c, d, e, f, g, h, i, j, ..] = fairness::sha256(&[b"bench deposit", name.as_bytes()]);
    let now_ms = clock::Clock::now_ms(&clock::SystemClock::new());
    let id = uuid::Builder::from_unix_timestamp_millis(now_ms, &[a, b, c, d, e, f, g, h, i, j]).into_uuid();
    let deposit = json!({ "id": id, "currency": "EUR", "amount_minor": DEPOSIT.to_string() });
    patiently(api, "/v1/deposits", Some(&token), &deposit).await.context("deposit")?;
    let api = api.clone();
    Ok(Player { name, api, token, socket: None, held: None, cursor: Cursor::default(), unasked: Vec::new() })
}

async fn patiently(api: &Api, path: &str, token: Option<&str>, body: &Value) -> Result<Value> {
    for _ in 0..BUSY_TRIES {
        let answer = api.post(path, token, body.clone()).await?;
        if !matches!(answer.status, 429 | 503) {
            return answer.ok();
        }
        tokio::time::sleep(BUSY_PAUSE).await;
    }
    bail!("{path}: the core stays busy")
}

/// One deal of slot-lines: from the signed intent to its result.
pub(super) async fn deal(player: &mut Player) -> Result<Duration> {
    player.unasked.clear();
    let held = player.held()?;
    let offers: &[Offered] = &held.offers;
    let wager = spin(&held.terms, offers)?;
    let intent = held.intent(wager.game, &wager.payload, wager.stake).context("an intent that can't be signed")?;
    let timer = Timer::start();
    let result = player.play(intent).await?;
    let latency = timer.elapsed();
    match result {
        Ok(result) if result.void.is_none() => Ok(latency),
        Ok(result) => bail!("{}: deal {} is void", player.name, result.deal),
        Err(refusal) => bail!("{}: refused: {refusal}", player.name),
    }
}

/// Connects to an edge and says nothing yet.
pub(super) async fn connect(player: &mut Player, edge: &str) -> Result<()> {
    player.socket = Some(Socket::connect(edge).await.map_err(|lost| anyhow!("{}: {}", player.name, lost.0))?);
    Ok(())
}

/// Says hello with the cursor; the answers are the caller's to read.
pub(super) async fn say_hello(player: &mut Player) -> Result<()> {
    let hello = ClientBody::Hello { token: player.token.clone(), cursor: Some(player.cursor) };
    let socket = player.socket.as_mut().context("not connected")?;
    socket.send(hello).await.map_err(|lost| anyhow!("{}: {}", player.name, lost.0))?;
    Ok(())
}
