//! What the game declares of itself. tests/exact.rs proves the figures.

use alloc::string::String;
use alloc::vec::Vec;

use game_sdk::{Kind, Manifest, Spot, Volatility};

use crate::edge::Edge;
use crate::rules::{MAX_MINOR, STEP_MINOR};
use crate::target::Target;

/// At least the spots of any edge.
const MOST_SPOTS: usize = 784;
/// Bytes of the one event: 117 at most.
const MAX_EVENTS: u32 = 128;
/// A ceiling for one draw and one event, some ten times what they need.
const FUEL_PLAY: u64 = 50_000;
/// There are no actions; a refusal burns less.
const FUEL_ACT: u64 = 20_000;

/// The manifest under `edge`.
pub(crate) fn describe(edge: Edge) -> Manifest {
    // One allocation: growing step by step would fill a guest's arena with outgrown copies.
    let mut spots = Vec::with_capacity(MOST_SPOTS);
    let (mut lowest_ppm, mut most_milli) = (u64::MAX, 0);
    for (id, target) in Target::all(edge) {
        let pays_milli = target.multiplier_e4(edge).div_ceil(10);
        lowest_ppm = lowest_ppm.min(target.return_ppm(edge));
        most_milli = most_milli.max(pays_milli);
        spots.push(Spot {
            id,
            name: target.name(),
            min_minor: STEP_MINOR,
            max_minor: MAX_MINOR,
            step_minor: STEP_MINOR,
            pays_milli,
        });
    }
    Manifest {
        id: String::from("dice"),
        version: String::from(env!("CARGO_PKG_VERSION")),
        title: String::from("Harbour Dice"),
        kind: Kind::Dice,
        volatility: Volatility::Medium,
        return_ppm: u32::try_from(lowest_ppm).unwrap_or(0),
        max_win_milli: most_milli,
        max_bets: 1,
        max_deals: 1,
        max_draws: 1,
        max_state: 0,
        max_events: MAX_EVENTS,
        fuel_play: FUEL_PLAY,
        fuel_act: FUEL_ACT,
        spots,
        actions: Vec::new(),
    }
}
