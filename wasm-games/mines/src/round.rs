//! A round under way: what is carried from deal to deal.

use alloc::vec::Vec;

use game_sdk::{Fault, StateReader, StateWriter};

use crate::field::{CELLS, Field, ONE_E4};

/// The format of the state's bytes.
const FORMAT: u8 = 1;
/// Smallest stake, and what stakes are multiples of, minor units.
pub(crate) const STEP_MINOR: u64 = 100;
/// Largest stake, minor units.
pub(crate) const MAX_MINOR: u64 = 1_000_000;

/// A stake, and the cells opened for it, all of them safe.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Round {
    /// Minor units.
    pub(crate) stake_minor: u64,
    /// One bit a cell.
    pub(crate) open: u32,
}

impl Round {
    /// Safe picks so far.
    pub(crate) fn picks(self) -> u32 {
        self.open.count_ones()
    }

    /// What stopping now pays, minor units, rounded down.
    ///
    /// # Errors
    /// [`Fault::Internal`] never: there are never more picks than prices.
    pub(crate) fn worth_minor(self, field: Field) -> Result<u64, Fault> {
        let price_e4 = field.price_e4(self.picks()).ok_or(Fault::Internal)?;
        self.stake_minor.checked_mul(price_e4).map(|worth_e4| worth_e4 / ONE_E4).ok_or(Fault::Internal)
    }

    /// The state's bytes: format, edge, mines, stake, open cells.
    pub(crate) fn write(self, field: Field) -> Vec<u8> {
        StateWriter::new(FORMAT).u32(field.edge_bp).u32(field.mines).u64(self.stake_minor).u32(self.open).finish()
    }

    /// Reads what [`Round::write`] wrote under the same configuration.
    ///
    /// # Errors
    /// [`Fault::BadState`] for bytes that no round under `field` can have.
    pub(crate) fn read(state: &[u8], field: Field) -> Result<Self, Fault> {
        let mut reader = StateReader::open(state, FORMAT)?;
        let written = (reader.u32()?, reader.u32()?);
        let round = Self { stake_minor: reader.u64()?, open: reader.u32()? };
        reader.finish()?;
        let on_board = round.open >> CELLS == 0 && (1..field.most_picks).contains(&round.picks());
        if written == (field.edge_bp, field.mines) && on_board && stake_fits(round.stake_minor) {
            return Ok(round);
        }
        Err(Fault::BadState)
    }
}

/// True for a stake within the limits.
pub(crate) fn stake_fits(stake_minor: u64) -> bool {
    (STEP_MINOR..=MAX_MINOR).contains(&stake_minor) && stake_minor.is_multiple_of(STEP_MINOR)
}
