//! The host: lanes of engines, their pools, their ticker; it turns bytes into games.
//!
//! One a process is enough, shared by all threads. Loading compiles (30-45 ms a game of 30 KB) unless the cache has
//! it; the bytes' SHA-256 is the game's identity whatever way it came.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use sha2::{Digest, Sha256};

use crate::cache::{self, Cache, CacheUse, Compiled};
use crate::engine::{self, EngineId, HostError, HostOptions};
use crate::epoch::Ticker;
use crate::game::Game;
use crate::inspect::inspect;
use crate::lane::{Lane, Readies};

/// Why bytes aren't a game. Every reason but the cache's is a property of the bytes.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// Over [`crate::limits::MAX_WASM`].
    #[error("the component has {bytes} bytes, more than the host accepts")]
    TooLarge {
        /// Its size.
        bytes: usize,
    },
    /// A core module, or no Wasm at all.
    #[error("this is not a WebAssembly component")]
    NotAComponent,
    /// It asks for something that a game can't have: a clock, files, the network, chance of its own.
    #[error("the component imports {import}, but a game may import nothing except studio:game/entropy@0.1.0")]
    ForeignImport {
        /// The import's full name.
        import: String,
    },
    /// It doesn't export `studio:game/game@0.1.0`.
    #[error("the component does not export studio:game/game@0.1.0")]
    NoGame,
    /// Malformed, of another contract, or over a limit that is known before it runs (memory, tables).
    #[error("the component is not valid: {reason}")]
    Invalid {
        /// What the compiler or the linker said.
        reason: String,
    },
    /// The cache directory can't be used.
    #[error("the cache of compiled games at {} cannot be used: {source}", dir.display())]
    Cache {
        /// The directory.
        dir: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Others could write the cache directory, and so make this process run their code.
    #[error("the cache of compiled games at {} must belong to this user and be writable by nobody else", dir.display())]
    UnsafeCache {
        /// The directory.
        dir: PathBuf,
    },
}

/// What a game keeps alive: the engines and their ticker.
pub(crate) struct Shared {
    pub(crate) lanes: Box<[Lane]>,
    _ticker: Ticker,
}

/// The one Wasm host of a process. Cheap to share by reference; games outlive it.
pub struct Host {
    shared: Arc<Shared>,
    id: EngineId,
}

impl Host {
    /// Engines with the house's settings, and their ticker's thread.
    ///
    /// # Errors
    /// [`HostError`] when the address space can't be reserved or the thread can't be started.
    pub fn new(options: HostOptions) -> Result<Self, HostError> {
        let lanes = (0..options.lanes.max(1)).map(|_| Lane::new(options)).collect::<Result<Box<[Lane]>, _>>()?;
        let ticker = Ticker::start(lanes.iter().map(|lane| &lane.engine)).map_err(HostError::Ticker)?;
        let shared = Arc::new(Shared { lanes, _ticker: ticker });
        Ok(Self { shared, id: engine::id(options.backend) })
    }

    /// The identity of this engine, for a round's record.
    pub fn engine_id(&self) -> EngineId {
        self.id
    }

    /// Instances alive now: 0 between deals, whatever the guests did.
    pub fn live_instances(&self) -> u64 {
        let alive = |lane: &Lane| lane.engine.pooling_allocator_metrics().map_or(0, |pool| pool.component_instances());
        self.shared.lanes.iter().map(alive).sum()
    }

    /// Checks and compiles a component.
    ///
    /// # Errors
    /// [`LoadError`]; the same for the same bytes.
    pub fn load(&self, wasm: &[u8]) -> Result<Game, LoadError> {
        inspect(wasm)?;
        let compiled = cache::compile(&self.first()?.engine, wasm)?;
        self.link(compiled, Sha256::digest(wasm).into())
    }

    /// Like [`Host::load`], with the compiled code kept in `dir` (made with mode 0700 if it is missing). A damaged or
    /// foreign entry is compiled again.
    ///
    /// # Errors
    /// [`LoadError`], also when `dir` isn't this user's alone. A full disk is no error: see [`CacheUse`].
    pub fn load_cached(&self, wasm: &[u8], dir: &Path) -> Result<(Game, CacheUse), LoadError> {
        inspect(wasm)?;
        let digest = Sha256::digest(wasm).into();
        let (compiled, cache_use) = Cache::open(&self.first()?.engine, dir)?.load(wasm, &digest)?;
        Ok((self.link(compiled, digest)?, cache_use))
    }

    fn first(&self) -> Result<&Lane, LoadError> {
        self.shared.lanes.first().ok_or_else(|| LoadError::Invalid { reason: "the host has no lane".into() })
    }

    fn link(&self, compiled: Compiled, digest: [u8; 32]) -> Result<Game, LoadError> {
        let invalid = |error: wasmtime::Error| LoadError::Invalid { reason: format!("{error:#}") };
        let Compiled { component, artifact } = compiled;
        let ready = self.first()?.link(&component).map_err(invalid)?;
        let readies = Readies::new(self.shared.lanes.len(), artifact, ready);
        Ok(Game::new(Arc::clone(&self.shared), readies, digest))
    }
}

impl std::fmt::Debug for Host {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Host").field("id", &self.id).field("live", &self.live_instances()).finish_non_exhaustive()
    }
}
