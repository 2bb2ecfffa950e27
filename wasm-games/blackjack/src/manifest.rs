//! What a table declares of itself. tests/exact.rs proves the figures.

use alloc::string::String;
use alloc::vec;

use game_sdk::{ActionSpec, Kind, Manifest, Spot, Volatility};

use crate::Table;
use crate::offers::Choice;
use crate::play::MAIN;
use crate::returns::return_ppm;
use crate::round::MAX_MINOR;

/// The first deal, the answer to insurance, three splits, and 19 decisions a hand: each hit counts one at least, from 2 up.
const MAX_DEALS: u32 = 81;
/// Four cards to hands that complete themselves, twelve at most to the dealer, and room.
const MAX_DRAWS: u32 = 20;
/// 17 bytes, and four hands of 21 cards with two bytes each.
const MAX_STATE: u32 = 128;
/// Twenty cards at 55 bytes, four results at 65, and room.
const MAX_EVENTS: u32 = 2048;
/// Seven times the most of 150,000 deals: 25,405, measured.
const FUEL_PLAY: u64 = 200_000;
/// Twelve times the most of 150,000 deals from six decks: 62,698, measured. The longest possible deal was not among them; by
/// its draws it burns some three times that.
const FUEL_ACT: u64 = 800_000;

/// The manifest of `table`.
pub(crate) fn describe(table: Table) -> Manifest {
    // A blackjack alone. Insurance pays two to one on half a stake: less of the whole.
    let most_milli = if table.six_to_five { 2200 } else { 2500 };
    let action =
        |(id, _, name): (u32, Choice, &str)| ActionSpec { id, name: String::from(name), arg_min: 0, arg_max: 0 };
    Manifest {
        id: String::from("blackjack"),
        version: String::from(env!("CARGO_PKG_VERSION")),
        title: String::from("Quarry Lane Twenty-One"),
        kind: Kind::Cards,
        volatility: Volatility::Low,
        return_ppm: return_ppm(table),
        max_win_milli: most_milli,
        max_bets: 1,
        max_deals: MAX_DEALS,
        max_draws: MAX_DRAWS,
        max_state: MAX_STATE,
        max_events: MAX_EVENTS,
        fuel_play: FUEL_PLAY,
        fuel_act: FUEL_ACT,
        spots: vec![Spot {
            id: MAIN,
            name: String::from("main"),
            min_minor: table.step_minor(),
            max_minor: MAX_MINOR,
            step_minor: table.step_minor(),
            pays_milli: most_milli,
        }],
        actions: Choice::ALL.into_iter().map(action).collect(),
    }
}
