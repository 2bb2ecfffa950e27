//! A round's free spins: how many are won, how they are carried from deal to deal.
//!
//! A round has at most [`MOST`] of them, retriggers included; what a retrigger would add beyond is not added. The bound
//! is part of the exact mathematics in tests/.

use alloc::vec::Vec;

use game_sdk::{Draw, Fault, StateReader, StateWriter, weighted};

use crate::Variant;
use crate::rules::LINE_MAX_MINOR;

/// Free spins of one round, at most.
pub(crate) const MOST: u8 = 30;
/// What three or more lanterns in a free spin add.
const RETRIGGER: u8 = 5;
/// The format of the state's bytes.
const FORMAT: u8 = 1;
/// How often a bought bonus has 8, 10 and 15 spins, of 100.
const BOUGHT: [(u64, u8); 3] = [(65, 8), (30, 10), (5, 15)];

/// The free spins of a round that is under way: at least one is left.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct FreeSpins {
    /// Stake of one line, minor units.
    pub(crate) line_minor: u64,
    /// Spins played.
    pub(crate) played: u8,
    /// Spins won so far.
    pub(crate) total: u8,
}

impl FreeSpins {
    /// What `lanterns` in a paid spin win, or `None`.
    pub(crate) fn won(line_minor: u64, lanterns: usize) -> Option<Self> {
        let total = match lanterns {
            3 => 8,
            4 => 10,
            5 => 15,
            _ => return None,
        };
        Some(Self { line_minor, played: 0, total })
    }

    /// A bought bonus: one weighted draw.
    ///
    /// # Errors
    /// [`Fault::Internal`] never, as the weights have a sum.
    pub(crate) fn bought(line_minor: u64, draw: &mut impl Draw) -> Result<Self, Fault> {
        let chosen = weighted(&BOUGHT.map(|(weight, _)| weight), 0, draw);
        let (_, total) = chosen.and_then(|index| BOUGHT.get(index)).ok_or(Fault::Internal)?;
        Ok(Self { line_minor, played: 0, total: *total })
    }

    /// After one more spin that showed `lanterns`.
    pub(crate) fn after_spin(self, lanterns: usize) -> Self {
        let added = if lanterns >= 3 { RETRIGGER } else { 0 };
        Self { played: self.played.saturating_add(1), total: self.total.saturating_add(added).min(MOST), ..self }
    }

    /// Spins left to play.
    pub(crate) fn left(self) -> u8 {
        self.total.saturating_sub(self.played)
    }

    /// The state's bytes: format, variant, line stake, played, total.
    pub(crate) fn write(self, variant: Variant) -> Vec<u8> {
        StateWriter::new(FORMAT).u8(variant.code()).u64(self.line_minor).u8(self.played).u8(self.total).finish()
    }

    /// Reads what [`FreeSpins::write`] wrote under the same variant.
    ///
    /// # Errors
    /// [`Fault::BadState`] for bytes that no round under `variant` can have.
    pub(crate) fn read(state: &[u8], variant: Variant) -> Result<Self, Fault> {
        let mut reader = StateReader::open(state, FORMAT)?;
        let code = reader.u8()?;
        let spins = Self { line_minor: reader.u64()?, played: reader.u8()?, total: reader.u8()? };
        reader.finish()?;
        if code == variant.code() && spins.is_reachable() {
            return Ok(spins);
        }
        Err(Fault::BadState)
    }

    /// True when some sequence of spins leads here: spins are left, and the total is a first award and enough
    /// retriggers, each in a spin of its own, the first of them within the award.
    fn is_reachable(self) -> bool {
        (1..=LINE_MAX_MINOR).contains(&self.line_minor)
            && self.played < self.total
            && self.total <= MOST
            && [8, 10, 15].into_iter().any(|award| self.follows(award))
    }

    fn follows(self, award: u8) -> bool {
        let Some(added) = self.total.checked_sub(award) else {
            return false;
        };
        let whole = added.is_multiple_of(RETRIGGER) || self.total == MOST;
        whole && added.div_ceil(RETRIGGER) <= self.played
    }
}
