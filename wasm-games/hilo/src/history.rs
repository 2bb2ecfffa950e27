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
}

impl History {
    /// A round that begins with the card `first`.
    pub(crate) fn new(stake_minor: u64, first: u8) -> Self {
        Self { stake_minor, first, guesses: Vec::with_capacity(MOST_GUESSES) }
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
        self.guesses.push((guess, card));
        self
    }

    /// What stopping now pays, ten-thousandths of the stake.
    pub(crate) fn price_e4(&self, edge: Edge) -> Option<u64> {
        self.price_with(edge, None)
    }

    /// What stopping after `guess` comes true pays, ten-thousandths of the stake; `None` when it isn't offered: no rank
    /// makes it true, the round has all its guesses, or the price would be over a million stakes.
    pub(crate) fn offered_e4(&self, edge: Edge, guess: Guess) -> Option<u64> {
        let price_e4 = self.price_with(edge, Some(guess))?;
        (self.guesses() < MOST_GUESSES && price_e4 <= MOST_E4).then_some(price_e4)
    }

    /// (1 - edge) times 13 / ranks for each guess, and for `next`, rounded down once at the end.
    fn price_with(&self, edge: Edge, next: Option<Guess>) -> Option<u64> {
        let mut over = u128::from(edge.kept_bp());
        let mut under = 1_u128;
        let mut card = self.first;
        let open = next.map(|guess| (guess, 0));
        for (guess, shown) in self.guesses.iter().copied().chain(open) {
            over = over.checked_mul(u128::from(RANKS))?;
            under = under.checked_mul(u128::from(guess.ranks(card)))?;
            card = shown;
        }
        over.checked_div(under).and_then(|price_e4| u64::try_from(price_e4).ok())
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
        let mut history = Self::new(reader.u64()?, reader.u8()?);
        if written != edge || !stake_fits(history.stake_minor) || history.first >= CARDS {
            return Err(Fault::BadState);
        }
        for _guess in 0..reader.u8()? {
            let guess = Guess::of(u32::from(reader.u8()?)).ok_or(Fault::BadState)?;
            let card = reader.u8()?;
            let came_true = card < CARDS && guess.is_true(history.card(), card);
            if !came_true || history.offered_e4(edge, guess).is_none() {
                return Err(Fault::BadState);
            }
            history = history.with(guess, card);
        }
        reader.finish()?;
        if history.is_over(edge) {
            return Err(Fault::BadState);
        }
        Ok(history)
    }

    /// True when nothing more can be guessed.
    pub(crate) fn is_over(&self, edge: Edge) -> bool {
        Guess::ALL.into_iter().all(|guess| self.offered_e4(edge, guess).is_none())
    }
}

/// True for a stake within the limits.
pub(crate) fn stake_fits(stake_minor: u64) -> bool {
    (STEP_MINOR..=MAX_MINOR).contains(&stake_minor) && stake_minor.is_multiple_of(STEP_MINOR)
}
