//! A loaded game: compiled code, its identity, and `describe`.

use std::sync::Arc;

use crate::classify::Broken;
use crate::contract::{Fault, Manifest};
use crate::host::Shared;
use crate::instance::{Export, Live};
use crate::lane::{Readies, Ready};
use crate::limits;
use crate::manifest::{ManifestError, check_manifest};
use crate::params::Config;
use crate::table::Table;
use crate::verdict::{Infra, Misbehaviour};

/// Why a configuration has no table.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DescribeError {
    /// The game does not accept the configuration (or says so in another of the contract's words).
    #[error("the game refused the configuration: {0:?}")]
    Refused(Fault),
    /// The game trapped or ran over a limit: not a game to accept.
    #[error("the game misbehaved in describe: {0}")]
    Misbehaved(Misbehaviour),
    /// The manifest declares what no game may.
    #[error("the manifest is not acceptable: {0}")]
    Manifest(#[from] ManifestError),
    /// A fault of this machine: try again.
    #[error("describe could not be run here: {0}")]
    Infra(Infra),
}

impl From<Broken> for DescribeError {
    fn from(broken: Broken) -> Self {
        match broken {
            Broken::Guest(misbehaviour) => Self::Misbehaved(misbehaviour),
            Broken::Infra(infra) => Self::Infra(infra),
        }
    }
}

/// Compiled code with everything looked up that can be before a deal.
pub(crate) struct GameCode {
    shared: Arc<Shared>,
    readies: Readies,
    digest: [u8; 32],
}

impl GameCode {
    /// The code on this processor's lane.
    pub(crate) fn here(&self) -> Result<&Arc<Ready>, Infra> {
        self.readies.here(&self.shared.lanes)
    }

    pub(crate) fn digest(&self) -> [u8; 32] {
        self.digest
    }
}

/// A game: one component, any number of configurations. Cheap to clone; usable from all threads.
#[derive(Clone)]
pub struct Game(Arc<GameCode>);

impl Game {
    pub(crate) fn new(shared: Arc<Shared>, readies: Readies, digest: [u8; 32]) -> Self {
        Self(Arc::new(GameCode { shared, readies, digest }))
    }

    #[cfg(test)]
    pub(crate) fn code(&self) -> &GameCode {
        &self.0
    }

    /// SHA-256 of the component's bytes: the game's identity, `game` in fair1.
    pub fn digest(&self) -> [u8; 32] {
        self.0.digest
    }

    /// Asks the game what it is under `config`, and checks every bound it declares.
    ///
    /// # Errors
    /// [`DescribeError`]; all but `Infra` are the same on every machine.
    pub fn describe(&self, config: &Config) -> Result<Manifest, DescribeError> {
        let mut live = Live::start(&self.0)?;
        let params = (config.as_str(),);
        let ((answer,), _) =
            live.call::<_, (Result<Manifest, Fault>,)>(Export::Describe, limits::DESCRIBE_FUEL, params)?;
        let manifest = answer.map_err(DescribeError::Refused)?;
        check_manifest(&manifest)?;
        Ok(manifest)
    }

    /// The game under one configuration, ready to play.
    ///
    /// # Errors
    /// As [`Game::describe`].
    pub fn open(&self, config: Config) -> Result<Table, DescribeError> {
        let manifest = self.describe(&config)?;
        Ok(Table::new(Arc::clone(&self.0), config, manifest))
    }
}

impl std::fmt::Debug for Game {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Game").field(&hex::encode(self.0.digest)).finish()
    }
}
