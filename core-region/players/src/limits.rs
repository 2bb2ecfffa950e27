//! Every bound of this room.

use std::time::Duration;

/// Characters of a name.
pub const NAME_CHARS: std::ops::RangeInclusive<usize> = 3..=32;
/// Bytes of a password. Longer ones would only cost time.
pub const PASSWORD_BYTES: std::ops::RangeInclusive<usize> = 8..=256;
/// Password hashes computed at the same time.
pub const HASHES_AT_ONCE: usize = 2;
/// Requests that wait for their hash; more are told to come back.
pub const HASHES_WAITING: usize = 64;
/// An access token's life.
pub const ACCESS_LIFE: Duration = Duration::from_secs(5 * 60);
/// A refresh token's life.
pub const REFRESH_LIFE: Duration = Duration::from_secs(30 * 24 * 60 * 60);
