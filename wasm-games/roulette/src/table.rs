//! The two parameters of a table, and what they make of stakes.
//!
//! Limits follow the casino's custom: each place takes what risks about the same win, so a place's largest stake is
//! [`STRAIGHT_MAX_MINOR`] times the numbers it covers. The lease and the operator set tighter ones.

use game_sdk::{ConfigReader, Fault};

use crate::{Kind, Place};

/// Smallest stake on any place, minor units.
pub(crate) const MIN_MINOR: u64 = 10;
/// Largest stake on a single number, minor units.
pub(crate) const STRAIGHT_MAX_MINOR: u64 = 1_000_000;

/// How many zeros the wheel has.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Wheel {
    /// 0..36: 37 pockets.
    Single,
    /// 0, 00, 1..36: 38 pockets; 00 is pocket 37.
    Double,
}

impl Wheel {
    /// Pockets of the wheel.
    #[must_use]
    pub fn pockets(self) -> u64 {
        match self {
            Self::Single => 37,
            Self::Double => 38,
        }
    }
}

/// A table: the configuration, read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Table {
    /// The wheel.
    pub wheel: Wheel,
    /// True when even chances get half their stake back on a zero.
    pub la_partage: bool,
}

impl Table {
    /// Reads `{"la_partage":bool,"wheel":"single"|"double"}`.
    ///
    /// # Errors
    /// [`Fault::BadConfig`] for anything else.
    pub fn read(config: &str) -> Result<Self, Fault> {
        let mut reader = ConfigReader::open(config)?;
        let la_partage = reader.boolean("la_partage")?;
        let wheel = match reader.text("wheel")? {
            "single" => Wheel::Single,
            "double" => Wheel::Double,
            _ => return Err(Fault::BadConfig),
        };
        reader.close()?;
        Ok(Self { wheel, la_partage })
    }

    /// Multiple that a stake on `place` must be of, minor units: 2 where half a stake can come back, else 1.
    pub(crate) fn step_minor(self, place: Place) -> u64 {
        if self.halves(place) { 2 } else { 1 }
    }

    /// True when `place` gets half its stake back on a zero.
    pub(crate) fn halves(self, place: Place) -> bool {
        self.la_partage && place.kind == Kind::Even
    }
}

/// Largest stake on `place`, minor units.
pub(crate) fn max_minor(place: Place) -> u64 {
    STRAIGHT_MAX_MINOR.saturating_mul(u64::from(place.numbers.count_ones()))
}
