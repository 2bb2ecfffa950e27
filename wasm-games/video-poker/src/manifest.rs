//! What the game declares of itself. tests/exact.rs proves the figures.

use alloc::string::String;
use alloc::vec;

use game_sdk::{ActionSpec, Kind, Manifest, Spot, Volatility};

use crate::round::MAX_MINOR;
use crate::rules::{DRAW, HOLD_ALL, MAIN};
use crate::{Paytable, Royal, Table};

/// Bytes of the events of a deal: the cards 85, a win 65.
const MAX_EVENTS: u32 = 256;
/// Over ten times the most of 100,000 deals: 15,781, measured.
const FUEL_PLAY: u64 = 200_000;
/// The same: 19,832.
const FUEL_ACT: u64 = 200_000;

/// The manifest of `table`.
pub(crate) fn describe(table: Table) -> Manifest {
    let royal_milli = table.royal_pays().saturating_mul(1000);
    Manifest {
        id: String::from("video-poker"),
        version: String::from(env!("CARGO_PKG_VERSION")),
        title: String::from("Tin Roof Draw"),
        kind: Kind::Cards,
        volatility: Volatility::High,
        return_ppm: return_ppm(table),
        max_win_milli: royal_milli,
        max_bets: 1,
        max_deals: 2,
        max_draws: 5,
        max_state: 15,
        max_events: MAX_EVENTS,
        fuel_play: FUEL_PLAY,
        fuel_act: FUEL_ACT,
        spots: vec![Spot {
            id: MAIN,
            name: String::from("main"),
            min_minor: 1,
            max_minor: MAX_MINOR,
            step_minor: 1,
            pays_milli: royal_milli,
        }],
        actions: vec![ActionSpec { id: DRAW, name: String::from("draw"), arg_min: 0, arg_max: HOLD_ALL }],
    }
}

/// The return of optimal play, rounded down. A 9/6 with a royal of 1000 isn't accepted.
fn return_ppm(table: Table) -> u32 {
    let [r250, r800, r940, r1000] = match table.paytable {
        Paytable::NineSix => [983_734, 995_439, 999_030, 0],
        Paytable::NineFive => [972_155, 984_498, 988_020, 989_578],
        Paytable::EightSix => [972_233, 983_926, 987_528, 989_187],
        Paytable::EightFive => [960_635, 972_984, 976_515, 978_086],
        Paytable::SevenFive => [949_116, 961_472, 965_012, 966_599],
        Paytable::SixFive => [937_599, 949_961, 953_510, 955_116],
    };
    match table.royal {
        Royal::R250 => r250,
        Royal::R800 => r800,
        Royal::R940 => r940,
        Royal::R1000 => r1000,
    }
}
