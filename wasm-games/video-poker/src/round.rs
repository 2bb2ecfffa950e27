//! A round between its two deals: the stake and the five cards.

use alloc::vec::Vec;

use game_sdk::{Fault, StateReader, StateWriter};

use crate::Table;
use crate::card::{CARDS, Card, bit};

/// Largest stake, minor units; the smallest is 1.
pub(crate) const MAX_MINOR: u64 = 1_000_000;
/// The format of the state's bytes.
const FORMAT: u8 = 1;

/// A round that waits for the player's choice.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Round {
    pub(crate) stake_minor: u64,
    pub(crate) cards: [Card; 5],
}

impl Round {
    /// The state's bytes: format, table, stake, cards.
    pub(crate) fn write(self, table: Table) -> Vec<u8> {
        let state = StateWriter::new(FORMAT).u8(table.code()).u64(self.stake_minor);
        self.cards.into_iter().fold(state, StateWriter::u8).finish()
    }

    /// Reads what [`Round::write`] wrote under the same table.
    ///
    /// # Errors
    /// [`Fault::BadState`] for bytes that no round under `table` can have.
    pub(crate) fn read(state: &[u8], table: Table) -> Result<Self, Fault> {
        let mut reader = StateReader::open(state, FORMAT)?;
        let code = reader.u8()?;
        let stake_minor = reader.u64()?;
        let cards = [reader.u8()?, reader.u8()?, reader.u8()?, reader.u8()?, reader.u8()?];
        reader.finish()?;
        let round = Self { stake_minor, cards };
        let dealt = cards.into_iter().all(|card| card < CARDS) && round.gone().count_ones() == 5;
        if code == table.code() && (1..=MAX_MINOR).contains(&stake_minor) && dealt {
            return Ok(round);
        }
        Err(Fault::BadState)
    }

    /// The cards as a set.
    pub(crate) fn gone(self) -> u64 {
        self.cards.into_iter().fold(0, |gone, card| gone | bit(card))
    }
}
