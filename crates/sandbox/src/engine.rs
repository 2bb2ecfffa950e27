//! Settings of the engine, and an identity for them.
//!
//! Everything that can change a result is fixed here: fuel on, NaN bits canonical, relaxed SIMD deterministic, no
//! threads, no 64-bit memories, one memory a game. Everything that costs time is, too: pooled slots with their first
//! 128 KiB kept mapped, copy-on-write images, no backtraces. Creating an engine reserves about 4 GiB of address space
//! a slot (not memory); a machine with a limit on address space fails with [`HostError`].

use std::hash::{Hash, Hasher};

use sha2::{Digest, Sha256};
use wasmtime::{Config, Enabled, Engine, InstanceAllocationStrategy, OptLevel, PoolingAllocationConfig, Strategy};

use crate::limits;

/// The exact wasmtime; a test compares it with Cargo.lock.
pub(crate) const WASMTIME_VERSION: &str = "48.0.8";

/// What turns a component into something that runs. Outcomes, draws and fuel are equal on all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Backend {
    /// Native code, optimised: production.
    #[default]
    Cranelift,
    /// Native code without optimisation: audits.
    CraneliftNoOpt,
    /// Portable byte code in an interpreter: audits, and a stand-in for another platform.
    Pulley,
}

/// How to build a [`crate::Host`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HostOptions {
    /// Where guest code runs.
    pub backend: Backend,
    /// Instances alive at once on one lane. A deal holds one for microseconds, so near the number of threads is
    /// enough; each costs 4 GiB of address space and, once used, up to 132 KiB of memory.
    pub slots: u32,
    /// Engines side by side, one a processor, so that deals on different processors share nothing; at least one.
    pub lanes: u32,
}

impl Default for HostOptions {
    fn default() -> Self {
        let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let lanes = u32::try_from(processors).unwrap_or(limits::MAX_LANES).min(limits::MAX_LANES);
        Self { backend: Backend::default(), slots: limits::SLOTS, lanes }
    }
}

/// The engine could not be made: address space, or a setting this processor does not support.
#[derive(Debug, thiserror::Error)]
pub enum HostError {
    /// wasmtime refused the settings.
    #[error("the Wasm engine cannot be created: {0}")]
    Engine(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The thread that ticks the epoch could not be started.
    #[error("the epoch ticker cannot be started: {0}")]
    Ticker(#[source] std::io::Error),
}

/// Names the engine in a round's record: SHA-256 over the version of wasmtime, the backend and every limit that can
/// change a verdict. Equal on all machines that run the same release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EngineId(pub [u8; 32]);

impl std::fmt::Display for EngineId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

pub(crate) fn build(options: HostOptions) -> Result<Engine, HostError> {
    let mut config = Config::new();
    code(&mut config, options.backend)?;
    features(&mut config);
    config
        .consume_fuel(true)
        .epoch_interruption(true)
        .max_wasm_stack(limits::MAX_STACK)
        .wasm_backtrace_max_frames(None)
        .generate_address_map(false)
        .memory_init_cow(true)
        .allocation_strategy(InstanceAllocationStrategy::Pooling(pool(options.slots)));
    Engine::new(&config).map_err(|error| HostError::Engine(error.into_boxed_dyn_error()))
}

fn code(config: &mut Config, backend: Backend) -> Result<(), HostError> {
    config.strategy(Strategy::Cranelift).cranelift_nan_canonicalization(true).relaxed_simd_deterministic(true);
    match backend {
        Backend::Cranelift => config.cranelift_opt_level(OptLevel::Speed),
        Backend::CraneliftNoOpt => config.cranelift_opt_level(OptLevel::None),
        Backend::Pulley => {
            config.target("pulley64").map_err(|error| HostError::Engine(error.into_boxed_dyn_error()))?
        }
    };
    Ok(())
}

/// Threads, garbage collection, exceptions and asynchronous components are not even compiled in (Cargo features).
fn features(config: &mut Config) {
    config
        .wasm_component_model(true)
        .wasm_memory64(false)
        .wasm_multi_memory(false)
        .wasm_custom_page_sizes(false)
        .wasm_wide_arithmetic(false);
}

fn pool(slots: u32) -> PoolingAllocationConfig {
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(slots)
        .total_core_instances(slots.saturating_mul(limits::MAX_CORE_INSTANCES))
        .total_memories(slots)
        .total_tables(slots.saturating_mul(limits::MAX_TABLES))
        .max_core_instances_per_component(limits::MAX_CORE_INSTANCES)
        .max_memories_per_component(1)
        .max_memories_per_module(1)
        .max_tables_per_component(limits::MAX_TABLES)
        .max_tables_per_module(1)
        .max_memory_size(limits::MAX_MEMORY)
        .table_elements(limits::MAX_TABLE)
        .linear_memory_keep_resident(limits::KEEP_MEMORY)
        .table_keep_resident(limits::KEEP_TABLE)
        // May skip a dirty page the kernel has swapped out, which the next instance could then read; the arena is
        // small enough for a plain memset to be faster anyway.
        .pagemap_scan(Enabled::No);
    pool
}

/// The engine's identity in records.
pub(crate) fn id(backend: Backend) -> EngineId {
    let name = match backend {
        Backend::Cranelift => "cranelift",
        Backend::CraneliftNoOpt => "cranelift-o0",
        Backend::Pulley => "pulley",
    };
    let bounds = [
        widen(limits::MAX_MEMORY),
        widen(limits::MAX_TABLE),
        widen(limits::MAX_STACK),
        widen(limits::HOSTCALL_FUEL),
        limits::START_FUEL,
        limits::DESCRIBE_FUEL,
        limits::MAX_FUEL,
        u64::from(limits::MAX_DRAWS),
        u64::from(limits::MAX_BETS),
        u64::from(limits::MAX_DEALS),
        u64::from(limits::MAX_STATE),
        u64::from(limits::MAX_EVENTS),
        widen(limits::MAX_EVENT_COUNT),
        widen(limits::MAX_EVENT_NAME),
        widen(limits::MAX_OFFERS),
        widen(limits::MAX_TRIGGERS),
        widen(limits::MAX_SPOTS),
        limits::MAX_WIN_MILLI,
    ];
    let mut hash = Sha256::new();
    hash.update(format!("wasmtime {WASMTIME_VERSION} {name}\0"));
    for bound in bounds {
        hash.update(bound.to_be_bytes());
    }
    EngineId(hash.finalize().into())
}

/// SHA-256 over all that decides whether compiled code fits this engine on this processor: the cache's key.
pub(crate) fn compatibility(engine: &Engine) -> [u8; 32] {
    struct Sink(Sha256);
    impl Hasher for Sink {
        fn write(&mut self, bytes: &[u8]) {
            self.0.update(bytes);
        }
        fn finish(&self) -> u64 {
            0
        }
    }
    let mut sink = Sink(Sha256::new());
    sink.write(WASMTIME_VERSION.as_bytes());
    sink.write(std::env::consts::ARCH.as_bytes());
    sink.write(std::env::consts::OS.as_bytes());
    engine.precompile_compatibility_hash().hash(&mut sink);
    sink.0.finalize().into()
}

/// A count as `u64`: lossless on every platform this runs on (64 bits at most).
pub(crate) fn widen(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_recorded_version_is_the_one_linked() {
        let lock = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../Cargo.lock")).unwrap();
        let linked = format!("name = \"wasmtime\"\nversion = \"{WASMTIME_VERSION}\"\n");
        assert!(lock.contains(&linked), "WASMTIME_VERSION is not the version in Cargo.lock");
    }

    #[test]
    fn backends_have_ids_of_their_own() {
        assert_ne!(id(Backend::Cranelift), id(Backend::Pulley));
        assert_ne!(id(Backend::Cranelift), id(Backend::CraneliftNoOpt));
    }

    #[test]
    fn a_second_engine_with_the_same_settings_can_share_compiled_code() {
        let options = HostOptions { slots: 1, ..HostOptions::default() };
        let first = compatibility(&build(options).unwrap());
        assert_eq!(first, compatibility(&build(options).unwrap()));
        let other = build(HostOptions { backend: Backend::CraneliftNoOpt, ..options }).unwrap();
        assert_ne!(first, compatibility(&other));
    }
}
