//! Health over HTTP: one GET on loopback, answered or not. No client library is needed to read a status line.
use crate::process::Process;
use anyhow::{Context, Result, bail};
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Between two looks.
const POLL: Duration = Duration::from_millis(25);
/// One look.
const LOOK: Duration = Duration::from_secs(2);
/// More than any health page.
const MAX_ANSWER_BYTES: u64 = 1 << 20;

/// The status and body of `GET path` on a loopback port.
///
/// # Errors
/// Nobody answers there, or not in HTTP.
pub async fn get(port: u16, path: &str) -> Result<(u16, String)> {
    let look = async {
        let mut stream = TcpStream::connect(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await?;
        let request = format!("GET {path} HTTP/1.0\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await?;
        let mut answer = Vec::new();
        stream.take(MAX_ANSWER_BYTES).read_to_end(&mut answer).await?;
        Ok::<_, std::io::Error>(answer)
    };
    let answer = tokio::time::timeout(LOOK, look).await.context("no answer")??;
    let text = String::from_utf8_lossy(&answer).into_owned();
    let (head, body) = text.split_once("\r\n\r\n").context("no HTTP answer")?;
    let status = head.split_whitespace().nth(1).and_then(|word| word.parse().ok()).context("no HTTP status")?;
    Ok((status, body.to_owned()))
}

/// Waits until `GET path` says 200.
///
/// # Errors
/// The process ended, or `limit` is over; either is one line that names it.
pub async fn wait_for_ok(process: &Process, port: u16, path: &str, limit: Duration) -> Result<()> {
    let waiting = async {
        loop {
            if let Some(line) = process.crashed() {
                bail!(line);
            }
            if let Ok((200, _)) = get(port, path).await {
                return Ok(());
            }
            tokio::time::sleep(POLL).await;
        }
    };
    match tokio::time::timeout(limit, waiting).await {
        Ok(ended) => ended,
        Err(_) => {
            let last = get(port, path)
                .await
                .map_or_else(|error| error.to_string(), |(status, body)| format!("{status} {body}"));
            let (name, log) = (process.name(), process.log().display());
            bail!("{name} is not ready after {} s on port {port}{path}: {} [{log}]", limit.as_secs(), last.trim())
        }
    }
}
