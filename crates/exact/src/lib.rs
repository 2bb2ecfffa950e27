//! What each of the house's games returns, exactly: enumeration where a game can be enumerated, else a closed form or a
//! recursion over its decisions. Rationals of unbounded integers throughout; no float, no sampling.
//!
//! Independent by rule: this crate knows the published rules (each module states them with their source) and shares no line
//! with `wasm-games`. Where the two disagree one of them is wrong, and a test says so.

mod baccarat;
mod blackjack;
mod dice;
mod edge;
mod figure;
mod hilo;
mod limbo;
mod mines;
mod plinko;
mod roulette;
pub mod slot_lines;
mod video_poker;

pub use figure::{Figure, decimal, root};

use serde_json::Value;

/// Why there are no figures.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExactError {
    /// No evaluator of that name.
    #[error("no exact evaluator for the game {0}")]
    UnknownGame(String),
    /// The parameters are not ones that the game accepts.
    #[error("parameters: {0}")]
    Params(String),
    /// A target that the game does not offer, or one is needed and none was given.
    #[error("target: {0}")]
    Target(String),
}

/// Games that have an evaluator.
pub const GAMES: &[&str] =
    &["baccarat", "blackjack", "dice", "hilo", "limbo", "mines", "plinko", "roulette", "slot-lines", "video-poker"];

/// The figures of `game` under `params`. `targets` are the points at which games with a freely chosen target (dice, limbo,
/// mines, hilo) are evaluated; the others ignore them.
///
/// # Errors
/// [`ExactError`].
pub fn figures(game: &str, params: &Value, targets: &[String]) -> Result<Vec<Figure>, ExactError> {
    match game {
        "baccarat" => baccarat::figures(params),
        "blackjack" => blackjack::figures(params),
        "dice" => dice::figures(params, targets),
        "hilo" => hilo::figures(params, targets),
        "limbo" => limbo::figures(params, targets),
        "mines" => mines::figures(params, targets),
        "plinko" => plinko::figures(params),
        "roulette" => roulette::figures(params),
        "slot-lines" => slot_lines::figures(params),
        "video-poker" => video_poker::figures(params),
        _ => Err(ExactError::UnknownGame(game.to_owned())),
    }
}
