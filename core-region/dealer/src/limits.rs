//! Every bound of the dealer, in one place.

use std::time::Duration;

/// Times that an append of unknown outcome is sent again before the request fails.
pub const APPEND_ATTEMPTS: usize = 3;
/// Times that a decision is made anew because somebody else appended.
pub const DECISIONS: usize = 4;
/// Times that a log is read again when the fence says that it has grown but a replica does not show it yet.
pub const LAGGING_READS: usize = 20;
/// Pause between two such reads.
pub const LAGGING_PAUSE: Duration = Duration::from_millis(20);
/// Most records of one log: its deals, top-ups and two ends. More is a fault.
pub const MAX_RECORDS: usize = 100_000;
/// Records that are kept in memory, so that an answer needs no read.
pub const TAIL_RECORDS: usize = 4;
/// Most records in one answer to a bind; an edge that lacks more recovers the lease instead.
pub const MAX_ANSWER_RECORDS: usize = 64;
/// Most bytes of records in one answer to a bind, under the server's largest message.
pub const MAX_ANSWER_BYTES: usize = 192 * 1024;

/// Binds in hand at once.
pub const BINDS: usize = 2_048;
/// Recoveries in hand at once: each may carry a thousand keys.
pub const RECOVERIES: usize = 32;
/// Requests of the core in hand at once, of each kind.
pub const CONTROLS: usize = 256;

/// Logs that are read back at once after a start.
pub const SYNC_AT_ONCE: usize = 32;
/// How long one page of leases may take.
pub const SYNC_TIMEOUT: Duration = Duration::from_secs(5);
/// Pause before the core is asked again.
pub const SYNC_PAUSE: Duration = Duration::from_millis(500);
/// Unknown leases that the core is asked about, a second: an edge can't make the dealer flood the core.
pub const REVIVALS_A_SECOND: u32 = 200;
/// Shards of the map of leases.
pub const MAP_SHARDS: usize = 64;
/// How long a stopping dealer waits for the requests in hand.
pub const SHUTDOWN_WITHIN: Duration = Duration::from_secs(10);
