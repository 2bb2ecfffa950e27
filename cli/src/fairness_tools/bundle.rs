//! `house fairness bundle`: fetches a closed lease's bundle, the bytes as the server sent them.
//!
//! Promise: what is written is a readable bundle of the lease that was asked for, whole, or nothing is written. Whether it is
//! true is for `house verify` to say. What may go wrong: the network, a lease that isn't closed yet, a refused token; the
//! server's own words are shown.

use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use clap::Args;
use fairness::Bundle;
use ids::LeaseId;

use crate::Verdict;

const TIMEOUT: Duration = Duration::from_secs(60);
const MAX_BUNDLE_BYTES: u64 = 512 * 1024 * 1024;
/// Of a refusal's text.
const MAX_SHOWN_CHARS: usize = 500;

#[derive(Args)]
pub(crate) struct Arguments {
    /// The lease.
    lease: LeaseId,
    /// Base address of the core's HTTP interface, such as `https://play.example`.
    #[arg(long)]
    from: String,
    /// The player's access token.
    #[arg(long)]
    token: Option<String>,
    /// A file that holds the access token; unlike an argument, other users of the machine can't see it.
    #[arg(long, conflicts_with = "token")]
    token_file: Option<PathBuf>,
    /// Write here instead of to standard output.
    #[arg(long)]
    out: Option<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<Verdict> {
    let bytes = fetch(arguments)?;
    let bundle = Bundle::from_json(&bytes).context("the server's answer")?;
    let lease = LeaseId::from_bytes(bundle.open.lease_id);
    ensure!(lease == arguments.lease, "the server's answer is the bundle of lease {lease}");
    match &arguments.out {
        Some(out) => fs::write(out, &bytes).with_context(|| format!("{} can't be written", out.display()))?,
        None => io::stdout().lock().write_all(&bytes)?,
    }
    Ok(Verdict::Good)
}

fn fetch(arguments: &Arguments) -> anyhow::Result<Vec<u8>> {
    let url = format!("{}/v1/fairness/bundle/{}", arguments.from.trim_end_matches('/'), arguments.lease);
    let agent: ureq::Agent =
        ureq::Agent::config_builder().timeout_global(Some(TIMEOUT)).http_status_as_error(false).build().into();
    let mut request = agent.get(&url);
    if let Some(token) = token(arguments)? {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    let mut response = request.call().with_context(|| format!("no answer from {url}"))?;
    let status = response.status();
    let body = response.body_mut().with_config().limit(MAX_BUNDLE_BYTES).read_to_vec();
    let body = body.with_context(|| format!("the answer from {url} broke off"))?;
    if !status.is_success() {
        let text: String = String::from_utf8_lossy(&body).chars().take(MAX_SHOWN_CHARS).collect();
        bail!("{url} answered {status}: {text}");
    }
    Ok(body)
}

fn token(arguments: &Arguments) -> anyhow::Result<Option<String>> {
    match (&arguments.token, &arguments.token_file) {
        (Some(token), _) => Ok(Some(token.clone())),
        (None, Some(file)) => {
            let text = fs::read_to_string(file).with_context(|| format!("{} can't be read", file.display()))?;
            Ok(Some(text.trim().to_owned()))
        }
        (None, None) => Ok(None),
    }
}
