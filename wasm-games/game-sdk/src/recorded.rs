//! Draws that were made before: replayed from a record, or enumerated by an evaluator.
//!
//! Answers never leave the bound, whatever the record holds, so rules see only what a host could have drawn; a record
//! that doesn't fit is reported by [`Recorded::fits`].

use alloc::vec::Vec;

use crate::Draw;

/// A list of values, answered in order.
#[derive(Clone, Debug)]
pub struct Recorded<'a> {
    values: &'a [u64],
    asked: Vec<(u64, u64)>,
    fits: bool,
}

impl<'a> Recorded<'a> {
    /// Draws that answer `values` in order, over all streams.
    #[must_use]
    pub fn new(values: &'a [u64]) -> Self {
        Self { values, asked: Vec::new(), fits: true }
    }

    /// Stream and bound of every draw so far, in order.
    #[must_use]
    pub fn bounds(&self) -> &[(u64, u64)] {
        &self.asked
    }

    /// True when every value was asked for, none more, and each was below its bound.
    #[must_use]
    pub fn fits(&self) -> bool {
        self.fits && self.values.is_empty()
    }
}

impl Draw for Recorded<'_> {
    fn below(&mut self, stream: u64, bound: u64) -> u64 {
        self.asked.push((stream, bound));
        let value = match self.values.split_first() {
            Some((value, rest)) => {
                self.values = rest;
                *value
            }
            None => {
                self.fits = false;
                0
            }
        };
        if value >= bound {
            self.fits = false;
        }
        value.checked_rem(bound).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_fits_when_every_value_is_asked_for_within_its_bound() {
        let mut draws = Recorded::new(&[3, 1]);
        assert_eq!((draws.below(0, 4), draws.fits()), (3, false));
        assert_eq!((draws.below(1, 2), draws.fits()), (1, true));
        assert_eq!(draws.bounds(), [(0, 4), (1, 2)]);
    }

    #[test]
    fn a_value_outside_its_bound_a_missing_value_and_a_zero_bound_are_seen() {
        for (values, bound) in [(vec![4], 4), (vec![], 4), (vec![0], 0)] {
            let mut draws = Recorded::new(&values);
            assert_eq!(draws.below(0, bound), 0);
            assert!(!draws.fits());
        }
    }
}
