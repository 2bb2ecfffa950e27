//! Every bound of this crate, in one place.

use std::time::Duration;

/// Reseedings that may wait for the database before the generator stops: 17 hours at one a minute.
pub const MAX_UNLOGGED_RESEEDS: usize = 1024;
/// The most seeds read in one statement.
pub const MAX_READ: usize = 1000;
/// How far wall time may move against monotonic time before the machine counts as suspended and resumed, milliseconds.
pub const CLOCK_SKEW_MS: u64 = 1_000;
/// How often the room reseeds if it is due and writes down what it did.
pub const TICK: Duration = Duration::from_secs(5);
