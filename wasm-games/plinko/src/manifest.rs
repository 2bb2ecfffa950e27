//! What the game declares of itself. tests/exact.rs proves the figures.

use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use game_sdk::{Kind, Manifest, Spot, Volatility};

use crate::board::{Board, Risk};
use crate::rules::{BALL, MAX_MINOR, STEP_MINOR};

/// Bytes of the one event: 103 at most.
const MAX_EVENTS: u32 = 128;
/// A ceiling for one draw and one event, some ten times what they need.
const FUEL_PLAY: u64 = 50_000;
/// There are no actions; a refusal burns less.
const FUEL_ACT: u64 = 20_000;

/// The manifest of `board`.
pub(crate) fn describe(board: Board) -> Manifest {
    let most_milli = board.most_centi().saturating_mul(10);
    let ball = Spot {
        id: BALL,
        name: String::from("main"),
        min_minor: STEP_MINOR,
        max_minor: MAX_MINOR,
        step_minor: STEP_MINOR,
        pays_milli: most_milli,
    };
    Manifest {
        id: String::from("plinko"),
        version: String::from(env!("CARGO_PKG_VERSION")),
        title: String::from("Pinecone Drop"),
        kind: Kind::Other,
        volatility: match board.risk {
            Risk::Low => Volatility::Low,
            Risk::Medium => Volatility::Medium,
            Risk::High => Volatility::High,
        },
        return_ppm: u32::try_from(board.return_ppm()).unwrap_or(0),
        max_win_milli: most_milli,
        max_bets: 1,
        max_deals: 1,
        max_draws: 1,
        max_state: 0,
        max_events: MAX_EVENTS,
        fuel_play: FUEL_PLAY,
        fuel_act: FUEL_ACT,
        spots: vec![ball],
        actions: Vec::new(),
    }
}
