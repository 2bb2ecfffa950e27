//! Every bound of this program that is not in its configuration.

use std::time::Duration;

/// How long the database is tried at the start.
pub const DATABASE_WITHIN: Duration = Duration::from_secs(30);
/// Pause between two tries.
pub const DATABASE_PAUSE: Duration = Duration::from_millis(500);
/// How often the database is asked for a sign of life, and how long it may take.
pub const DATABASE_PROBE: Duration = Duration::from_secs(2);
/// Wallet events in one page of the relay.
pub const RELAY_PAGE: u32 = 512;
/// Players whose events the relay publishes at once; those of one player go one after the other.
pub const RELAY_PLAYERS: usize = 64;
/// Longest sleep of the relay when nothing wakes it.
pub const RELAY_IDLE: Duration = Duration::from_secs(1);
/// Pause after a page that could not be published; it doubles up to [`RELAY_LONGEST_PAUSE`].
pub const RELAY_FIRST_PAUSE: Duration = Duration::from_millis(100);
/// Longest pause of the relay.
pub const RELAY_LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// How long the rooms may take to end.
pub const ROOMS_END_WITHIN: Duration = Duration::from_secs(15);
/// How long the relay may take to publish what is left.
pub const RELAY_ENDS_WITHIN: Duration = Duration::from_secs(5);
