//! Which seeds run: a few fixed ones and a fresh one, or what the environment asks for. A failing one prints its name.

use clock::{Clock, SystemClock};

use crate::world::Plan;

/// Run by everybody, always.
pub(crate) const FIXED_SEEDS: &[u64] = &[1, 2, 3, 5, 8, 13, 21, 34, 55, 89];

/// The seeds of this run: `HOUSE_SIM_SEED` alone, else the fixed ones and `HOUSE_SIM_SEEDS` (one by default) fresh ones.
pub(crate) fn seeds() -> Vec<u64> {
    if let Some(seed) = number("HOUSE_SIM_SEED") {
        return vec![seed];
    }
    let fresh = SystemClock::new().now_ms();
    let more = number("HOUSE_SIM_SEEDS").unwrap_or(1);
    FIXED_SEEDS.iter().copied().chain((0..more).map(|nth| fresh.wrapping_add(nth))).collect()
}

#[expect(clippy::disallowed_methods, reason = "the simulation's only configuration is read here")]
fn number(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{name} is no seed: {text}")))
}

/// Prints its seed when what it watches over panics.
pub(crate) struct Named(pub(crate) u64, pub(crate) Plan);

impl Drop for Named {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("the simulation failed with {:?}; run it again with HOUSE_SIM_SEED={}", self.1, self.0);
        }
    }
}
