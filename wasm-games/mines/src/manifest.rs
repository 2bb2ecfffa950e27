//! What the game declares of itself. tests/exact.rs proves the figures.

use alloc::string::String;
use alloc::vec;

use game_sdk::{ActionSpec, Kind, Manifest, Spot, Volatility};

use crate::field::{CELLS, Field};
use crate::round::{MAX_MINOR, STEP_MINOR};
use crate::rules::{CASH_OUT, PICK};

/// Bytes of all events: a pick and the end, under 200.
const MAX_EVENTS: u32 = 256;
/// A ceiling for 25 draws, two events and the few hundred divisions that prices take, several times what they need.
const FUEL: u64 = 200_000;

/// The manifest of `field`.
pub(crate) fn describe(field: Field) -> Manifest {
    let most_milli = field.price_e4(field.most_picks).unwrap_or(0).div_ceil(10);
    Manifest {
        id: String::from("mines"),
        version: String::from(env!("CARGO_PKG_VERSION")),
        title: String::from("Thin Ice"),
        kind: Kind::Other,
        volatility: volatility(field),
        return_ppm: u32::try_from(field.lowest_return_ppm()).unwrap_or(0),
        max_win_milli: most_milli,
        max_bets: 1,
        max_deals: field.most_picks,
        max_draws: CELLS,
        max_state: 21,
        max_events: MAX_EVENTS,
        fuel_play: FUEL,
        fuel_act: FUEL,
        spots: (0..CELLS).map(|cell| spot(cell, most_milli)).collect(),
        actions: vec![action(PICK, "pick", i64::from(CELLS.saturating_sub(1))), action(CASH_OUT, "cash_out", 0)],
    }
}

fn volatility(field: Field) -> Volatility {
    match field.mines {
        1..=3 => Volatility::Low,
        4..=8 => Volatility::Medium,
        _ => Volatility::High,
    }
}

/// The cell that is picked first.
fn spot(cell: u32, pays_milli: u64) -> Spot {
    let mut name = String::from("cell:");
    name.extend([cell / 10, cell % 10].into_iter().filter_map(|digit| char::from_digit(digit, 10)));
    Spot { id: cell, name, min_minor: STEP_MINOR, max_minor: MAX_MINOR, step_minor: STEP_MINOR, pays_milli }
}

fn action(id: u32, name: &str, arg_max: i64) -> ActionSpec {
    ActionSpec { id, name: String::from(name), arg_min: 0, arg_max }
}
