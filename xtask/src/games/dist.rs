//! wasm-games/dist: components, canonical configurations, SHA256SUMS, TOOLCHAIN. Each file is written whole under
//! another name and then renamed, so that a reader never sees half a game.
use super::compile::{Artifact, Game};
use super::toolchain::Toolchain;
use crate::project::Project;
use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};
use std::path::Path;

/// Writes everything; gives back one line a file, as in SHA256SUMS.
pub(super) fn write(
    project: &Project,
    toolchain: &Toolchain,
    games: &[Game],
    artifacts: &[Artifact],
) -> Result<Vec<String>> {
    let dist = project.games_dir().join("dist");
    std::fs::create_dir_all(dist.join("configs")).context("wasm-games/dist can't be made")?;
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    for artifact in artifacts {
        files.push((format!("{}.wasm", artifact.name), artifact.component.clone()));
    }
    for game in games {
        files.extend(configs(game)?);
    }
    let mut sums = Vec::new();
    for (name, bytes) in &files {
        replace(&dist.join(name), bytes)?;
        sums.push(format!("{}  {name}", hex::encode(Sha256::digest(bytes))));
    }
    replace(&dist.join("SHA256SUMS"), format!("{}\n", sums.join("\n")).as_bytes())?;
    replace(&dist.join("TOOLCHAIN"), format!("{}\n", toolchain.label()).as_bytes())?;
    Ok(sums)
}

/// `<game>/configs/<variant>.json` -> `configs/<game>-<variant>.json`, without a trailing newline: its hash is `params`.
fn configs(game: &Game) -> Result<Vec<(String, Vec<u8>)>> {
    let folder = game.folder.join("configs");
    let mut found = Vec::new();
    for entry in std::fs::read_dir(&folder).with_context(|| format!("{} has no configs folder", game.name))? {
        let path = entry?.path();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let variant = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        let text = std::fs::read_to_string(&path)?;
        let text = canonical(&text).with_context(|| format!("{}/configs/{variant}.json", game.name))?;
        found.push((format!("configs/{}-{variant}.json", game.name), text.into_bytes()));
    }
    if found.is_empty() {
        bail!("{} has no configuration in its configs folder", game.name);
    }
    found.sort();
    Ok(found)
}

/// The text itself when it is canonical: keys sorted, no spaces.
fn canonical(text: &str) -> Result<String> {
    let text = text.trim_end();
    let value: serde_json::Value = serde_json::from_str(text).context("is no JSON")?;
    let wanted = value.to_string();
    if wanted != text {
        bail!("is not canonical JSON: {wanted} is");
    }
    Ok(wanted)
}

fn replace(path: &Path, bytes: &[u8]) -> Result<()> {
    if std::fs::read(path).is_ok_and(|old| old == bytes) {
        return Ok(());
    }
    let fresh = path.with_extension(format!("new-{}", std::process::id()));
    std::fs::write(&fresh, bytes).with_context(|| format!("{} can't be written", fresh.display()))?;
    std::fs::rename(&fresh, path).with_context(|| format!("{} can't be replaced", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_configuration_keeps_its_bytes_only_when_canonical() {
        assert_eq!(canonical("{\"a\":1,\"b\":\"x\"}\n").unwrap(), "{\"a\":1,\"b\":\"x\"}");
        assert!(canonical("{\"b\":1,\"a\":1}").is_err());
        assert!(canonical("{\"a\": 1}").is_err());
        assert!(canonical("{").is_err());
    }

    #[test]
    fn replacing_a_file_leaves_no_second_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("game.wasm");
        replace(&path, b"one").unwrap();
        replace(&path, b"two").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"two");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
