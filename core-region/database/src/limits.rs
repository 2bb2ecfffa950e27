//! Every bound of this crate, in one place.

use std::time::Duration;

/// Times that one transaction is tried before its error goes to the caller.
pub const TX_ATTEMPTS: u32 = 8;
/// Pause before the second try of a transaction; it doubles with each further one.
pub const TX_FIRST_PAUSE: Duration = Duration::from_millis(5);
/// Longest pause between two tries.
pub const TX_LONGEST_PAUSE: Duration = Duration::from_millis(400);
