//! What the game declares of itself. tests/exact.rs proves the figures.

use alloc::string::String;
use alloc::vec;

use game_sdk::{ActionSpec, Kind, Manifest, Spot, Volatility};

use crate::Variant;
use crate::free_spins::MOST;
use crate::lines::LINES;
use crate::rules::{BUY, BUY_LINES, FREE_SPIN, LINE_MAX_MINOR, SPIN};

/// The most a spin and its free spins pay, line stakes: attained, in every variant.
const SPIN_MOST_UNITS: u64 = 231_550;
/// The most a bought bonus pays, line stakes: attained.
const BUY_MOST_UNITS: u64 = 230_550;
/// Bytes of all events of a deal: twenty lines at most, with the largest stake.
const MAX_EVENTS: u32 = 2048;
/// Over four times the most that a paid spin burns: 25,800 among 100,000, measured; a win on every line less than twice that.
const FUEL_PLAY: u64 = 200_000;
/// The same for a free spin.
const FUEL_ACT: u64 = 200_000;

/// The manifest of `variant`.
pub(crate) fn describe(variant: Variant) -> Manifest {
    Manifest {
        id: String::from("slot-lines"),
        version: String::from(env!("CARGO_PKG_VERSION")),
        title: String::from("Millpond Lanterns"),
        kind: Kind::Slot,
        volatility: Volatility::Medium,
        return_ppm: return_ppm(variant),
        max_win_milli: milli(SPIN_MOST_UNITS, LINES),
        max_bets: 1,
        max_deals: u32::from(MOST).saturating_add(1),
        max_draws: 5,
        max_state: 12,
        max_events: MAX_EVENTS,
        fuel_play: FUEL_PLAY,
        fuel_act: FUEL_ACT,
        spots: vec![spot(SPIN, "spin", LINES, SPIN_MOST_UNITS), spot(BUY, "buy", BUY_LINES, BUY_MOST_UNITS)],
        actions: vec![ActionSpec { id: FREE_SPIN, name: String::from("free_spin"), arg_min: 0, arg_max: 0 }],
    }
}

/// The return of a spin, rounded down; a bought bonus returns more in every variant.
fn return_ppm(variant: Variant) -> u32 {
    match variant {
        Variant::V94 => 940_240,
        Variant::V95 => 950_440,
        Variant::V96 => 960_199,
    }
}

/// A spot whose stake is `lines` line stakes.
fn spot(id: u32, name: &str, lines: u64, most_units: u64) -> Spot {
    Spot {
        id,
        name: String::from(name),
        min_minor: lines,
        max_minor: lines.saturating_mul(LINE_MAX_MINOR),
        step_minor: lines,
        pays_milli: milli(most_units, lines),
    }
}

/// `units` per stake of `lines`, thousandths, rounded up.
fn milli(units: u64, lines: u64) -> u64 {
    units.saturating_mul(1000).div_ceil(lines)
}
