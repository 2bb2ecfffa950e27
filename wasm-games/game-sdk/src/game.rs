//! The contract between a game's rules and the platform, as Rust types.
//!
//! Promises nothing by itself: a game promises to be pure, to use integers only and never to panic on any input.

use crate::{Action, Bet, Draw, Manifest, Outcome};

/// Why a game refuses a call. The deal is then void and the stake returned.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Fault {
    /// The configuration isn't canonical JSON, or not one that this game accepts.
    #[error("the configuration is not one of this game's")]
    BadConfig,
    /// A bet on an unknown spot, twice on one spot, or with a stake outside the spot's limits.
    #[error("the bets are not allowed")]
    BadBet,
    /// An action that the state doesn't offer.
    #[error("the action is not offered")]
    BadAction,
    /// State bytes that this game, in this configuration, can't have written.
    #[error("the state is not one of this game's")]
    BadState,
    /// A call that this game has no use for.
    #[error("the game has no such call")]
    NotSupported,
    /// An invariant of the game's own is broken, e.g. a win beyond 64 bits.
    #[error("the game broke its own invariant")]
    Internal,
}

/// A game: three pure functions. The configuration is canonical JSON and comes with every call.
pub trait Game {
    /// What the game declares of itself under one configuration.
    ///
    /// # Errors
    /// [`Fault::BadConfig`] for a configuration that the game doesn't accept.
    fn describe(config: &str) -> Result<Manifest, Fault>;

    /// Opens a round with `bets`.
    ///
    /// # Errors
    /// [`Fault::BadConfig`], or [`Fault::BadBet`] before anything is drawn.
    fn play(config: &str, bets: &[Bet], draw: &mut impl Draw) -> Result<Outcome, Fault>;

    /// Goes on with the round whose state is `state`.
    ///
    /// # Errors
    /// [`Fault::BadConfig`], [`Fault::BadState`] or [`Fault::BadAction`], before anything is drawn;
    /// [`Fault::NotSupported`] from a game whose rounds are one deal long.
    fn act(config: &str, state: &[u8], action: Action, draw: &mut impl Draw) -> Result<Outcome, Fault>;
}
