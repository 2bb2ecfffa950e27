//! Random bytes for the other rooms, from the one generator. Cost: a ChaCha20 block a 32 bytes, under a short lock.

use std::convert::Infallible;
use std::fmt;
use std::sync::Arc;

use parking_lot::Mutex;
use rand_core::{TryCryptoRng, TryRng};
use zeroize::{Zeroize, Zeroizing};

use crate::SeedsError;
use crate::generator::Generator;

/// A handle on the room's generator.
#[derive(Clone)]
pub struct Randomness(pub(crate) Arc<Mutex<Generator>>);

impl Randomness {
    /// `N` bytes that nobody else gets.
    ///
    /// # Errors
    /// [`SeedsError::NoRandomness`], [`SeedsError::Unhealthy`] or [`SeedsError::LogBehind`] when the generator can't go on.
    pub fn bytes<const N: usize>(&self) -> Result<[u8; N], SeedsError> {
        let mut bytes = [0; N];
        let mut generator = self.0.lock();
        for chunk in bytes.chunks_mut(32) {
            let output = generator.output()?;
            chunk.iter_mut().zip(output.iter()).for_each(|(to, from)| *to = *from);
        }
        Ok(bytes)
    }
}

impl fmt::Debug for Randomness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Randomness(..)")
    }
}

/// Bytes drawn beforehand, for a library that wants a generator that can't fail. Running dry is remembered.
pub(crate) struct Drawn {
    bytes: Zeroizing<[u8; 64]>,
    used: usize,
    dry: bool,
}

impl Drawn {
    pub(crate) fn new(bytes: [u8; 64]) -> Self {
        Self { bytes: Zeroizing::new(bytes), used: 0, dry: false }
    }

    /// Whether more was taken than was drawn: what was made from it must be thrown away.
    pub(crate) fn ran_dry(&self) -> bool {
        self.dry
    }

    fn take<const N: usize>(&mut self) -> [u8; N] {
        let mut taken = [0; N];
        self.fill(&mut taken);
        taken
    }

    fn fill(&mut self, destination: &mut [u8]) {
        let left = self.bytes.get_mut(self.used..).unwrap_or_default();
        self.dry |= left.len() < destination.len();
        for (to, from) in destination.iter_mut().zip(left) {
            *to = *from;
            from.zeroize();
        }
        self.used = self.used.saturating_add(destination.len());
    }
}

impl TryRng for Drawn {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(u32::from_le_bytes(self.take()))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(u64::from_le_bytes(self.take()))
    }

    fn try_fill_bytes(&mut self, destination: &mut [u8]) -> Result<(), Infallible> {
        self.fill(destination);
        Ok(())
    }
}

impl TryCryptoRng for Drawn {}

#[cfg(test)]
mod tests {
    use rand_core::Rng;

    use super::*;

    #[test]
    fn drawn_bytes_come_once_and_running_dry_shows() {
        let mut drawn = Drawn::new(std::array::from_fn(|i| u8::try_from(i).unwrap()));
        let mut first = [0; 60];
        drawn.fill_bytes(&mut first);
        assert_eq!((first[0], first[59], drawn.ran_dry()), (0, 59, false));
        assert_eq!(drawn.next_u32(), u32::from_le_bytes([60, 61, 62, 63]));
        assert!(!drawn.ran_dry());
        drawn.next_u32();
        assert!(drawn.ran_dry());
    }
}
