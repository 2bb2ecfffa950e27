//! Every bound of this crate that is no rule of the operator's.

use std::time::Duration;

/// Longest request body, bytes.
pub const BODY_BYTES: usize = 16 * 1024;
/// How long a request may take.
pub const REQUEST_TIME: Duration = Duration::from_secs(15);
/// How often forgotten callers are dropped from the rate limit's table.
pub const RATE_UPKEEP: Duration = Duration::from_secs(60);
/// Bundles computed at once: each may re-execute a thousand deals.
pub const BUNDLES_AT_ONCE: usize = 2;
/// Rows of a page when the caller does not say.
pub const PAGE: u32 = 50;
/// Most rows of a page.
pub const MOST_ROWS: u32 = 200;
/// Least rows of a page of history: more than a dealer can bind in the millisecond at which pages are cut.
pub const LEAST_HISTORY: u32 = 16;
/// Least characters of an operator's token.
pub const OPERATOR_TOKEN_CHARS: usize = 32;
