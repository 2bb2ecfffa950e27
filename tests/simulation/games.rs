//! The real games, compiled once a process, and how every lease pins them.

use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use execution::{HostOptions, Table, Tables};
use ids::Digest;
use wire::v1::lease::PinnedGame;

/// Loaded games, and their places in a lease's terms.
pub(crate) struct Shelf {
    pub(crate) tables: Arc<Tables>,
    pub(crate) pins: Vec<PinnedGame>,
}

static SHELF: LazyLock<Shelf> = LazyLock::new(Shelf::load);

/// Name, component, configuration and shortest cycle. Two configurations of one component; a slot whose rounds stay open.
const GAMES: &[(&str, &str, &str, u64)] = &[
    ("roulette", "roulette.wasm", "roulette-single.json", 0),
    ("roulette", "roulette.wasm", "roulette-double-la-partage.json", 0),
    ("slot-lines", "slot-lines.wasm", "slot-lines-96.json", 40),
];

fn dist(name: &str) -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests.parent().unwrap_or(tests).join("wasm-games/dist").join(name)
}

fn read(name: &str) -> Vec<u8> {
    std::fs::read(dist(name)).unwrap_or_else(|error| panic!("{name}: {error}: run `cargo xtask games`"))
}

impl Shelf {
    /// The process's own.
    pub(crate) fn shared() -> &'static Self {
        &SHELF
    }

    fn load() -> Self {
        let tables = Tables::new(HostOptions { slots: 8, ..HostOptions::default() }, None).unwrap();
        let pins = GAMES.iter().map(|(game, component, config, min_cycle_ms)| {
            let wasm = read(component);
            let digest = Digest::from_bytes(fairness::sha256(&[&wasm]));
            tables.load(digest, &wasm).unwrap();
            let config = String::from_utf8(read(&format!("configs/{config}"))).unwrap();
            let params = Digest::from_bytes(fairness::sha256(&[config.as_bytes()]));
            PinnedGame { game: game.parse().unwrap(), digest, params, config, min_cycle_ms: *min_cycle_ms }
        });
        let pins = pins.collect();
        Self { tables: Arc::new(tables), pins }
    }

    /// The table of a pinned game.
    pub(crate) fn table(&self, game: &PinnedGame) -> Table {
        self.tables.open(game).unwrap()
    }
}
