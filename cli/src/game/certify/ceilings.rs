//! What a game declares against what was seen of it, and the memory that its module asks for.

use sandbox::{Manifest, limits};
use serde_json::json;
use wasmparser::{Parser, Payload};

use super::check::Check;
use super::watch::Most;

const PAGE_BYTES: u64 = 64 * 1024;

/// One bound: declared and seen.
pub(super) struct Bound {
    pub(super) name: &'static str,
    pub(super) declared: u64,
    pub(super) seen: u64,
}

/// Every bound of the manifest that a run can measure.
pub(super) fn bounds(manifest: &Manifest, most: &Most) -> Vec<Bound> {
    let bound = |name, declared, seen| Bound { name, declared, seen };
    let mut bounds = vec![
        bound("fuel of play", manifest.fuel_play, most.fuel_play),
        bound("draws of a deal", manifest.max_draws.into(), most.draws),
        bound("bytes of events", manifest.max_events.into(), most.event_bytes),
        bound("deals of a round", manifest.max_deals.into(), most.deals),
        bound("win, thousandths", manifest.max_win_milli, most.win_milli),
    ];
    if !manifest.actions.is_empty() {
        bounds.push(bound("fuel of act", manifest.fuel_act, most.fuel_act));
        bounds.push(bound("bytes of state", manifest.max_state.into(), most.state_bytes));
    }
    bounds
}

/// The check.
pub(super) fn check(wasm: &[u8], bounds: &[Bound]) -> Check {
    let mut check =
        Check::new("ceilings", "nothing seen is over what is declared, and memory can't grow over the host's limit");
    check.expect(!bounds.is_empty(), || "nothing was measured: the runs before this check failed".to_owned());
    for Bound { name, declared, seen } in bounds {
        check.find(name, json!({"declared": declared.to_string(), "seen": seen.to_string()}));
        check.expect(seen <= declared, || format!("{name}: {seen} seen, {declared} declared"));
    }
    let limit = u64::try_from(limits::MAX_MEMORY).unwrap_or(u64::MAX);
    match memory(wasm) {
        Ok(memory) => {
            let most =
                memory.most_bytes.map_or_else(|| "not limited by the module".to_owned(), |bytes| bytes.to_string());
            check.find("memory", json!({"initial_bytes": memory.initial_bytes.to_string(), "most_bytes": most}));
            check.expect(memory.initial_bytes <= limit, || {
                format!("memory: {} bytes to begin with", memory.initial_bytes)
            });
        }
        Err(error) => check.faults.push(format!("memory: {error}")),
    }
    check
}

struct Memory {
    initial_bytes: u64,
    /// `None` when a memory of the module has no maximum; the host's limit holds then.
    most_bytes: Option<u64>,
}

/// The sum over the core modules' memories.
fn memory(wasm: &[u8]) -> Result<Memory, wasmparser::BinaryReaderError> {
    let mut sum = Memory { initial_bytes: 0, most_bytes: Some(0) };
    for payload in Parser::new(0).parse_all(wasm) {
        if let Payload::MemorySection(memories) = payload? {
            for memory in memories {
                let memory = memory?;
                sum.initial_bytes = sum.initial_bytes.saturating_add(memory.initial.saturating_mul(PAGE_BYTES));
                let most = memory.maximum.map(|pages| pages.saturating_mul(PAGE_BYTES));
                sum.most_bytes = sum.most_bytes.zip(most).map(|(sum, most)| sum.saturating_add(most));
            }
        }
    }
    Ok(sum)
}
