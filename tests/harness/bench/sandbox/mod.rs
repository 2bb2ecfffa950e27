//! The Wasm host alone: how fast a fresh instance a deal is, that it is silent, and that every way to run a game agrees.

mod equal;
mod games;
mod rates;
mod silence;

use anyhow::Result;

use super::report::Report;

/// Deals a game that must be equal everywhere, unless asked otherwise.
pub(super) const DEALS: u64 = 1_000_000;

/// Runs it, with `deals` deals a game for the comparison.
pub(super) fn run(deals: u64, say: &impl Fn(&str)) -> Result<Report> {
    let mut report = Report::new("sandbox");
    say("slot-lines on one thread: fresh, reused, native");
    rates::one_thread(&mut report)?;
    say("two threads beside one");
    rates::two_threads(&mut report)?;
    say("cold loads");
    rates::cold_load(&mut report)?;
    say("deals under strict seccomp");
    silence::check(&mut report)?;
    say(&format!("{deals} deals a game: fresh, two threads, reused, Pulley, native"));
    equal::check(deals, &mut report)?;
    report.note("Native rules run with the same draws of the same keys; the bound of 20 counts those in.");
    Ok(report)
}

/// The other process of [`silence`]: plays silently and says how many deals.
pub(super) fn play_silently(deals: u64) -> Result<u64> {
    silence::play_silently(deals)
}
