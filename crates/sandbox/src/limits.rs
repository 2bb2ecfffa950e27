//! Every bound of the host in one place. What a game declares in its manifest may be lower, never higher.
//! A change here can change verdicts: it changes [`crate::Host::engine_id`] with it.

use std::time::Duration;

/// Bytes of a component accepted by [`crate::Host::load`]. Rust games are 20-35 KB.
pub const MAX_WASM: usize = 2 * 1024 * 1024;
/// Bytes of one game configuration. It is copied into the guest with every call.
pub const MAX_CONFIG: usize = 32 * 1024;
/// Bytes of a guest's linear memory.
pub const MAX_MEMORY: usize = 4 * 1024 * 1024;
/// Elements of one guest table.
pub const MAX_TABLE: usize = 4096;
/// Bytes of native stack for guest code.
pub const MAX_STACK: usize = 256 * 1024;
/// Bytes the host copies out of a guest for one call.
pub const HOSTCALL_FUEL: usize = 64 * 1024;

/// Fuel of `describe`.
pub const DESCRIBE_FUEL: u64 = 5_000_000;
/// Ceiling of a manifest's `fuel-play` and `fuel-act`: about half a millisecond.
pub const MAX_FUEL: u64 = 5_000_000;
/// Fuel of a component's start functions, which run before every deal.
pub const START_FUEL: u64 = 1_000_000;

/// Ceiling of `max-draws`. fair1 allows 2^20 a deal; a record of so many would cost the host 24 MiB.
pub const MAX_DRAWS: u32 = 1 << 16;
/// Ceiling of `max-bets`: bets in one `play`.
pub const MAX_BETS: u32 = 512;
/// Ceiling of `max-deals`: deals in one round.
pub const MAX_DEALS: u32 = 10_000;
/// Ceiling of `max-state`, bytes.
pub const MAX_STATE: u32 = 16 * 1024;
/// Ceiling of `max-events`, bytes of all names and data of one deal.
pub const MAX_EVENTS: u32 = 40 * 1024;
/// Events in one deal.
pub const MAX_EVENT_COUNT: usize = 1024;
/// Bytes of an event's name.
pub const MAX_EVENT_NAME: usize = 64;
/// Offers in one outcome.
pub const MAX_OFFERS: usize = 64;
/// Jackpot triggers in one outcome.
pub const MAX_TRIGGERS: usize = 16;
/// Ceiling of the number of spots and of actions in a manifest.
pub const MAX_SPOTS: usize = 1024;
/// Ceiling of `max-win-milli`: a million times the stake.
pub const MAX_WIN_MILLI: u64 = 1_000_000_000;
/// Ceiling of `return-ppm`: a game never returns more than is staked.
pub const MAX_RETURN_PPM: u32 = 1_000_000;
/// Bytes of a manifest's `id`.
pub const MAX_ID: usize = 64;
/// Bytes of a manifest's `version`.
pub const MAX_VERSION: usize = 32;
/// Bytes of a manifest's title, a spot's or an action's name.
pub const MAX_TITLE: usize = 128;

/// Money is `i64` minor units everywhere else: no amount a guest names may exceed it.
pub const MAX_AMOUNT: u64 = i64::MAX.unsigned_abs();

/// Period of the epoch ticker.
pub const EPOCH_TICK: Duration = Duration::from_millis(50);
/// Ticks after which a call is taken for stuck: 250 to 300 ms. A backstop, never a verdict.
pub const EPOCH_DEADLINE: u64 = 6;

/// Core instances in one component: the game and the shims of its imports.
pub const MAX_CORE_INSTANCES: u32 = 4;
/// Tables in one component.
pub const MAX_TABLES: u32 = 4;
/// Bytes of linear memory kept mapped in a pool slot between deals.
pub const KEEP_MEMORY: usize = 128 * 1024;
/// Bytes of table kept mapped in a pool slot between deals.
pub const KEEP_TABLE: usize = 4 * 1024;
/// Instances alive at once on one lane, by default. A deal holds one for microseconds.
pub const SLOTS: u32 = 64;

/// Most lanes by default: each reserves address space for its slots, and holds the code of every game it plays.
pub const MAX_LANES: u32 = 16;
