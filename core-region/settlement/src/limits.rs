//! Every bound of this room.

use std::time::Duration;

/// Records in one batch at most. A unit of the ledger takes 4,096 commands; each record gives one at most.
pub const BATCH_RECORDS: usize = 500;
/// How long a consumer waits for the first record.
pub const BATCH_WAIT: Duration = Duration::from_millis(500);
/// Deals in one wallet event at most: 16 KiB of JSON hold more.
pub const DEALS_PER_EVENT: usize = 100;
/// Leases that a shard keeps in memory; above that the idle ones are read back when they move.
pub const CACHED_LEASES: usize = 20_000;
/// Pause before a batch that failed is tried again; it doubles up to [`LONGEST_PAUSE`].
pub const FIRST_PAUSE: Duration = Duration::from_millis(50);
/// Longest pause between two tries.
pub const LONGEST_PAUSE: Duration = Duration::from_secs(2);
/// How long a told result waits for its settlement before it is asked for again.
pub const TOLD_RETRY: Duration = Duration::from_millis(500);
/// Told batches in one fetch.
pub const TOLD_BATCHES: usize = 64;
/// Records read at once when a lease's log is replayed for a player.
pub const REPLAY_PAGE: usize = 250;
/// Records of one lease at most: `opened`, `closed`, 1,000 deals, and as many top-ups.
pub const REPLAY_RECORDS: usize = 2_048;
/// Tries to fill a gap from the region before the record after it is set aside.
pub const GAP_TRIES: u32 = 20;
/// How often leases whose end did not come are looked for.
pub const CHASE_EVERY: Duration = Duration::from_secs(2);
/// How long a closed log's end may take before it is fetched.
pub const CHASE_AFTER: Duration = Duration::from_secs(4);
/// Leases fetched at once.
pub const CHASED_AT_ONCE: i64 = 64;
