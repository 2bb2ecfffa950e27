//! What a studio tool can find wrong. Where a game is at fault, the text names the WIT function that was called.

use std::path::PathBuf;

use exact::ExactError;
use sandbox::{ConfigError, DescribeError, HostError, LoadError, NoDeal, Void};

/// One fault.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Problem {
    #[error("there is no component {}: `house game build` makes a studio's, `cargo xtask games` the house's", .0.display())]
    NoComponent(PathBuf),
    #[error("{} can't be read: {error}", path.display())]
    Unreadable { path: PathBuf, error: std::io::Error },
    #[error("{} can't be written: {error}", path.display())]
    Unwritable { path: PathBuf, error: std::io::Error },
    #[error("{} is no game: {error}", path.display())]
    Load { path: PathBuf, error: LoadError },
    #[error(transparent)]
    Host(#[from] HostError),
    #[error("--params: {0}")]
    Params(#[from] ConfigError),
    #[error("studio:game/game.describe under {config}: {}", described(.error))]
    Describe { config: String, error: DescribeError },
    #[error("studio:game/game.play: {0}")]
    Play(NoDeal),
    #[error("studio:game/game.act: {0}")]
    Act(NoDeal),
    #[error(
        "studio:game/game.act refuses every argument tried of each action that it offered, in a round of {deals} deals"
    )]
    NoWayOn { deals: u32 },
    #[error("`{0}` is no bet: SPOT or SPOT=STAKE is, with a spot's number or name and minor units")]
    NotABet(String),
    #[error("the game has no spot `{0}`: `house game odds` lists them")]
    NoSpot(String),
    #[error("the stake on spot {spot} must be a multiple of {step} in {min}..={max}")]
    Stake { spot: u32, step: u64, min: u64, max: u64 },
    #[error("the round's money is more than 64 bits hold")]
    Overflow,
    #[error(transparent)]
    Exact(#[from] ExactError),
}

/// `bad-config` in the contract's words, or what else was wrong.
fn described(error: &DescribeError) -> String {
    match error {
        DescribeError::Refused(fault) => format!("refused with {}", Void::Fault(*fault).code()),
        other => other.to_string(),
    }
}
