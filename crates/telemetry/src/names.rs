//! Every metric's name, in one place: dashboards and alarms are written against these.
//!
//! Units are last: `_seconds`, `_bytes`, `_minor` (money), `_total` (counters).

use metrics::{Unit, describe_counter, describe_gauge, describe_histogram};

/// Histogram: client frame in to answer out, at the edge.
pub const DEAL_SECONDS: &str = "house_deal_seconds";
/// Histogram: the edge's request to the dealer.
pub const BIND_SECONDS: &str = "house_bind_seconds";
/// Histogram: a durable append to the round log, at the dealer.
pub const APPEND_SECONDS: &str = "house_append_seconds";
/// Histogram: one execution of a game.
pub const EXECUTE_SECONDS: &str = "house_execute_seconds";
/// Histogram: one ledger batch, from taking it up to its commit.
pub const LEDGER_BATCH_SECONDS: &str = "house_ledger_batch_seconds";
/// Gauge: age of the newest settled record, label `shard`.
pub const SETTLEMENT_LAG_SECONDS: &str = "house_settlement_lag_seconds";
/// Gauge: messages not yet settled, label `shard`.
pub const SETTLEMENT_PENDING: &str = "house_settlement_pending";
/// Counter: deals settled, label `outcome`: `played` or `void`.
pub const DEALS_SETTLED: &str = "house_deals_settled_total";
/// Counter: deals bound, at the dealer.
pub const DEALS_BOUND: &str = "house_deals_bound_total";
/// Gauge: leases held by this process, label `state` where it has several.
pub const LEASES: &str = "house_leases";
/// Gauge: money in escrow, minor units, label `currency`.
pub const ESCROW_MINOR: &str = "house_escrow_minor";
/// Counter: what an edge told its player differs from what the core computed. Alarm on any.
pub const MISMATCHES: &str = "house_replay_mismatches_total";
/// Counter: log records set aside because they can't belong to their log. Alarm on any.
pub const QUARANTINED: &str = "house_quarantined_records_total";
/// Counter: games switched off because they broke a declared bound. Alarm on any.
pub const GAMES_QUARANTINED: &str = "house_games_quarantined_total";
/// Counter: refusals, label `code`.
pub const REFUSALS: &str = "house_refusals_total";
/// Gauge: open client connections.
pub const CONNECTIONS: &str = "house_connections";
/// Counter: clients cut off because they read too slowly.
pub const SLOW_CONSUMERS: &str = "house_slow_consumers_total";
/// Counter: resumes that needed a whole snapshot.
pub const RESYNCS: &str = "house_resyncs_total";
/// Counter: database transactions run again, label `name`.
pub const TX_RETRIES: &str = "house_tx_retries_total";
/// Counter: reconnects to NATS.
pub const BUS_RECONNECTS: &str = "house_bus_reconnects_total";
/// Counter: NATS subscriptions that dropped messages because their reader was too slow. Alarm on any.
pub const BUS_SLOW_READERS: &str = "house_bus_slow_readers_total";
/// Counter: appends whose outcome was unknown at first, label `found`: `stands` or `absent`.
pub const APPENDS_UNKNOWN: &str = "house_appends_unknown_total";
/// Counter: lease logs that a dealer read back, label `why`.
pub const DEALER_RELOADS: &str = "house_dealer_reloads_total";

/// Every histogram of seconds, with its help text.
const SECONDS: &[(&str, &str)] = &[
    (DEAL_SECONDS, "client frame in to answer out"),
    (BIND_SECONDS, "request to the dealer"),
    (APPEND_SECONDS, "durable append to the round log"),
    (EXECUTE_SECONDS, "one execution of a game"),
    (LEDGER_BATCH_SECONDS, "one ledger batch"),
];

/// Every counter, with its help text.
const COUNTERS: &[(&str, &str)] = &[
    (DEALS_SETTLED, "deals settled"),
    (DEALS_BOUND, "deals bound"),
    (MISMATCHES, "told and settled results that differ"),
    (QUARANTINED, "log records set aside"),
    (GAMES_QUARANTINED, "games switched off"),
    (REFUSALS, "refusals by code"),
    (SLOW_CONSUMERS, "clients cut off for reading too slowly"),
    (RESYNCS, "resumes that needed a snapshot"),
    (TX_RETRIES, "database transactions run again"),
    (BUS_RECONNECTS, "reconnects to NATS"),
    (BUS_SLOW_READERS, "NATS subscriptions that dropped messages"),
    (APPENDS_UNKNOWN, "appends whose outcome was unknown at first"),
    (DEALER_RELOADS, "lease logs read back by a dealer"),
];

/// Every gauge, with its help text.
const GAUGES: &[(&str, &str)] = &[
    (SETTLEMENT_LAG_SECONDS, "age of the newest settled record"),
    (SETTLEMENT_PENDING, "messages not yet settled"),
    (LEASES, "leases held"),
    (ESCROW_MINOR, "money in escrow, minor units"),
    (CONNECTIONS, "open client connections"),
];

/// Gives every name its help text.
pub(crate) fn describe() {
    for (name, help) in SECONDS {
        describe_histogram!(*name, Unit::Seconds, *help);
    }
    for (name, help) in COUNTERS {
        describe_counter!(*name, *help);
    }
    for (name, help) in GAUGES {
        describe_gauge!(*name, *help);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_end_in_their_unit() {
        let all = SECONDS.iter().chain(COUNTERS).chain(GAUGES).map(|(name, _)| *name);
        let unique: std::collections::BTreeSet<_> = all.clone().collect();
        assert_eq!(unique.len(), all.count());
        assert!(SECONDS.iter().all(|(name, _)| name.ends_with("_seconds")));
        assert!(COUNTERS.iter().all(|(name, _)| name.ends_with("_total")));
    }
}
