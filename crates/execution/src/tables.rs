//! The games that are ready to play here, by digest and configuration.

use std::collections::BTreeMap;
use std::path::PathBuf;

use ids::Digest;
use parking_lot::RwLock;
use sandbox::{Config, Game, Host, Table};

/// Loaded games and opened tables. Loading happens once a digest; looking up is a read lock.
pub struct Tables {
    host: Host,
    cache: Option<PathBuf>,
    games: RwLock<BTreeMap<Digest, Game>>,
    open: RwLock<BTreeMap<(Digest, Digest), Table>>,
}

/// Why a table can't be opened.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// The bytes are not what the digest names.
    #[error("component {got} was given for {wanted}")]
    OtherBytes { wanted: Digest, got: Digest },
    /// The component is not one of the studio world.
    #[error(transparent)]
    Load(#[from] sandbox::LoadError),
    /// The configuration is not canonical JSON.
    #[error(transparent)]
    Config(#[from] sandbox::ConfigError),
    /// The game does not describe itself under this configuration.
    #[error(transparent)]
    Describe(#[from] sandbox::DescribeError),
    /// The component was not loaded before.
    #[error("component {0} is not loaded")]
    NotLoaded(Digest),
}

impl Tables {
    /// No game yet. Compiled components are kept in `cache`, if one is given.
    #[must_use]
    pub fn new(host: Host, cache: Option<PathBuf>) -> Self {
        Self { host, cache, games: RwLock::default(), open: RwLock::default() }
    }

    /// Whether the component is loaded.
    #[must_use]
    pub fn has(&self, digest: Digest) -> bool {
        self.games.read().contains_key(&digest)
    }

    /// Loads a component whose SHA-256 must be `digest`.
    ///
    /// # Errors
    /// [`TableError::OtherBytes`] or [`TableError::Load`].
    pub fn load(&self, digest: Digest, wasm: &[u8]) -> Result<(), TableError> {
        let got = Digest::from_bytes(fairness::sha256(&[wasm]));
        if got != digest {
            return Err(TableError::OtherBytes { wanted: digest, got });
        }
        if self.has(digest) {
            return Ok(());
        }
        let game = match &self.cache {
            Some(dir) => self.host.load_cached(wasm, dir)?.0,
            None => self.host.load(wasm)?,
        };
        self.games.write().insert(digest, game);
        Ok(())
    }

    /// The table of a loaded component under `config`.
    ///
    /// # Errors
    /// [`TableError`] when it is not loaded or does not accept the configuration.
    pub fn open(&self, digest: Digest, config: &str) -> Result<Table, TableError> {
        let config = Config::exactly(config)?;
        let key = (digest, Digest::from_bytes(config.hash()));
        if let Some(table) = self.open.read().get(&key) {
            return Ok(table.clone());
        }
        let game = self.games.read().get(&digest).cloned().ok_or(TableError::NotLoaded(digest))?;
        let table = game.open(config)?;
        self.open.write().insert(key, table.clone());
        Ok(table)
    }
}
