//! The one source of chance of a run: ChaCha8 from the seed.

use money::Amount;
use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};

/// Chance from a seed.
pub(crate) struct Chance(ChaCha8Rng);

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    /// 0 up to `bound`, without it. A schedule need not be exactly uniform.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.0.next_u64() % bound.max(1)
    }

    /// A place in something of `len` places.
    pub(crate) fn place(&mut self, len: usize) -> usize {
        usize::try_from(self.below(u64::try_from(len).unwrap())).unwrap()
    }

    /// True `percent` times of a hundred.
    pub(crate) fn is(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    pub(crate) fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.0.fill_bytes(&mut bytes);
        bytes
    }

    /// `from` up to `to`, both included, minor units.
    pub(crate) fn amount(&mut self, from: i64, to: i64) -> Amount {
        let span = u64::try_from(to - from + 1).unwrap();
        Amount::from_minor(from + i64::try_from(self.below(span)).unwrap())
    }

    pub(crate) fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        if from.is_empty() { None } else { from.get(self.place(from.len())) }
    }
}
