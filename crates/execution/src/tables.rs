//! The games that are ready to play here, by digest and configuration.

use std::collections::BTreeMap;
use std::path::PathBuf;

use ids::Digest;
use parking_lot::RwLock;
use sandbox::{Config, Game, Host, HostError, HostOptions, Table};
use wire::v1::lease::PinnedGame;

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
    /// The configuration is not the one that the digest names.
    #[error("another configuration of component {0} was given than the pinned one")]
    OtherConfig(Digest),
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
    ///
    /// # Errors
    /// [`HostError`] when this machine can't run components.
    pub fn new(options: HostOptions, cache: Option<PathBuf>) -> Result<Self, HostError> {
        let host = Host::new(options)?;
        Ok(Self { host, cache, games: RwLock::default(), open: RwLock::default() })
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

    /// The table of a component and the SHA-256 of its configuration, if it was opened before.
    #[must_use]
    pub fn opened(&self, digest: Digest, params: Digest) -> Option<Table> {
        self.open.read().get(&(digest, params)).cloned()
    }

    /// The table of a loaded component under its pinned configuration.
    ///
    /// # Errors
    /// [`TableError`] when it is not loaded, or the configuration is not the pinned one or not accepted.
    pub fn open(&self, pinned: &PinnedGame) -> Result<Table, TableError> {
        let (digest, params) = (pinned.digest, pinned.params);
        if let Some(table) = self.opened(digest, params) {
            return Ok(table);
        }
        let config = Config::exactly(&pinned.config)?;
        if config.hash() != params.to_bytes() {
            return Err(TableError::OtherConfig(digest));
        }
        let game = self.games.read().get(&digest).cloned().ok_or(TableError::NotLoaded(digest))?;
        let table = game.open(config)?;
        self.open.write().insert((digest, params), table.clone());
        Ok(table)
    }
}
