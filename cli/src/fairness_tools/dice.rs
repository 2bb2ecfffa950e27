//! Reproducible random inputs for vectors and collections: fair1's own draws under a key made from the caller's seed.
//!
//! Promise: the same seed and number give the same inputs on every machine. Not for real leases: anybody can repeat them.

use fairness::{DrawError, Draws, RoundKey, sha256};

/// Random inputs of one vector or one lease.
pub(crate) struct Dice(Draws);

/// SHA-256 of what the caller calls the seed, of a purpose and of a number.
pub(crate) fn key(seed: &str, purpose: &str, number: u64) -> [u8; 32] {
    sha256(&[&sha256(&[seed.as_bytes()]), &sha256(&[purpose.as_bytes()]), &number.to_be_bytes()])
}

impl Dice {
    pub(crate) fn new(seed: &str, purpose: &str, number: u64) -> Self {
        Self(Draws::new(RoundKey::from_bytes(key(seed, purpose, number))))
    }

    pub(crate) fn below(&mut self, n: u64) -> Result<u64, DrawError> {
        self.0.below(0, n)
    }

    pub(crate) fn pick<T: Copy>(&mut self, items: &[T]) -> Result<T, DrawError> {
        let index = self.below(u64::try_from(items.len()).unwrap_or(0))?;
        usize::try_from(index).ok().and_then(|index| items.get(index)).copied().ok_or(DrawError::ZeroBound)
    }

    pub(crate) fn bytes<const N: usize>(&mut self) -> Result<[u8; N], DrawError> {
        let mut bytes = [0; N];
        for byte in &mut bytes {
            *byte = u8::try_from(self.below(256)?).unwrap_or(0);
        }
        Ok(bytes)
    }

    pub(crate) fn some_bytes(&mut self, least: u64, most: u64) -> Result<Vec<u8>, DrawError> {
        let length = least + self.below(most - least + 1)?;
        (0..length).map(|_| Ok(u8::try_from(self.below(256)?).unwrap_or(0))).collect()
    }

    /// Any number, of any size: the corners, or a uniform one of up to 64 bits.
    pub(crate) fn number(&mut self) -> Result<u64, DrawError> {
        if self.below(3)? == 0 {
            return self.pick(&[
                0,
                1,
                2,
                255,
                256,
                1 << 31,
                1 << 32,
                (1 << 53) - 1,
                1 << 53,
                (1 << 53) + 1,
                1 << 63,
                u64::MAX,
            ]);
        }
        let bits = self.below(64)?;
        Ok(self.below(u64::MAX)? >> bits)
    }

    /// Any bound that can be drawn below.
    pub(crate) fn bound(&mut self) -> Result<u64, DrawError> {
        if self.below(3)? == 0 {
            return self.pick(&[
                1,
                2,
                3,
                6,
                37,
                52,
                10_000,
                1 << 32,
                1 << 52,
                1 << 63,
                (1 << 63) + 1,
                u64::MAX - 1,
                u64::MAX,
            ]);
        }
        Ok(self.number()?.max(1))
    }
}
