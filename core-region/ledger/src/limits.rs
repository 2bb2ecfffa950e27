//! Every bound of the ledger, in one place.

use std::time::Duration;

/// Commands in one unit at most.
pub const UNIT_COMMANDS: usize = 4_096;
/// Wallet events in one unit at most.
pub const UNIT_EVENTS: usize = 4_096;
/// Bytes of one wallet event's body at most.
pub const EVENT_BYTES: usize = 16 * 1024;
/// Characters of a trace id at most.
pub const TRACE_BYTES: usize = 128;
/// Commands after which a batch is cut; the last unit may carry it over by [`UNIT_COMMANDS`].
pub const BATCH_COMMANDS: usize = 4_096;
/// Units that wait in the queue at most; the next one is told [`crate::SubmitError::Busy`].
pub const QUEUE_UNITS: usize = 16_384;
/// How long a caller waits by default before it is told [`crate::SubmitError::Unknown`].
pub const SUBMIT_DEADLINE: Duration = Duration::from_secs(10);
/// Ids remembered for replays; older ones are found by the primary key.
pub const KNOWN_IDS: usize = 262_144;
/// Transfers read back when a ledger opens, so that retries after a restart find their ids at once.
pub const PRELOAD_TRANSFERS: u64 = 16_384;
/// Times the writer offers its thread to callers that were woken, before it cuts a batch.
pub const DRAIN_TURNS: usize = 8;
/// First pause after the store failed; it doubles.
pub const STORE_FIRST_PAUSE: Duration = Duration::from_millis(10);
/// Longest pause between two tries at the store.
pub const STORE_LONGEST_PAUSE: Duration = Duration::from_secs(1);
/// Tries at a failing store that a closing ledger still makes.
pub const STORE_TRIES_WHILE_CLOSING: u32 = 5;
/// Times one batch may meet ids that the store has already, before the writer halts.
pub const COLLISIONS: u32 = 3;
/// Rows of one page when the log is read back.
pub const PAGE_ROWS: u64 = 16_384;
