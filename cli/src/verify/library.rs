//! The components and configurations of a directory, by their SHA-256.
//!
//! Promise: a file counts by its content alone, whatever its name. Every *.wasm and *.json down to [`MAX_DEPTH`] directories is
//! read; what isn't a configuration is passed over. Cost: reading all of them once; a component is compiled when it is asked for.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use fairness::sha256;
use sandbox::{Config, Host, Table, canonical_config, limits};

use super::problem::Problem;

const MAX_DEPTH: u32 = 4;

/// What a directory holds.
pub(crate) struct Library {
    host: Host,
    components: BTreeMap<[u8; 32], PathBuf>,
    configurations: BTreeMap<[u8; 32], Config>,
}

impl Library {
    /// Reads a directory.
    pub(crate) fn open(host: Host, directory: &Path) -> anyhow::Result<Self> {
        let mut library = Self { host, components: BTreeMap::new(), configurations: BTreeMap::new() };
        library.walk(directory, 0)?;
        Ok(library)
    }

    fn walk(&mut self, directory: &Path, depth: u32) -> anyhow::Result<()> {
        let unreadable = || format!("{} can't be read", directory.display());
        for entry in fs::read_dir(directory).with_context(unreadable)? {
            let path = entry.with_context(unreadable)?.path();
            let extension = path.extension().and_then(|extension| extension.to_str());
            match extension {
                _ if path.is_dir() && depth < MAX_DEPTH => self.walk(&path, depth + 1)?,
                Some("wasm") => {
                    self.components.insert(sha256(&[&read(&path)?]), path);
                }
                Some("json") if fs::metadata(&path)?.len() <= u64::try_from(limits::MAX_CONFIG)? => {
                    let text = String::from_utf8(read(&path)?).ok();
                    if let Some(config) = text.and_then(|text| canonical_config(&text).ok()) {
                        self.configurations.insert(config.hash(), config);
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// A configuration.
    pub(crate) fn configuration(&self, params: &[u8; 32]) -> Result<&Config, Problem> {
        self.configurations.get(params).ok_or_else(|| Problem::NoConfiguration(hex::encode(params)))
    }

    /// A game under a configuration, compiled now.
    pub(crate) fn table(&self, game: &[u8; 32], params: &[u8; 32]) -> Result<Table, Problem> {
        let refuse = |reason: String| Problem::NoTable { game: hex::encode(game), params: hex::encode(params), reason };
        let path = self.components.get(game).ok_or_else(|| Problem::NoComponent(hex::encode(game)))?;
        let config = self.configuration(params)?.clone();
        let wasm = fs::read(path).map_err(|error| refuse(error.to_string()))?;
        if sha256(&[&wasm]) != *game {
            return Err(refuse("the file was exchanged while it was read".to_owned()));
        }
        let game = self.host.load(&wasm).map_err(|error| refuse(error.to_string()))?;
        game.open(config).map_err(|error| refuse(error.to_string()))
    }
}

fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("{} can't be read", path.display()))
}
