//! What a table declares of itself.

use alloc::string::String;
use alloc::vec::Vec;

use game_sdk::{Kind as Family, Manifest, Spot, Volatility};

use crate::layout::{DOUBLE_ZERO, EVEN_NAMES};
use crate::rules::label;
use crate::table::{MIN_MINOR, max_minor};
use crate::{Kind, Place, Table, Wheel, places};

/// Places of the larger table, with two zeros.
const MOST_SPOTS: usize = 161;
/// Bytes of all events: the spin, and the 18 places at most that hold one number, at 48 bytes a piece.
const MAX_EVENTS: u32 = 1024;
/// Four times what a deal with a stake on every place burns: 65,900, measured.
const FUEL_PLAY: u64 = 250_000;
/// Roulette has no actions; a refusal burns less.
const FUEL_ACT: u64 = 20_000;

/// The manifest of `table`.
pub(crate) fn describe(table: Table) -> Manifest {
    // One allocation: growing step by step would fill a guest's arena with outgrown copies.
    let mut spots = Vec::with_capacity(MOST_SPOTS);
    spots.extend(places(table.wheel).map(|(id, place)| spot(table, id, place)));
    Manifest {
        id: String::from("roulette"),
        version: String::from(env!("CARGO_PKG_VERSION")),
        title: String::from("Roulette"),
        kind: Family::Roulette,
        volatility: Volatility::Low,
        return_ppm: lowest_return_ppm(table.wheel),
        max_win_milli: 36_000,
        max_bets: u32::try_from(spots.len()).unwrap_or(0),
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

/// 36/37 of every bet; with two zeros 36/38, but 35/38 of the basket.
fn lowest_return_ppm(wheel: Wheel) -> u32 {
    match wheel {
        Wheel::Single => 972_972,
        Wheel::Double => 921_052,
    }
}

fn spot(table: Table, id: u32, place: Place) -> Spot {
    Spot {
        id,
        name: name(id, place),
        min_minor: MIN_MINOR,
        max_minor: max_minor(place),
        step_minor: table.step_minor(place),
        pays_milli: place.pays_to_one().saturating_add(1).saturating_mul(1000),
    }
}

/// The kind, a colon, and where: the numbers of an inside bet (`split:1-2`), the name of an outside one (`even:red`).
fn name(id: u32, place: Place) -> String {
    let mut name = String::with_capacity(28);
    name.push_str(place.kind.name());
    name.push(':');
    match place.kind {
        Kind::Dozen | Kind::Column => name.push_str(&label(id % 100)),
        Kind::Even => {
            let at = usize::try_from(id % 100).ok();
            name.push_str(at.and_then(|at| EVEN_NAMES.get(at)).unwrap_or(&""));
        }
        _ => push_numbers(&mut name, place),
    }
    name
}

fn push_numbers(name: &mut String, place: Place) {
    let zeros = [0, DOUBLE_ZERO];
    let mut first = true;
    for number in zeros.into_iter().chain(1..DOUBLE_ZERO) {
        if place.covers(number) {
            if !first {
                name.push('-');
            }
            first = false;
            name.push_str(&label(number));
        }
    }
}
