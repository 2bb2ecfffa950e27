//! The dealer's configuration: one TOML file, read once. Unknown keys are refused; secrets are named by file.

use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use ids::{DealerId, RegionId};
use serde::{Deserialize, Serialize};

/// Everything that can be set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The dealer's name, which leases and subjects carry.
    pub dealer: DealerId,
    /// The region whose round log it writes: its own, or `core`.
    pub log_region: RegionId,
    /// The JetStream domain of that log, where it is not the connected server's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domain: Option<String>,
    /// The secret that opens lease keys, made by `dealer keygen`.
    pub hpke_key_file: PathBuf,
    /// The secret that signs receipts, made by `dealer keygen`.
    pub signing_key_file: PathBuf,
    /// Where `/livez /readyz /metrics /version` are served. Keep it private.
    pub ops_listen: SocketAddr,
    /// The region's own server, or the hub.
    pub nats: bus::Settings,
    /// How it logs.
    #[serde(default)]
    pub log: Log,
}

/// How the process logs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Log {
    /// A filter such as `info` or `info,bus=debug`.
    pub level: String,
    /// JSON lines, or plain text.
    pub json: bool,
}

impl Default for Log {
    fn default() -> Self {
        Self { level: "info".to_owned(), json: true }
    }
}

/// Why there is no configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file can't be read.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It is not of this shape.
    #[error("{path}: {source}")]
    Parse {
        /// The file.
        path: PathBuf,
        /// Where and why.
        source: Box<toml::de::Error>,
    },
}

impl Config {
    /// Reads the file.
    ///
    /// # Errors
    /// [`ConfigError`] naming the file and what is wrong in it.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path).map_err(|source| ConfigError::Io { path: path.to_owned(), source })?;
        toml::from_str(&text).map_err(|source| ConfigError::Parse { path: path.to_owned(), source: Box::new(source) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXAMPLE: &str = r#"dealer = "dealer-west"
log_region = "west"
hpke_key_file = "keys/hpke.key"
signing_key_file = "keys/signing.key"
ops_listen = "127.0.0.1:9201"

[nats]
url = "nats://127.0.0.1:4223"
user = "dealer_west"
password_file = "keys/nats.password"

[log]
level = "info"
json = true
"#;

    #[test]
    fn the_example_reads_and_prints_back_with_the_defaults_shown() {
        let without_defaults = EXAMPLE.split("\n[log]").next().unwrap();
        let config: Config = toml::from_str(without_defaults).unwrap();
        assert_eq!(toml::to_string(&config).unwrap(), EXAMPLE);
    }

    #[test]
    fn an_unknown_key_is_refused_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("dealer.toml");
        std::fs::write(&path, format!("colour = 1\n{EXAMPLE}")).unwrap();
        let error = Config::read(&path).unwrap_err().to_string();
        assert!(error.contains("colour"), "{error}");
        assert!(matches!(Config::read(&folder.path().join("none")), Err(ConfigError::Io { .. })));
    }
}
