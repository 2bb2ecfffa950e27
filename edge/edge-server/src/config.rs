//! The edge's configuration: one TOML file, read once, unknown keys refused. The golden test below prints the defaults.
//!
//! Secrets are named by file, never written here. What may go wrong is a [`ConfigError`] that names the file and the key.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use ids::{DealerId, EdgeId, RegionId};
use serde::{Deserialize, Serialize};

/// All that an edge is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    /// This edge's name; its NATS credentials must be for the same.
    pub(crate) edge: EdgeId,
    /// Its region.
    pub(crate) region: RegionId,
    /// The region's dealer; a lease's own dealer is named by its terms.
    pub(crate) dealer: DealerId,
    /// Where players reach it: the WebSocket URL that other edges name when they drain.
    pub(crate) public_url: String,
    /// Players' listener.
    pub(crate) listen: SocketAddr,
    /// The operator's listener: `/livez /readyz /metrics /version`. Keep it private.
    pub(crate) ops_listen: SocketAddr,
    /// Components and compiled games are kept here; must belong to this process's user alone.
    pub(crate) cache_dir: PathBuf,
    /// The core's public key for players' tokens: PASERK `k4.public.…` or 64 hex digits.
    pub(crate) token_public_key_file: PathBuf,
    /// The region's leaf server, and who this edge is to it.
    pub(crate) nats: Nats,
    /// Players' connections.
    #[serde(default)]
    pub(crate) connections: Connections,
    /// Stopping.
    #[serde(default)]
    pub(crate) drain: Drain,
    /// Logging.
    #[serde(default)]
    pub(crate) log: Log,
}

/// Where NATS is, and as whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Nats {
    /// The region's leaf server.
    pub(crate) url: String,
    /// This edge's user; empty for a server without log-ins.
    #[serde(default)]
    pub(crate) user: String,
    /// The file with its password.
    #[serde(default)]
    pub(crate) password_file: Option<PathBuf>,
    /// Prefix of the inboxes that its permissions allow; `_INBOX_<user>` when empty.
    #[serde(default)]
    pub(crate) inbox_prefix: String,
    /// JetStream domain of the region; the region's name when empty.
    #[serde(default)]
    pub(crate) domain: String,
    /// JetStream domain of the core.
    #[serde(default = "hub")]
    pub(crate) hub_domain: String,
}

impl Nats {
    /// Options for a connection called `name`.
    ///
    /// # Errors
    /// [`ConfigError::Read`] when the password can't be read.
    pub(crate) fn options(&self, name: &str) -> Result<bus::BusOptions, ConfigError> {
        let mut options = bus::BusOptions::new(self.url.clone(), name);
        if !self.user.is_empty() {
            options.inbox_prefix = format!("_INBOX_{}", self.user);
            options.user = Some(self.user.clone());
        }
        if !self.inbox_prefix.is_empty() {
            options.inbox_prefix.clone_from(&self.inbox_prefix);
        }
        options.password = self.password_file.as_deref().map(read_trimmed).transpose()?;
        Ok(options)
    }
}

/// Bounds of players' connections.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Connections {
    /// Pages that may connect (`https://play.example`); empty for any. A client that sends no `Origin` is no browser.
    pub(crate) allowed_origins: Vec<String>,
    /// The most connections at once.
    pub(crate) max: usize,
    /// Frames a second that one connection may send in the long run.
    pub(crate) frames_per_second: u32,
    /// Frames that it may send at once.
    pub(crate) frames_burst: u32,
    /// Frames that wait for a slow reader before it is cut off with its cursor.
    pub(crate) queue: usize,
}

impl Default for Connections {
    fn default() -> Self {
        Self { allowed_origins: Vec::new(), max: 20_000, frames_per_second: 100, frames_burst: 200, queue: 256 }
    }
}

/// Bounds of stopping.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Drain {
    /// The longest that SIGTERM takes, milliseconds.
    pub(crate) limit_ms: u64,
}

impl Default for Drain {
    fn default() -> Self {
        Self { limit_ms: 20_000 }
    }
}

/// Logging.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Log {
    /// A filter such as `info` or `info,play=debug`.
    pub(crate) level: String,
    /// JSON lines, or text for a person.
    pub(crate) json: bool,
}

impl Default for Log {
    fn default() -> Self {
        Self { level: "info".into(), json: true }
    }
}

/// Why there is no configuration.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConfigError {
    /// A file can't be read.
    #[error("can't read {}: {source}", path.display())]
    Read {
        /// Which.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Not TOML of this shape.
    #[error("{}: {source}", path.display())]
    Toml {
        /// Which.
        path: PathBuf,
        /// Where and why.
        source: Box<toml::de::Error>,
    },
}

impl Config {
    /// Reads the file.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub(crate) fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = read(path)?;
        toml::from_str(&text).map_err(|source| ConfigError::Toml { path: path.to_owned(), source: Box::new(source) })
    }

    /// JetStream domain of the region.
    pub(crate) fn domain(&self) -> String {
        if self.nats.domain.is_empty() { self.region.to_string() } else { self.nats.domain.clone() }
    }
}

fn hub() -> String {
    "hub".into()
}

/// A small file's text without its last line break: a password, a key.
///
/// # Errors
/// [`ConfigError::Read`].
pub(crate) fn read_trimmed(path: &Path) -> Result<String, ConfigError> {
    Ok(read(path)?.trim_end().to_owned())
}

fn read(path: &Path) -> Result<String, ConfigError> {
    std::fs::read_to_string(path).map_err(|source| ConfigError::Read { path: path.to_owned(), source })
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEAST: &str = r#"
edge = "west-1"
region = "west"
dealer = "dealer-west"
public_url = "ws://127.0.0.1:8101/v1/play"
listen = "127.0.0.1:8101"
ops_listen = "127.0.0.1:9101"
cache_dir = "var/west-1"
token_public_key_file = "keys/token.public"

[nats]
url = "nats://127.0.0.1:4222"
"#;

    const WHOLE: &str = r#"edge = "west-1"
region = "west"
dealer = "dealer-west"
public_url = "ws://127.0.0.1:8101/v1/play"
listen = "127.0.0.1:8101"
ops_listen = "127.0.0.1:9101"
cache_dir = "var/west-1"
token_public_key_file = "keys/token.public"

[nats]
url = "nats://127.0.0.1:4222"
user = ""
inbox_prefix = ""
domain = ""
hub_domain = "hub"

[connections]
allowed_origins = []
max = 20000
frames_per_second = 100
frames_burst = 200
queue = 256

[drain]
limit_ms = 20000

[log]
level = "info"
json = true
"#;

    #[test]
    fn the_defaults_are_these() {
        let config: Config = toml::from_str(LEAST).unwrap();
        assert_eq!(toml::to_string(&config).unwrap(), WHOLE);
        assert_eq!(toml::from_str::<Config>(WHOLE).unwrap(), config);
        assert_eq!(config.domain(), "west");
    }

    #[test]
    fn an_unknown_key_a_bad_name_and_a_missing_file_are_refused() {
        assert!(toml::from_str::<Config>(&format!("speed = 1\n{LEAST}")).is_err());
        assert!(toml::from_str::<Config>(&format!("{LEAST}\nuser_name = \"x\"")).is_err());
        assert!(toml::from_str::<Config>(&LEAST.replace("west-1\"\nregion", "West 1\"\nregion")).is_err());
        let error = Config::read(Path::new("no/such/file.toml")).unwrap_err();
        assert!(error.to_string().starts_with("can't read no/such/file.toml"), "{error}");
    }
}
