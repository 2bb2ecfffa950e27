//! A release of a game: the bytes of its component and its canonical configuration, read from files and named by digest.

use std::fs;
use std::io;
use std::path::PathBuf;

use ids::{Digest, GameId};
use serde::{Deserialize, Serialize};
use wire::v1::lease::PinnedGame;

use crate::limits;

/// Where a game's files are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GameFile {
    /// Its name in the catalogue. Two configurations of one component are two games.
    pub game: GameId,
    /// Its title.
    pub title: String,
    /// The component.
    pub component: PathBuf,
    /// Its configuration, canonical JSON.
    pub config: PathBuf,
    /// Shortest time between two deals, milliseconds.
    #[serde(default)]
    pub min_cycle_ms: u64,
}

/// A release as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    /// Its name in the catalogue.
    pub game: GameId,
    /// Its title.
    pub title: String,
    /// SHA-256 of `component`.
    pub digest: Digest,
    /// SHA-256 of `config`.
    pub params: Digest,
    /// The component's bytes.
    pub component: bytes::Bytes,
    /// The configuration.
    pub config: String,
    /// Shortest time between two deals, milliseconds.
    pub min_cycle_ms: u64,
}

impl Release {
    /// The release as a lease pins it.
    #[must_use]
    pub fn pin(&self) -> PinnedGame {
        PinnedGame {
            game: self.game.clone(),
            digest: self.digest,
            params: self.params,
            config: self.config.clone(),
            min_cycle_ms: self.min_cycle_ms,
        }
    }
}

/// Why a game's files are no release.
#[derive(Debug, thiserror::Error)]
pub enum ReleaseError {
    /// A file can't be read.
    #[error("game {game}: {path}: {source}")]
    Io {
        /// The game.
        game: GameId,
        /// The file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// A file is longer than the limits say.
    #[error("game {game}: {path} is too long")]
    TooLong {
        /// The game.
        game: GameId,
        /// The file.
        path: PathBuf,
    },
    /// The configuration is no JSON object.
    #[error("game {game}: {path} is no JSON object")]
    NotJson {
        /// The game.
        game: GameId,
        /// The file.
        path: PathBuf,
    },
}

impl GameFile {
    /// Reads the files. A line's end after the configuration is no part of it.
    ///
    /// # Errors
    /// [`ReleaseError`].
    pub fn read(&self) -> Result<Release, ReleaseError> {
        let game = || self.game.clone();
        let failed = |path: &PathBuf| {
            let path = path.clone();
            move |source| ReleaseError::Io { game: game(), path, source }
        };
        let length = fs::metadata(&self.component).map_err(failed(&self.component))?.len();
        if length > limits::COMPONENT_BYTES {
            return Err(ReleaseError::TooLong { game: game(), path: self.component.clone() });
        }
        let component = fs::read(&self.component).map_err(failed(&self.component))?;
        let text = fs::read_to_string(&self.config).map_err(failed(&self.config))?;
        let config = text.trim_end_matches(['\r', '\n']).to_owned();
        if config.len() > limits::CONFIG_BYTES {
            return Err(ReleaseError::TooLong { game: game(), path: self.config.clone() });
        }
        if serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(&config).is_err() {
            return Err(ReleaseError::NotJson { game: game(), path: self.config.clone() });
        }
        Ok(Release {
            game: game(),
            title: self.title.clone(),
            digest: Digest::from_bytes(fairness::sha256(&[&component])),
            params: Digest::from_bytes(fairness::sha256(&[config.as_bytes()])),
            component: component.into(),
            config,
            min_cycle_ms: self.min_cycle_ms,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(config: &str) -> (tempfile::TempDir, GameFile) {
        let folder = tempfile::tempdir().unwrap();
        let (component, path) = (folder.path().join("dice.wasm"), folder.path().join("dice.json"));
        fs::write(&component, b"\0asm").unwrap();
        fs::write(&path, config).unwrap();
        let game =
            GameFile { game: "dice".parse().unwrap(), title: "Dice".into(), component, config: path, min_cycle_ms: 0 };
        (folder, game)
    }

    #[test]
    fn a_release_is_named_by_the_digests_of_what_it_is_made_of() {
        let (_folder, game) = files("{\"faces\":6}\n");
        let release = game.read().unwrap();
        assert_eq!(release.config, r#"{"faces":6}"#);
        assert_eq!(release.digest.to_bytes(), fairness::sha256(&[b"\0asm"]));
        assert_eq!(release.params.to_bytes(), fairness::sha256(&[br#"{"faces":6}"#]));
    }

    #[test]
    fn a_configuration_that_is_missing_too_long_or_no_object_is_refused() {
        let (_folder, game) = files("[]");
        assert!(matches!(game.read(), Err(ReleaseError::NotJson { .. })));
        let (_folder, game) = files(&format!("{{\"x\":\"{}\"}}", "y".repeat(limits::CONFIG_BYTES)));
        assert!(matches!(game.read(), Err(ReleaseError::TooLong { .. })));
        fs::remove_file(&game.config).unwrap();
        assert!(matches!(game.read(), Err(ReleaseError::Io { .. })));
    }
}
