//! This room's metrics.

use metrics::{counter, gauge, histogram};
use telemetry::names;

/// Adds to a counter.
pub(crate) fn count(name: &'static str, by: usize) {
    counter!(name).increment(u64::try_from(by).unwrap_or(u64::MAX));
}

/// The age of the oldest deal of a settled batch, when it was settled.
pub(crate) fn lag(oldest_ms: u64) {
    let seconds = f64::from(u32::try_from(oldest_ms).unwrap_or(u32::MAX)) / 1_000.0;
    histogram!(names::SETTLEMENT_LAG_SECONDS).record(seconds);
}

/// Records of a shard that wait at the hub.
pub(crate) fn pending(shard: u16, records: u64) {
    let records = f64::from(u32::try_from(records).unwrap_or(u32::MAX));
    gauge!(names::SETTLEMENT_PENDING, "shard" => shard.to_string()).set(records);
}
