//! What the game declares of itself. tests/exact.rs proves the figures.

use alloc::string::String;
use alloc::vec::Vec;

use game_sdk::{Kind, Manifest, Spot, Volatility};

use crate::edge::Edge;
use crate::rules::{MAX_MINOR, STEP_MINOR};
use crate::target;

/// Targets of the ladder.
const SPOTS: usize = 382;
/// Bytes of the one event: 115 at most.
const MAX_EVENTS: u32 = 128;
/// A ceiling for one draw and one event, some ten times what they need.
const FUEL_PLAY: u64 = 50_000;
/// There are no actions; a refusal burns less.
const FUEL_ACT: u64 = 20_000;

/// The manifest under `edge`.
pub(crate) fn describe(edge: Edge) -> Manifest {
    // One allocation: growing step by step would fill a guest's arena with outgrown copies.
    let mut spots = Vec::with_capacity(SPOTS);
    spots.extend(target::all().map(spot));
    Manifest {
        id: String::from("limbo"),
        version: String::from(env!("CARGO_PKG_VERSION")),
        title: String::from("Kite Line"),
        kind: Kind::Crash,
        volatility: Volatility::High,
        return_ppm: edge.lowest_return_ppm(),
        max_win_milli: milli(target::HIGHEST),
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

fn spot(centi: u32) -> Spot {
    Spot {
        id: centi,
        name: target::name(centi),
        min_minor: STEP_MINOR,
        max_minor: MAX_MINOR,
        step_minor: STEP_MINOR,
        pays_milli: milli(centi),
    }
}

fn milli(centi: u32) -> u64 {
    u64::from(centi).saturating_mul(10)
}
