//! What a table declares of itself. tests/exact.rs proves the figures.

use alloc::string::String;
use alloc::vec::Vec;

use game_sdk::{Kind, Manifest, Spot as Declared, Volatility};

use crate::Table;
use crate::spot::{MIN_MINOR, Spot};

/// Bytes of all events: the coup 200, a bet that gets something 45.
const MAX_EVENTS: u32 = 512;
/// Over ten times the most of 100,000 deals with one bet: 17,515, measured; five bets show four events more.
const FUEL_PLAY: u64 = 200_000;
/// Baccarat has no actions; a refusal burns less.
const FUEL_ACT: u64 = 20_000;

/// The manifest of `table`.
pub(crate) fn describe(table: Table) -> Manifest {
    let spots: Vec<Declared> = Spot::ALL.iter().zip(0..).map(|(spot, id)| declared(table, *spot, id)).collect();
    Manifest {
        id: String::from("baccarat"),
        version: String::from(env!("CARGO_PKG_VERSION")),
        title: String::from("Ferry House Baccarat"),
        kind: Kind::Cards,
        volatility: Volatility::Low,
        return_ppm: lowest_return_ppm(table),
        // A pair alone; no set of bets does better than its best one.
        max_win_milli: 12_000,
        max_bets: u32::try_from(spots.len()).unwrap_or(0),
        max_deals: 1,
        max_draws: 6,
        max_state: 0,
        max_events: MAX_EVENTS,
        fuel_play: FUEL_PLAY,
        fuel_act: FUEL_ACT,
        spots,
        actions: Vec::new(),
    }
}

fn declared(table: Table, spot: Spot, id: u32) -> Declared {
    Declared {
        id,
        name: String::from(spot.name()),
        min_minor: MIN_MINOR,
        max_minor: spot.max_minor(),
        step_minor: spot.step_minor(table),
        pays_milli: spot.pays_milli(table),
    }
}

/// The return of a tie at 8 to one, by decks; at 9 to one it is a ninth more and never the lowest.
const TIE_PPM: [u32; 8] = [842_538, 849_772, 852_597, 854_083, 854_998, 855_618, 856_065, 856_403];

/// The lower of a pair and a tie, rounded down; Player and Banker return more at every table.
fn lowest_return_ppm(table: Table) -> u32 {
    let tie = match table.tie_pays {
        8 => usize::from(table.decks).checked_sub(1).and_then(|at| TIE_PPM.get(at)).copied().unwrap_or(0),
        _ => u32::MAX,
    };
    pair_ppm(table.decks).min(tie)
}

/// Twelve stakes when the second card is one of the 4d-1 of the first one's rank among 52d-1.
fn pair_ppm(decks: u8) -> u32 {
    let of_rank = u32::from(decks).saturating_mul(4).saturating_sub(1);
    let left = u32::from(decks).saturating_mul(52).saturating_sub(1);
    of_rank.saturating_mul(12_000_000).checked_div(left).unwrap_or(0)
}
