//! A studio's `dist`: the component, and its configurations under the names that the other verbs look for.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use sandbox::{Config, Host, HostOptions};

use crate::game::problem::Problem;

/// Loads the component, describes it under every configuration, and writes both. Gives back the configurations' names.
pub(super) fn write(folder: &Path, name: &str, component: &[u8]) -> anyhow::Result<Vec<String>> {
    let dist = folder.join("dist");
    let path = dist.join(format!("{name}.wasm"));
    let game = Host::new(HostOptions { slots: 1, lanes: 1, ..HostOptions::default() })?
        .load(component)
        .map_err(|error| Problem::Load { path: path.clone(), error })?;
    let configurations = configurations(&folder.join("configs"))?;
    for (file, config) in &configurations {
        let described = game.describe(config);
        described
            .map_err(|error| Problem::Describe { config: config.as_str().to_owned(), error })
            .with_context(|| format!("{}", file.display()))?;
    }
    fs::create_dir_all(dist.join("configs")).with_context(|| format!("{} can't be made", dist.display()))?;
    replace(&path, component)?;
    let mut names = Vec::new();
    for (file, config) in &configurations {
        let variant = file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        let file = format!("configs/{name}-{variant}.json");
        replace(&dist.join(&file), config.as_str().as_bytes())?;
        names.push(file);
    }
    Ok(names)
}

/// The variants of the game, by name; each must be canonical, since its bytes are hashed into every receipt.
fn configurations(folder: &Path) -> anyhow::Result<Vec<(PathBuf, Config)>> {
    let unreadable = || format!("{} can't be read: a game has at least one configuration", folder.display());
    let entries = fs::read_dir(folder).with_context(unreadable)?;
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    let read = |file: PathBuf| {
        let text = fs::read_to_string(&file).with_context(|| format!("{} can't be read", file.display()))?;
        let config = Config::exactly(text.trim_end()).with_context(|| format!("{}", file.display()))?;
        Ok((file, config))
    };
    files.into_iter().map(read).collect()
}

/// Written whole under another name, then renamed: a reader never sees half a game.
fn replace(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let fresh = path.with_extension(format!("new-{}", std::process::id()));
    fs::write(&fresh, bytes).with_context(|| format!("{} can't be written", fresh.display()))?;
    fs::rename(&fresh, path).with_context(|| format!("{} can't be replaced", path.display()))
}
