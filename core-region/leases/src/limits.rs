//! Every bound of this crate that is no rule of the operator's, in one place.

use std::time::Duration;

/// Requests of edges in hand at once.
pub const RPC_CONCURRENCY: usize = 256;
/// Requests of dealers in hand at once: each seals up to [`SYNC_PAGE`] keys.
pub const SYNC_CONCURRENCY: usize = 4;
/// How long a dealer may take to answer.
pub const DEALER_TIMEOUT: Duration = Duration::from_secs(2);
/// How long a resume waits for the old edge's log to be closed and to arrive.
pub const RESUME_WAIT: Duration = Duration::from_secs(2);
/// Pause between two looks at a log that has not arrived whole.
pub const RESUME_PAUSE: Duration = Duration::from_millis(50);
/// Wallet events in one answer; a client further behind starts anew from its balances.
pub const RESUME_EVENTS: u32 = 500;
/// Leases in one heartbeat: as many as its message can hold.
pub const HEARTBEAT_LEASES: usize = 4_000;
/// Leases in one renewal message: 4,000 ids are about 160 KB.
pub const RENEW_LEASES: usize = 4_000;
/// Leases in one page of a dealer's sync.
pub const SYNC_PAGE: i64 = 64;
/// Bytes of terms in one page of a dealer's sync, well under the largest message.
pub const SYNC_BYTES: usize = 160 * 1024;
/// An edge not heard of for this long is nowhere to send players to, milliseconds.
pub const EDGE_SILENT_MS: u64 = 15_000;
/// Edges remembered.
pub const EDGES: usize = 1_024;
/// Pause between two passes of the reaper.
pub const REAPER_PAUSE: Duration = Duration::from_millis(500);
/// Rows of one kind that the reaper takes in one pass.
pub const REAPER_ROWS: i64 = 256;
/// Rows that the reaper drives at once.
pub const REAPER_CONCURRENCY: usize = 16;
/// How long the reaper leaves a row to whoever moved it last, milliseconds.
pub const HANDS_OFF_MS: u64 = 3_000;
/// Longest pause between two tries at one row, milliseconds.
pub const LONGEST_PAUSE_MS: u64 = 15_000;
/// How far past its time a lease may be before it is closed, milliseconds: clocks of edges and dealers differ.
pub const GRACE_MS: u64 = 2_000;
/// Records read back of one log.
pub const LOG_RECORDS: usize = 16_384;
/// Top-ups of one lease, tries included.
pub const TOPUP_ATTEMPTS: i32 = 1_000;
/// Largest component, bytes.
pub const COMPONENT_BYTES: u64 = 8 * 1024 * 1024;
/// Longest configuration of a game, bytes.
pub const CONFIG_BYTES: usize = 4 * 1024;
/// Most that the games of a catalogue may take in a lease's terms, bytes: the terms go into the log's first record, which has
/// to stay under the 64 KB of one message together with a round taken up from an earlier lease.
pub const PINS_BYTES: usize = 24 * 1024;
