//! The host: an engine, its pool, its ticker; it turns bytes into games.
//!
//! One a process is enough, shared by all threads. Loading compiles (30-45 ms a game of 30 KB) unless the cache has
//! it; the bytes' SHA-256 is the game's identity whatever way it came.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use sha2::{Digest, Sha256};
use wasmtime::Engine;
use wasmtime::component::{Component, HasSelf, Linker};

use crate::cache::{self, Cache, CacheUse};
use crate::contract::StudioGame;
use crate::engine::{self, EngineId, HostError, HostOptions};
use crate::epoch::Ticker;
use crate::game::Game;
use crate::guest::Guest;
use crate::inspect::inspect;

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

/// What a game keeps alive: the engine and its ticker.
pub(crate) struct Shared {
    pub(crate) engine: Engine,
    _ticker: Ticker,
}

/// The one Wasm host of a process. Cheap to share by reference; games outlive it.
pub struct Host {
    shared: Arc<Shared>,
    linker: Linker<Guest>,
    id: EngineId,
}

impl Host {
    /// An engine with the house's settings, and its ticker's thread.
    ///
    /// # Errors
    /// [`HostError`] when the address space can't be reserved or the thread can't be started.
    pub fn new(options: HostOptions) -> Result<Self, HostError> {
        let engine = engine::build(options)?;
        let mut linker = Linker::new(&engine);
        StudioGame::add_to_linker::<_, HasSelf<Guest>>(&mut linker, |guest| guest)
            .map_err(|error| HostError::Engine(error.into_boxed_dyn_error()))?;
        let ticker = Ticker::start(&engine).map_err(HostError::Ticker)?;
        let shared = Arc::new(Shared { engine, _ticker: ticker });
        Ok(Self { shared, linker, id: engine::id(options.backend) })
    }

    /// The identity of this engine, for a round's record.
    pub fn engine_id(&self) -> EngineId {
        self.id
    }

    /// Instances alive now: 0 between deals, whatever the guests did.
    pub fn live_instances(&self) -> u64 {
        self.shared.engine.pooling_allocator_metrics().map_or(0, |pool| pool.component_instances())
    }

    /// Checks and compiles a component.
    ///
    /// # Errors
    /// [`LoadError`]; the same for the same bytes.
    pub fn load(&self, wasm: &[u8]) -> Result<Game, LoadError> {
        inspect(wasm)?;
        let component = cache::compile(&self.shared.engine, wasm)?;
        self.link(&component, Sha256::digest(wasm).into())
    }

    /// Like [`Host::load`], with the compiled code kept in `dir` (made with mode 0700 if it is missing). A damaged or
    /// foreign entry is compiled again.
    ///
    /// # Errors
    /// [`LoadError`], also when `dir` isn't this user's alone. A full disk is no error: see [`CacheUse`].
    pub fn load_cached(&self, wasm: &[u8], dir: &Path) -> Result<(Game, CacheUse), LoadError> {
        inspect(wasm)?;
        let digest = Sha256::digest(wasm).into();
        let (component, cache_use) = Cache::open(&self.shared.engine, dir)?.load(wasm, &digest)?;
        Ok((self.link(&component, digest)?, cache_use))
    }

    fn link(&self, component: &Component, digest: [u8; 32]) -> Result<Game, LoadError> {
        let invalid = |error: wasmtime::Error| LoadError::Invalid { reason: format!("{error:#}") };
        let pre = self.linker.instantiate_pre(component).map_err(invalid)?;
        Game::new(Arc::clone(&self.shared), pre, digest).map_err(invalid)
    }
}

impl std::fmt::Debug for Host {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Host").field("id", &self.id).field("live", &self.live_instances()).finish_non_exhaustive()
    }
}
