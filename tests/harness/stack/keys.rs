//! Key files of a state folder, made once. Dealers make their own with `dealer keygen`, as an operator would; the access
//! token's pair is made here, since the core keeps one half and every edge the other.
use super::layout::Layout;
use crate::tools::built;
use anyhow::{Context, Result, bail};
use ed25519_dalek::SigningKey;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A dealer's folder with `hpke.key`, `signing.key` and `dealer.json`.
pub(super) fn dealer_folder(layout: &Layout, dealer: &str) -> PathBuf {
    layout.state().join("secrets").join(dealer)
}

/// The seed of the key that signs access tokens: 64 hex digits.
pub(super) fn token_secret(layout: &Layout) -> PathBuf {
    layout.state().join("secrets").join("token.secret")
}

/// Its public half: 64 hex digits.
pub(super) fn token_public(layout: &Layout) -> PathBuf {
    layout.state().join("secrets").join("token.public")
}

/// What the operator shows to the core's operator pages.
pub(super) fn operator_token(layout: &Layout) -> PathBuf {
    layout.state().join("secrets").join("operator.token")
}

/// Makes what is missing.
pub(super) fn ensure(layout: &Layout) -> Result<()> {
    std::fs::create_dir_all(layout.state().join("secrets"))?;
    for (dealer, _) in layout.dealers() {
        let folder = dealer_folder(layout, &dealer);
        if !folder.join("dealer.json").exists() {
            make_dealer_keys(&dealer, &folder)?;
        }
    }
    if !operator_token(layout).exists() {
        write_private(&operator_token(layout), &crate::nats::random_secret()?)?;
    }
    if !token_secret(layout).exists() {
        let secret = crate::nats::random_secret()?;
        let mut seed = [0_u8; 32];
        hex::decode_to_slice(&secret, &mut seed)?;
        let public = SigningKey::from_bytes(&seed).verifying_key();
        write_private(&token_public(layout), &hex::encode(public.as_bytes()))?;
        write_private(&token_secret(layout), &secret)?;
    }
    Ok(())
}

fn make_dealer_keys(dealer: &str, folder: &Path) -> Result<()> {
    if folder.exists() {
        std::fs::remove_dir_all(folder)?;
    }
    let mut keygen = Command::new(built("dealer", "dealer")?);
    let output = keygen.args(["keygen", "--dealer", dealer, "--out"]).arg(folder).output().context("dealer keygen")?;
    if !output.status.success() {
        bail!("dealer keygen failed: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(())
}

/// Writes a file that only its owner can read.
pub(super) fn write_private(path: &Path, text: &str) -> Result<()> {
    let open = std::fs::OpenOptions::new().create(true).write(true).truncate(true).mode(0o600).open(path);
    let mut file = open.with_context(|| path.display().to_string())?;
    file.write_all(text.as_bytes()).with_context(|| path.display().to_string())
}
