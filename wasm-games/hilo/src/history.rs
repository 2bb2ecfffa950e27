//! A round under way: its stake, its first card, and every true guess with the card that made it true. Nothing else is
//! carried from deal to deal; the price and the offers follow.

use alloc::vec::Vec;

use game_sdk::{Fault, StateReader, StateWriter};

use crate::edge::Edge;
use crate::guess::{CARDS, Guess, RANKS};

/// True guesses after which a round ends of itself.
pub(crate) const MOST_GUESSES: usize = 16;
/// Prices are counted in ten-thousandths of the stake.
pub(crate) const ONE_E4: u64 = 10_000;
/// The highest price: a million stakes.
pub(crate) const MOST_E4: u64 = 1_000_000 * ONE_E4;
/// Smallest stake, and what stakes are multiples of, minor units.
pub(crate) const STEP_MINOR: u64 = 100;
/// Largest stake, minor units.
pub(crate) const MAX_MINOR: u64 = 1_000_000;
/// The format of the state's bytes.
const FORMAT: u8 = 1;

/// All that happened in a round.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct History {
    /// Minor units.
    pub(crate) stake_minor: u64,
    first: u8,
    guesses: Vec<(Guess, u8)>,
    price: Price,
}

/// (1 - edge) times 13 / ranks for each guess, ten-thousandths of the stake, as a fraction: rounded down when it is read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
struct Price {
    over: u128,
    under: u128,
}

impl Price {
    /// After one more guess that `ranks` of 13 make true. Seventeen guesses stay far below 128 bits.
    fn with(self, ranks: u8) -> Self {
        Self { over: self.over.saturating_mul(u128::from(RANKS)), under: self.under.saturating_mul(u128::from(ranks)) }
    }

    /// `None` when no rank makes the last guess true.
    fn e4(self) -> Option<u64> {
        self.over.checked_div(self.under).and_then(|price_e4| u64::try_from(price_e4).ok())
    }
}

impl History {
    /// A round that begins with the card `first`.
    pub(crate) fn new(edge: Edge, stake_minor: u64, first: u8) -> Self {
        let price = Price { over: u128::from(edge.kept_bp()), under: 1 };
        Self { stake_minor, first, guesses: Vec::with_capacity(MOST_GUESSES), price }
    }

    /// The card that is showing.
    pub(crate) fn card(&self) -> u8 {
        self.guesses.last().map_or(self.first, |(_, card)| *card)
    }

    /// True guesses so far.
    pub(crate) fn guesses(&self) -> usize {
        self.guesses.len()
    }

    /// After one more true guess.
    pub(crate) fn with(mut self, guess: Guess, card: u8) -> Self {
        self.price = self.price.with(guess.ranks(self.card()));
        self.guesses.push((guess, card));
        self
    }

    /// What stopping now pays, ten-thousandths of the stake.
    pub(crate) fn price_e4(&self) -> Option<u64> {
        self.price.e4()
    }

    /// What stopping after `guess` comes true pays, ten-thousandths of the stake; `None` when it isn't offered: no rank
    /// makes it true, the round has all its guesses, or the price would be over a million stakes.
    pub(crate) fn offered_e4(&self, guess: Guess) -> Option<u64> {
        let price_e4 = self.price.with(guess.ranks(self.card())).e4()?;
        (self.guesses() < MOST_GUESSES && price_e4 <= MOST_E4).then_some(price_e4)
    }

    /// The state's bytes: format, edge, stake, first card, number of guesses, then each guess and its card.
    pub(crate) fn write(&self, edge: Edge) -> Vec<u8> {
        let count = u8::try_from(self.guesses()).unwrap_or(u8::MAX);
        let head = StateWriter::new(FORMAT).u32(edge.bp).u64(self.stake_minor).u8(self.first).u8(count);
        self.guesses.iter().fold(head, |state, (guess, card)| state.u8(guess.id()).u8(*card)).finish()
    }

    /// Reads what [`History::write`] wrote under the same configuration, replaying every guess.
    ///
    /// # Errors
    /// [`Fault::BadState`] for bytes that no round under `edge` can have.
    pub(crate) fn read(state: &[u8], edge: Edge) -> Result<Self, Fault> {
        let mut reader = StateReader::open(state, FORMAT)?;
        let written = Edge { bp: reader.u32()? };
        let mut history = Self::new(edge, reader.u64()?, reader.u8()?);
        if written != edge || !stake_fits(history.stake_minor) || history.first >= CARDS {
            return Err(Fault::BadState);
        }
        for _guess in 0..reader.u8()? {
            let guess = Guess::of(u32::from(reader.u8()?)).ok_or(Fault::BadState)?;
            let card = reader.u8()?;
            let came_true = card < CARDS && guess.is_true(history.card(), card);
            if !came_true || history.offered_e4(guess).is_none() {
                return Err(Fault::BadState);
            }
            history = history.with(guess, card);
        }
        reader.finish()?;
        if history.is_over() {
            return Err(Fault::BadState);
        }
        Ok(history)
    }

    /// True when nothing more can be guessed.
    pub(crate) fn is_over(&self) -> bool {
        Guess::ALL.into_iter().all(|guess| self.offered_e4(guess).is_none())
    }
}

/// True for a stake within the limits.
pub(crate) fn stake_fits(stake_minor: u64) -> bool {
    (STEP_MINOR..=MAX_MINOR).contains(&stake_minor) && stake_minor.is_multiple_of(STEP_MINOR)
}
