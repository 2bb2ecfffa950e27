//! The core's HTTP interface as a client sees it: JSON over HTTP/1.1, one connection a request, loopback only.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const PATIENCE: Duration = Duration::from_secs(20);
const MAX_ANSWER_BYTES: u64 = 64 * 1024 * 1024;

/// A client of one listener.
#[derive(Clone, Debug)]
pub struct Api {
    port: u16,
}

/// A status and its body.
#[derive(Clone, Debug)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// The body, as JSON; null when there is none.
    pub body: Value,
}

impl Answer {
    /// The body of a success.
    ///
    /// # Errors
    /// Any other status, with the body.
    pub fn ok(self) -> Result<Value> {
        if (200..300).contains(&self.status) { Ok(self.body) } else { bail!("HTTP {}: {}", self.status, self.body) }
    }
}

impl Api {
    /// A client of the listener on loopback `port`.
    #[must_use]
    pub fn on(port: u16) -> Self {
        Self { port }
    }

    /// A client of `http://127.0.0.1:PORT`.
    ///
    /// # Errors
    /// It is no such address.
    pub fn at(url: &str) -> Result<Self> {
        let port = url.trim_end_matches('/').rsplit(':').next().and_then(|port| port.parse().ok());
        Ok(Self::on(port.with_context(|| format!("no port in {url}"))?))
    }

    /// One request.
    ///
    /// # Errors
    /// Nobody answers, or not in HTTP and JSON.
    pub async fn send(&self, method: &str, path: &str, token: Option<&str>, body: Option<Value>) -> Result<Answer> {
        let body = body.map(|body| body.to_string()).unwrap_or_default();
        let mut head = format!("{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n", self.port);
        if let Some(token) = token {
            head.push_str(&format!("Authorization: Bearer {token}\r\n"));
        }
        if !body.is_empty() {
            head.push_str(&format!("Content-Type: application/json\r\nContent-Length: {}\r\n", body.len()));
        }
        let exchange = async {
            let mut stream = TcpStream::connect(SocketAddr::from((Ipv4Addr::LOCALHOST, self.port))).await?;
            stream.write_all(format!("{head}\r\n{body}").as_bytes()).await?;
            let mut answer = Vec::new();
            stream.take(MAX_ANSWER_BYTES).read_to_end(&mut answer).await?;
            Ok::<_, std::io::Error>(answer)
        };
        let bytes =
            tokio::time::timeout(PATIENCE, exchange).await.with_context(|| format!("{method} {path}: no answer"))??;
        parse(&String::from_utf8_lossy(&bytes)).with_context(|| format!("{method} {path}"))
    }

    /// `GET path`.
    ///
    /// # Errors
    /// As [`Api::send`].
    pub async fn get(&self, path: &str, token: Option<&str>) -> Result<Answer> {
        self.send("GET", path, token, None).await
    }

    /// `POST path`.
    ///
    /// # Errors
    /// As [`Api::send`].
    pub async fn post(&self, path: &str, token: Option<&str>, body: Value) -> Result<Answer> {
        self.send("POST", path, token, Some(body)).await
    }

    /// Registers and logs in; the two tokens.
    ///
    /// # Errors
    /// The core refuses or is away.
    pub async fn join(&self, name: &str, password: &str) -> Result<(String, String)> {
        let body = json!({ "name": name, "password": password });
        let registered = self.post("/v1/players", None, body.clone()).await?;
        if registered.status != 409 {
            registered.ok().context("register")?;
        }
        tokens(&self.post("/v1/sessions", None, body).await?.ok().context("log in")?)
    }

    /// New tokens for a refresh token.
    ///
    /// # Errors
    /// The core refuses or is away.
    pub async fn refresh(&self, refresh: &str) -> Result<(String, String)> {
        let answer = self.post("/v1/sessions/refresh", None, json!({ "refresh_token": refresh })).await?;
        tokens(&answer.ok().context("refresh")?)
    }

    /// Deposits with the sandbox provider.
    ///
    /// # Errors
    /// The core refuses or is away.
    pub async fn deposit(&self, token: &str, id: uuid::Uuid, currency: &str, minor: i64) -> Result<()> {
        let body = json!({ "id": id, "currency": currency, "amount_minor": minor.to_string() });
        self.post("/v1/deposits", Some(token), body).await?.ok().context("deposit").map(|_| ())
    }

    /// What the player has: available and in play, minor units.
    ///
    /// # Errors
    /// The core refuses or is away.
    pub async fn balance(&self, token: &str, currency: &str) -> Result<(i64, i64)> {
        let body = self.get("/v1/balances", Some(token)).await?.ok()?;
        let list = body.get("balances").and_then(Value::as_array).context("no balances")?;
        let Some(row) = list.iter().find(|row| row.get("currency").and_then(Value::as_str) == Some(currency)) else {
            return Ok((0, 0));
        };
        let minor = |name: &str| {
            row.get(name)
                .and_then(Value::as_str)
                .and_then(|text| text.parse().ok())
                .with_context(|| format!("no {name}"))
        };
        Ok((minor("available_minor")?, minor("in_play_minor")?))
    }
}

fn tokens(body: &Value) -> Result<(String, String)> {
    let text =
        |name: &str| body.get(name).and_then(Value::as_str).map(str::to_owned).with_context(|| format!("no {name}"));
    Ok((text("access_token")?, text("refresh_token")?))
}

fn parse(text: &str) -> Result<Answer> {
    let (head, body) = text.split_once("\r\n\r\n").context("no HTTP answer")?;
    let status = head.split_whitespace().nth(1).and_then(|word| word.parse().ok()).context("no HTTP status")?;
    let chunked = head.to_ascii_lowercase().contains("transfer-encoding: chunked");
    let body = if chunked { dechunk(body)? } else { body.to_owned() };
    let body =
        if body.trim().is_empty() { Value::Null } else { serde_json::from_str(&body).unwrap_or(Value::String(body)) };
    Ok(Answer { status, body })
}

fn dechunk(mut text: &str) -> Result<String> {
    let mut whole = String::new();
    loop {
        let (size, rest) = text.split_once("\r\n").context("broken chunk")?;
        let size = usize::from_str_radix(size.trim(), 16).context("broken chunk size")?;
        if size == 0 {
            return Ok(whole);
        }
        whole.push_str(rest.get(..size).context("short chunk")?);
        text = rest.get(size..).and_then(|rest| rest.strip_prefix("\r\n")).context("broken chunk end")?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read_whole_chunked_or_not() {
        let plain = parse("HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n{\"a\":1}").unwrap();
        assert_eq!((plain.status, plain.body), (200, json!({ "a": 1 })));
        let chunked =
            parse("HTTP/1.1 409 C\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{\"a\r\n4\r\n\":1}\r\n0\r\n\r\n").unwrap();
        assert_eq!((chunked.status, chunked.body), (409, json!({ "a": 1 })));
    }
}
