//! `tidy-allow.toml`: long files by name with a reason, and how many long functions the tree still has.
use anyhow::{Context, Result, bail};
use std::path::Path;

/// The exceptions of `cargo xtask tidy`.
#[derive(Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Allowed {
    /// Functions over the limit in the whole tree. Goes down only.
    #[serde(default)]
    pub(super) long_functions: usize,
    #[serde(default)]
    pub(super) long_file: Vec<LongFile>,
}

/// A file that may be longer than the alarm, up to the hard limit.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LongFile {
    pub(super) path: String,
    pub(super) reason: String,
}

/// The exceptions.
///
/// # Errors
/// The file is missing, has an unknown key, or an exception has no reason.
pub(super) fn read(path: &Path) -> Result<Allowed> {
    let text = std::fs::read_to_string(path).with_context(|| format!("{}", path.display()))?;
    let allowed: Allowed = toml::from_str(&text).context("tidy-allow.toml")?;
    if let Some(bare) = allowed.long_file.iter().find(|file| file.reason.trim().len() < 10) {
        bail!("tidy-allow.toml: {} has no reason", bare.path);
    }
    Ok(allowed)
}
