//! What a game declares of itself; the host enforces every bound.

use alloc::string::String;
use alloc::vec::Vec;

/// The family a game belongs to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kind {
    /// Reels.
    Slot,
    /// A wheel of numbered pockets.
    Roulette,
    /// Playing cards.
    Cards,
    /// Dice.
    Dice,
    /// A rising multiplier.
    Crash,
    /// Anything else.
    Other,
}

/// How widely results spread around the return, as a word for players.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Volatility {
    /// Frequent small wins.
    Low,
    /// In between.
    Medium,
    /// Rare large wins.
    High,
}

/// A place a stake can be put on.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Spot {
    /// Stable across configurations.
    pub id: u32,
    /// `kind` or `kind:detail`, for odds tables and clients.
    pub name: String,
    /// Smallest stake, minor units.
    pub min_minor: u64,
    /// Largest stake, minor units.
    pub max_minor: u64,
    /// Stakes are multiples of this, minor units; never 0.
    pub step_minor: u64,
    /// The most this spot pays, stake included, thousandths of its stake.
    pub pays_milli: u64,
}

impl Spot {
    /// True when `stake_minor` is within the limits and a multiple of the step.
    #[must_use]
    pub fn accepts(&self, stake_minor: u64) -> bool {
        (self.min_minor..=self.max_minor).contains(&stake_minor) && stake_minor.checked_rem(self.step_minor) == Some(0)
    }
}

/// An action the player can take within a round.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ActionSpec {
    /// Stable across configurations.
    pub id: u32,
    /// For clients.
    pub name: String,
    /// Smallest argument.
    pub arg_min: i64,
    /// Largest argument.
    pub arg_max: i64,
}

/// A game under one configuration.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Manifest {
    /// The game's name in the catalogue.
    pub id: String,
    /// Semantic version of the rules.
    pub version: String,
    /// Shown to players.
    pub title: String,
    /// Family.
    pub kind: Kind,
    /// Spread.
    pub volatility: Volatility,
    /// Theoretical return, millionths of the stake, rounded down; the lowest of all bets.
    pub return_ppm: u32,
    /// The most one round can pay, thousandths of the round's whole stake.
    pub max_win_milli: u64,
    /// Bets in one `play`.
    pub max_bets: u32,
    /// Deals in one round.
    pub max_deals: u32,
    /// Draws in one deal.
    pub max_draws: u32,
    /// Bytes of state.
    pub max_state: u32,
    /// Bytes of all events of one deal.
    pub max_events: u32,
    /// Fuel ceiling of one `play`.
    pub fuel_play: u64,
    /// Fuel ceiling of one `act`.
    pub fuel_act: u64,
    /// Where stakes can be put.
    pub spots: Vec<Spot>,
    /// What can be done within a round.
    pub actions: Vec<ActionSpec>,
}
