//! The writer's metrics, in one place.
//!
//! `ledger_batch_units`, `ledger_batch_commands`, `ledger_queue_units`: how full it is. `ledger_evaluate_seconds`,
//! `ledger_append_seconds`: where its time goes. `ledger_units_total{outcome}`: what callers are told.
//! `ledger_lookups_total`, `ledger_store_failures_total{doing}`: how often it leaves the fast path.

use std::time::Duration;

use metrics::{counter, gauge, histogram};

use crate::engine::{UnitReply, Verdict};

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

pub(super) fn cut(units: usize, commands: usize, waiting: usize) {
    histogram!("ledger_batch_units").record(count(units));
    histogram!("ledger_batch_commands").record(count(commands));
    gauge!("ledger_queue_units").set(count(waiting));
}

pub(super) fn evaluated(took: Duration) {
    histogram!("ledger_evaluate_seconds").record(took);
}

pub(super) fn appended(took: Duration) {
    histogram!("ledger_append_seconds").record(took);
}

pub(super) fn looked_up(ids: usize) {
    counter!("ledger_lookups_total").increment(1);
    tracing::debug!(ids, "ids looked up in the log");
}

pub(super) fn store_failed(doing: &'static str) {
    counter!("ledger_store_failures_total", "doing" => doing).increment(1);
}

pub(super) fn answered(verdicts: &[Verdict]) {
    let (mut applied, mut replayed) = (0_u64, 0_u64);
    for verdict in verdicts {
        match &verdict.reply {
            UnitReply::Applied(unit) if unit.replayed => replayed += 1,
            UnitReply::Applied(_) => applied += 1,
            UnitReply::Rejected(rejected) => {
                counter!("ledger_units_total", "outcome" => rejected.reason.code()).increment(1);
            }
        }
    }
    counter!("ledger_units_total", "outcome" => "applied").increment(applied);
    counter!("ledger_units_total", "outcome" => "replayed").increment(replayed);
}
