//! Which component, under which configuration: the arguments that most verbs share.
//!
//! Promise: the digest that is printed is that of the bytes that ran. Without `--params` the game is asked about `{}`, then about
//! each configuration beside it (`configs/NAME-*.json`, by name); the first that it accepts is taken, and shown.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::Args;
use sandbox::{Config, DescribeError, Game, Host, Table, canonical_config};

use super::problem::Problem;
use super::seat;

#[derive(Args)]
pub(crate) struct Chosen {
    /// The name of a game in the games directory, or a component's file (*.wasm).
    pub(crate) game: String,
    /// The configuration, as JSON; the first that the game accepts unless given.
    #[arg(long, value_name = "JSON")]
    pub(crate) params: Option<String>,
    /// Where components are, and their configurations in `configs` below.
    #[arg(long, value_name = "DIR", default_value = "wasm-games/dist")]
    games: PathBuf,
}

impl Chosen {
    /// The component's file.
    pub(crate) fn path(&self) -> PathBuf {
        match self.game.strip_suffix(".wasm") {
            Some(_) => PathBuf::from(&self.game),
            None => self.games.join(format!("{}.wasm", self.game)),
        }
    }

    /// The component's bytes.
    pub(crate) fn bytes(&self) -> Result<Vec<u8>, Problem> {
        let path = self.path();
        fs::read(&path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => Problem::NoComponent(path),
            _ => Problem::Unreadable { path, error },
        })
    }

    /// The game on `host`.
    pub(crate) fn load(&self, host: &Host) -> Result<Game, Problem> {
        host.load(&self.bytes()?).map_err(|error| Problem::Load { path: self.path(), error })
    }

    /// The game under the configuration that was asked for.
    pub(crate) fn open(&self, host: &Host) -> Result<Table, Problem> {
        let game = self.load(host)?;
        let Some(params) = &self.params else {
            return self.first_accepted(&game);
        };
        open(&game, canonical_config(params)?)
    }

    fn first_accepted(&self, game: &Game) -> Result<Table, Problem> {
        let refused = match open(game, canonical_config("{}")?) {
            Err(problem @ Problem::Describe { error: DescribeError::Refused(_), .. }) => problem,
            done => return done,
        };
        let found = self.configurations().into_iter().find_map(|config| open(game, config).ok());
        found.ok_or(refused)
    }

    /// The configurations beside the component, those that are none passed over.
    fn configurations(&self) -> Vec<Config> {
        let path = self.path();
        let stem = path.file_stem().map(|stem| format!("{}-", stem.to_string_lossy())).unwrap_or_default();
        let folder = path.parent().unwrap_or(Path::new(".")).join("configs");
        let mut files: Vec<PathBuf> = fs::read_dir(folder)
            .map(|entries| entries.flatten().map(|entry| entry.path()).collect())
            .unwrap_or_default();
        files.retain(|file| file.file_name().is_some_and(|name| name.to_string_lossy().starts_with(&stem)));
        files.sort();
        let read = |file: &PathBuf| canonical_config(&fs::read_to_string(file).ok()?).ok();
        files.iter().filter_map(read).collect()
    }
}

fn open(game: &Game, config: Config) -> Result<Table, Problem> {
    let text = config.as_str().to_owned();
    seat::open(game, &config).map_err(|error| Problem::Describe { config: text, error })
}
