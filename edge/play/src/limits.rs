//! Every bound of this crate, by name. Times are milliseconds unless the name says otherwise.

use std::time::Duration;

/// Results that a held lease keeps for a client that comes back; older ones are recomputed from the log.
pub(crate) const RING: usize = 128;
/// Records that came before their turn and wait for it, per lease.
pub(crate) const EARLY_RECORDS: usize = 16;
/// The most records of one lease that are read back: every deal, every top-up, both ends.
pub(crate) const LOG_RECORDS: usize = 4_096;
/// How often a log that is shorter than its dealer says is read again: a replica may lag a little.
pub(crate) const LOG_READS: u32 = 5;
/// The pause between two such reads.
pub(crate) const LOG_READ_PAUSE: Duration = Duration::from_millis(100);

/// One request to a dealer.
pub(crate) const BIND_TIMEOUT: Duration = Duration::from_secs(2);
/// How long one deal's bind is tried before the player is told to send it again.
pub(crate) const BIND_DEADLINE: Duration = Duration::from_secs(6);
/// The first pause between two tries; doubles up to [`RETRY_PAUSE_MAX`].
pub(crate) const RETRY_PAUSE: Duration = Duration::from_millis(50);
/// The longest pause between two tries.
pub(crate) const RETRY_PAUSE_MAX: Duration = Duration::from_secs(1);
/// How often an execution is tried again after a fault of this machine.
pub(crate) const EXECUTE_TRIES: u32 = 4;

/// A request to the core that touches no dealer.
pub(crate) const CORE_TIMEOUT: Duration = Duration::from_secs(3);
/// A request to the core that waits for a dealer: open, close, top-up, resume.
pub(crate) const CORE_DEALER_TIMEOUT: Duration = Duration::from_secs(8);
/// How long the welcome of a held lease waits for the wallet before it goes out without.
pub(crate) const WELCOME_GRACE: Duration = Duration::from_millis(15);
/// Calls for more of a lease's deals by `catch-up`, at 64 deals each.
pub(crate) const CATCH_UP_CALLS: u32 = 64;

/// The beat that keeps leases alive.
pub(crate) const HEARTBEAT: Duration = Duration::from_secs(5);
/// Leases in one beat: the message stays under NATS' bound of 256 KiB.
pub(crate) const HEARTBEAT_LEASES: usize = 2_000;

/// A top-up is asked for below one part in this many of the first escrow.
pub(crate) const TOPUP_PART: i128 = 4;
/// The pause after a refused top-up: the player has no more.
pub(crate) const TOPUP_REFUSED_PAUSE: Duration = Duration::from_secs(30);
/// The pause after one that failed.
pub(crate) const TOPUP_FAILED_PAUSE: Duration = Duration::from_secs(3);

/// Results that wait to be reported; more are counted and lost, since settlement does not need them.
pub(crate) const TOLD_QUEUE: usize = 16_384;
/// Results in one report: about 40 KiB, under the stream's bound of 64 KiB a message.
pub(crate) const TOLD_BATCH: usize = 256;
/// How long the first result of a batch waits for others.
pub(crate) const TOLD_WAIT: Duration = Duration::from_millis(100);

/// Wallet events that wait for one that is missing, per player.
pub(crate) const WALLET_PENDING: usize = 512;
/// How often players who wait for a wallet event are looked at.
pub(crate) const WALLET_SWEEP: Duration = Duration::from_secs(5);
/// The longest that such a player waits before the core is asked again.
pub(crate) const WALLET_PATIENCE_MAX: Duration = Duration::from_secs(60);
/// Questions to the core for missing wallet events at once.
pub(crate) const WALLET_FILLS: usize = 16;
/// Pages of wallet events that are asked for in a row before the next sweep goes on.
pub(crate) const WALLET_PAGES: u32 = 8;

/// Leases closed at once while the edge drains.
pub(crate) const DRAIN_CLOSES: usize = 32;

/// A catalogue that says nothing for so long is watched anew: a watch must not die unseen.
pub(crate) const CATALOGUE_REWATCH: Duration = Duration::from_secs(120);
/// Tries to take a lease up again when the dealer can't answer yet.
pub(crate) const RECOVER_TRIES: u32 = 5;
