//! What the game declares of itself. tests/exact.rs proves the figures.

use alloc::string::String;
use alloc::vec;

use game_sdk::{ActionSpec, Kind, Manifest, Spot, Volatility};

use crate::edge::Edge;
use crate::guess::Guess;
use crate::history::{MAX_MINOR, MOST_E4, STEP_MINOR};
use crate::rules::{CASH_OUT, STAKE};

/// The most a round pays, thousandths of its stake.
const MOST_MILLI: u64 = MOST_E4 / 10;
/// The first card, sixteen guesses or fifteen and the end.
const MAX_DEALS: u32 = 17;
/// Fifteen guesses, and the head.
const MAX_STATE: u32 = 45;
/// Bytes of all events: a guess and the prices after it, under 200.
const MAX_EVENTS: u32 = 256;
/// A ceiling for one draw, two events and some twenty divisions of 128 bits, several times what they need.
const FUEL: u64 = 200_000;

/// The manifest under `edge`.
pub(crate) fn describe(edge: Edge) -> Manifest {
    let stake = Spot {
        id: STAKE,
        name: String::from("main"),
        min_minor: STEP_MINOR,
        max_minor: MAX_MINOR,
        step_minor: STEP_MINOR,
        pays_milli: MOST_MILLI,
    };
    let guess = |guess: Guess| action(u32::from(guess.id()), guess.name());
    Manifest {
        id: String::from("hilo"),
        version: String::from(env!("CARGO_PKG_VERSION")),
        title: String::from("Thirteen Stairs"),
        kind: Kind::Cards,
        volatility: Volatility::Medium,
        return_ppm: lowest_return_ppm(edge),
        max_win_milli: MOST_MILLI,
        max_bets: 1,
        max_deals: MAX_DEALS,
        max_draws: 1,
        max_state: MAX_STATE,
        max_events: MAX_EVENTS,
        fuel_play: FUEL,
        fuel_act: FUEL,
        spots: vec![stake],
        actions: vec![guess(Guess::Higher), guess(Guess::Lower), guess(Guess::Same), action(CASH_OUT, "cash_out")],
    }
}

/// No way of playing returns less, millionths: every price is fair but for the edge, and rounding it down to four
/// decimals loses under a hundred millionths of the stake.
fn lowest_return_ppm(edge: Edge) -> u32 {
    edge.kept_bp().saturating_mul(100).saturating_sub(100)
}

fn action(id: u32, name: &str) -> ActionSpec {
    ActionSpec { id, name: String::from(name), arg_min: 0, arg_max: 0 }
}
