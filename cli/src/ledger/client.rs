//! The core's operator interface, as a caller with a token.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, bail};
use clap::Args;
use serde_json::Value;

/// A replay of a long log takes its time.
const TIMEOUT: Duration = Duration::from_secs(600);
const MAX_ANSWER_BYTES: u64 = 16 * 1024 * 1024;
/// Of a refusal's text.
const MAX_SHOWN_CHARS: usize = 500;

/// Where the books are, and how they are shown.
#[derive(Args)]
pub(crate) struct Place {
    /// Base address of the core's operator interface, such as `http://127.0.0.1:8081`.
    #[arg(long)]
    from: String,
    /// The file with the operator's token.
    #[arg(long)]
    token_file: PathBuf,
    /// The core's answer as it came.
    #[arg(long)]
    pub(crate) json: bool,
}

pub(crate) struct Core {
    base: String,
    token: String,
    agent: ureq::Agent,
}

impl Core {
    pub(crate) fn at(place: &Place) -> anyhow::Result<Self> {
        let file = &place.token_file;
        let token = fs::read_to_string(file).with_context(|| format!("{} can't be read", file.display()))?;
        let config = ureq::Agent::config_builder().timeout_global(Some(TIMEOUT)).http_status_as_error(false);
        let (base, token) = (place.from.trim_end_matches('/').to_owned(), token.trim().to_owned());
        Ok(Self { base, token, agent: config.build().into() })
    }

    pub(crate) fn get(&self, path: &str) -> anyhow::Result<Value> {
        let url = format!("{}{path}", self.base);
        let request = self.agent.get(&url).header("authorization", format!("Bearer {}", self.token));
        answer(&url, request.call())
    }

    pub(crate) fn post(&self, path: &str) -> anyhow::Result<Value> {
        let url = format!("{}{path}", self.base);
        let request = self.agent.post(&url).header("authorization", format!("Bearer {}", self.token));
        answer(&url, request.send_empty())
    }
}

fn answer(url: &str, sent: Result<http::Response<ureq::Body>, ureq::Error>) -> anyhow::Result<Value> {
    let mut response = sent.with_context(|| format!("no answer from {url}"))?;
    let status = response.status();
    let body = response.body_mut().with_config().limit(MAX_ANSWER_BYTES).read_to_vec();
    let body = body.with_context(|| format!("the answer from {url} broke off"))?;
    if !status.is_success() {
        let text: String = String::from_utf8_lossy(&body).chars().take(MAX_SHOWN_CHARS).collect();
        bail!("{url} answered {status}: {text}");
    }
    serde_json::from_slice(&body).with_context(|| format!("the answer from {url} is no JSON"))
}
