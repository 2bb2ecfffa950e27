//! The core's configuration: one TOML file, read once. Unknown keys are refused; secrets are named by file. The golden test
//! below prints the default, as `core-server print-default-config` does.

use std::collections::BTreeSet;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use ids::RegionId;
use leases::{GameFile, Rules};
use serde::{Deserialize, Serialize};

/// Everything that can be set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// What this process does. In this version all of it: see [`Config::check`].
    pub roles: BTreeSet<Role>,
    /// Players' listener.
    pub listen: SocketAddr,
    /// Where `/livez /readyz /metrics /version` are served. Keep it private.
    pub ops_listen: SocketAddr,
    /// The file with the database's URL, `postgres://user:password@host:port/database`.
    pub database_url_file: PathBuf,
    /// Connections to the database at most.
    pub database_connections: u32,
    /// The folder of `seeds.key`, `player-tag.key` and `signing.key`. On an empty database missing ones are made.
    pub secrets_dir: PathBuf,
    /// The secret that signs access tokens; its public half is in every edge's configuration.
    pub token_secret_file: PathBuf,
    /// A hardware source of randomness to mix in, a character device.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hardware_random: Option<PathBuf>,
    /// Where relative paths of `games` begin.
    pub games_dir: PathBuf,
    /// The built web client, served beside the API; none without it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub web_dir: Option<PathBuf>,
    /// Compiled games are kept here; must belong to this process's user alone.
    pub cache_dir: PathBuf,
    /// The hub.
    pub nats: bus::Settings,
    /// Makes the hub's streams at the start, with credentials that may; without it they must be there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provision: Option<Provision>,
    /// The operator's pages; none without it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operator: Option<Operator>,
    /// Players' pages.
    pub api: api::Options,
    /// How it logs.
    pub log: Log,
    /// Times, money limits, and dealers whose keys are written here.
    pub rules: Rules,
    /// Dealers by the files that `dealer keygen` made.
    pub dealers: Vec<DealerFile>,
    /// The games on offer.
    pub games: Vec<GameFile>,
}

/// A part of the core that could run on its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The one writer of the ledger's shard, and the relay of its events.
    Ledger,
    /// Chance.
    Seeds,
    /// Leases and the catalogue.
    Leases,
    /// Settlement.
    Settlement,
    /// Accounts.
    Players,
    /// The pages.
    Api,
}

/// How the hub's streams are made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provision {
    /// `nats/streams.toml`.
    pub streams_file: PathBuf,
    /// The regions whose streams the hub gathers; theirs are made by their own provisioning, before this.
    pub regions: Vec<RegionId>,
    /// Who may make streams.
    pub nats: bus::Settings,
}

/// The operator's pages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Operator {
    /// Their listener. Keep it private.
    pub listen: SocketAddr,
    /// The file with the token that operators show, 32 characters or more; made when it is missing.
    pub token_file: PathBuf,
}

/// A dealer's public keys in the file that `dealer keygen` made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DealerFile {
    /// The region that it serves; `core` for the core's own.
    pub region: RegionId,
    /// Its `dealer.json`.
    pub file: PathBuf,
}

/// How the process logs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Log {
    /// A filter such as `info` or `info,settlement=debug`.
    pub level: String,
    /// JSON lines, or plain text.
    pub json: bool,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 6] = [Self::Ledger, Self::Seeds, Self::Leases, Self::Settlement, Self::Players, Self::Api];
}

impl Default for Log {
    fn default() -> Self {
        Self { level: "info".to_owned(), json: true }
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            roles: Role::ALL.into(),
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            ops_listen: SocketAddr::from(([127, 0, 0, 1], 9080)),
            database_url_file: "secrets/database.url".into(),
            database_connections: 16,
            secrets_dir: "secrets".into(),
            token_secret_file: "secrets/token.key".into(),
            hardware_random: None,
            games_dir: "games".into(),
            web_dir: None,
            cache_dir: "cache".into(),
            nats: bus::Settings::open("nats://127.0.0.1:4222"),
            provision: None,
            operator: None,
            api: api::Options::default(),
            log: Log::default(),
            rules: Rules::default(),
            dealers: Vec::new(),
            games: default_games(),
        }
    }
}

/// The games that `cargo xtask games` builds, at their usual configurations.
fn default_games() -> Vec<GameFile> {
    let game = |name: &str, title: &str, config: &str| {
        let game = name.parse().ok()?;
        let (component, config) = (format!("{name}.wasm").into(), format!("configs/{config}.json").into());
        Some(GameFile { game, title: title.to_owned(), component, config, min_cycle_ms: 0 })
    };
    let games = [
        game("roulette", "Roulette", "roulette-single"),
        game("slot-lines", "Millpond Lanterns", "slot-lines-96"),
        game("blackjack", "Quarry Lane Twenty-One", "blackjack-infinite"),
        game("baccarat", "Ferry House Baccarat", "baccarat-commission"),
        game("video-poker", "Tin Roof Draw", "video-poker-9-6"),
        game("dice", "Harbour Dice", "dice-edge-100"),
        game("limbo", "Kite Line", "limbo-edge-100"),
        game("mines", "Thin Ice", "mines-mines-3"),
        game("plinko", "Pinecone Drop", "plinko-medium-12"),
        game("hilo", "Thirteen Stairs", "hilo-edge-100"),
    ];
    games.into_iter().flatten().collect()
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
    /// Roles that can't run in a process of their own yet.
    #[error("this version runs the core in one process: add the roles {missing:?} to `roles`")]
    Apart {
        /// The roles that are not configured.
        missing: Vec<Role>,
    },
}

impl Config {
    /// Reads and checks the file.
    ///
    /// # Errors
    /// [`ConfigError`] naming the file and what is wrong in it.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path).map_err(|source| ConfigError::Io { path: path.to_owned(), source })?;
        let parsed: Result<Self, _> = toml::from_str(&text);
        let config = parsed.map_err(|source| ConfigError::Parse { path: path.to_owned(), source: Box::new(source) })?;
        config.check()?;
        Ok(config)
    }

    /// Whether this version can run it.
    ///
    /// # Errors
    /// [`ConfigError::Apart`]: rooms call each other in memory, so they can't run apart.
    pub fn check(&self) -> Result<(), ConfigError> {
        let missing: Vec<Role> = Role::ALL.into_iter().filter(|role| !self.roles.contains(role)).collect();
        if missing.is_empty() { Ok(()) } else { Err(ConfigError::Apart { missing }) }
    }

    /// The games with their paths resolved.
    #[must_use]
    pub fn game_files(&self) -> Vec<GameFile> {
        let resolve = |file: &GameFile| GameFile {
            component: self.games_dir.join(&file.component),
            config: self.games_dir.join(&file.config),
            ..file.clone()
        };
        self.games.iter().map(resolve).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Writes the file anew with `UPDATE_DOCS=1`.
    #[test]
    #[expect(clippy::disallowed_methods, reason = "a switch of the developer who runs the test")]
    fn the_default_prints_as_the_committed_file_and_reads_back() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/default.toml");
        let printed = toml::to_string(&Config::default()).unwrap();
        if std::env::var("UPDATE_DOCS").is_ok() {
            std::fs::write(path, &printed).unwrap();
        }
        let committed = std::fs::read_to_string(path).unwrap_or_default();
        assert!(committed == printed, "default.toml is stale: run this test with UPDATE_DOCS=1");
        assert_eq!(toml::from_str::<Config>(&committed).unwrap(), Config::default());
        assert_eq!(toml::from_str::<Config>("").unwrap(), Config::default());
    }

    #[test]
    fn an_unknown_key_is_refused_by_name_wherever_it_stands() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("core.toml");
        for text in ["colour = 1", "[api]\ncolour = 1", "[rules]\ncolour = 1", "[log]\ncolour = 1"] {
            std::fs::write(&path, text).unwrap();
            let error = Config::read(&path).unwrap_err().to_string();
            assert!(error.contains("colour"), "{error}");
        }
        assert!(matches!(Config::read(&folder.path().join("none")), Err(ConfigError::Io { .. })));
    }

    #[test]
    fn roles_that_cannot_run_apart_yet_are_refused_by_name() {
        let config: Config = toml::from_str("roles = [\"api\", \"players\"]").unwrap();
        let error = config.check().unwrap_err();
        assert!(matches!(&error, ConfigError::Apart { missing } if missing.len() == 4));
        assert!(error.to_string().contains("Ledger"), "{error}");
        assert!(toml::from_str::<Config>("roles = [\"croupier\"]").is_err());
    }

    #[test]
    fn relative_games_are_found_in_their_folder_and_absolute_ones_where_they_say() {
        let mut config = Config { games_dir: "dist".into(), ..Config::default() };
        config.games[0].component = "/elsewhere/roulette.wasm".into();
        let files = config.game_files();
        assert_eq!(files[0].component, Path::new("/elsewhere/roulette.wasm"));
        assert_eq!(files[1].component, Path::new("dist/slot-lines.wasm"));
    }
}
