//! Where a roll can be bet: over or under a line, and what it pays.
//!
//! A spot's id is its line in hundredths; over a line, 10,000 more. Lines are quarters from 1.00 to 99.75; a spot is
//! offered while 100 to 9800 of the 10,000 results win, and while a win pays more than the stake.

use alloc::string::String;

use crate::edge::Edge;

/// Results of a roll: 0.00 to 99.99.
pub(crate) const RESULTS: u32 = 10_000;
/// Multipliers are counted in ten-thousandths.
pub(crate) const ONE_E4: u64 = 10_000;
/// Ids are below this.
const IDS: u32 = 2 * RESULTS;
/// Hundredths from one line to the next.
const STEP: u32 = 25;
/// Least and most winning results of an offered spot.
const WINNING: core::ops::RangeInclusive<u32> = 100..=9800;

/// On which side of the line a roll wins.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Side {
    Under,
    Over,
}

impl Side {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Under => "under",
            Self::Over => "over",
        }
    }
}

/// A side and a line.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Target {
    pub(crate) side: Side,
    /// Hundredths; below [`RESULTS`].
    pub(crate) line: u32,
}

impl Target {
    /// The target of the spot `id` under `edge`, or `None` when there is none.
    pub(crate) fn offered(edge: Edge, id: u32) -> Option<Self> {
        let side = match id / RESULTS {
            0 => Side::Under,
            1 => Side::Over,
            _ => return None,
        };
        let target = Self { side, line: id % RESULTS };
        let on_grid = target.line.is_multiple_of(STEP) && WINNING.contains(&target.winning());
        (on_grid && target.multiplier_e4(edge) > ONE_E4).then_some(target)
    }

    /// Every target offered under `edge` with its spot's id, by ascending id.
    pub(crate) fn all(edge: Edge) -> impl Iterator<Item = (u32, Self)> {
        (0..IDS / STEP).filter_map(move |nth| {
            let id = nth.saturating_mul(STEP);
            Self::offered(edge, id).map(|target| (id, target))
        })
    }

    /// Results that win.
    pub(crate) fn winning(self) -> u32 {
        match self.side {
            Side::Under => self.line,
            Side::Over => RESULTS.saturating_sub(self.line).saturating_sub(1),
        }
    }

    /// True when `roll` wins.
    pub(crate) fn wins(self, roll: u32) -> bool {
        match self.side {
            Side::Under => roll < self.line,
            Side::Over => roll > self.line,
        }
    }

    /// What a win pays, stake included, ten-thousandths of the stake: the fair price less the edge, rounded down.
    pub(crate) fn multiplier_e4(self, edge: Edge) -> u64 {
        edge.kept_bp().saturating_mul(ONE_E4).checked_div(u64::from(self.winning())).unwrap_or(0)
    }

    /// The return, millionths, rounded down.
    pub(crate) fn return_ppm(self, edge: Edge) -> u64 {
        self.multiplier_e4(edge).saturating_mul(u64::from(self.winning())) / 100
    }

    /// `under:50.00`, `over:75.25`.
    pub(crate) fn name(self) -> String {
        let mut name = String::with_capacity(12);
        name.push_str(self.side.name());
        name.push(':');
        let digits = [self.line / 1000, self.line / 100, self.line / 10, self.line];
        let skip = usize::from(self.line < 1000);
        for (place, digit) in digits.into_iter().enumerate().skip(skip) {
            if place == 2 {
                name.push('.');
            }
            name.extend(char::from_digit(digit % 10, 10));
        }
        name
    }
}
