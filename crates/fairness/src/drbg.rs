//! The generator behind lease seeds (fair1 section 1): fast key erasure over ChaCha20, reseeded by HMAC. A pure state machine;
//! the seeds room supplies entropy and time.
//!
//! Promise: an output can't be found again from a state that is stolen later, and no more than 2^16 outputs or 60 s share one
//! reseeding. Cost: one ChaCha20 block an output. What may go wrong: a request when a reseed is due is refused; a fork or a
//! resumed machine can't be seen from here, so the caller must reseed then. The cipher library keeps a copy of a state in a stack
//! frame which it does not wipe; the state that it held is replaced by then.

use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};
use thiserror::Error;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::hash::{Bytes32, RESEED, SEED, mac};
use crate::keys::Seed;

/// Outputs after which a reseed is due.
pub const RESEED_AFTER_OUTPUTS: u32 = 1 << 16;
/// Milliseconds after which a reseed is due.
pub const RESEED_AFTER_MS: u64 = 60_000;

/// A request came when new entropy was due.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("the generator must be reseeded before its next output")]
pub struct ReseedDue;

/// What goes into one reseeding; wiped when dropped.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct Entropy {
    /// 32 bytes of the operating system's generator.
    pub system: Bytes32,
    /// 32 bytes of the processor's generator, where there is one.
    pub processor: Option<Bytes32>,
    /// 32 bytes of timing jitter, where it is collected.
    pub jitter: Option<Bytes32>,
}

/// The generator's state, wiped when dropped.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct Drbg {
    state: Bytes32,
    reseeds: u64,
    outputs: u32,
    reseeded_ms: u64,
}

impl Drbg {
    /// A generator that was just reseeded from an all-zero state, its counter at 0.
    #[must_use]
    pub fn start(entropy: Entropy, now_ms: u64) -> Self {
        let mut drbg = Self { state: [0; 32], reseeds: 0, outputs: 0, reseeded_ms: now_ms };
        drbg.reseed(entropy, now_ms);
        drbg
    }

    /// state = MAC(state, L("fair1.reseed") || system || processor or zeros || jitter or zeros || counter u64).
    ///
    /// The counter is the number of reseedings before this one. `now_ms` is any clock that does not run backwards.
    pub fn reseed(&mut self, entropy: Entropy, now_ms: u64) {
        let zeros = [0; 32];
        let processor = entropy.processor.as_ref().unwrap_or(&zeros);
        let jitter = entropy.jitter.as_ref().unwrap_or(&zeros);
        self.state = mac(&self.state, &[&RESEED, &entropy.system, processor, jitter, &self.reseeds.to_be_bytes()]);
        self.reseeds = self.reseeds.wrapping_add(1);
        self.outputs = 0;
        self.reseeded_ms = now_ms;
    }

    /// Whether the next request would be refused; also when the clock went backwards.
    #[must_use]
    pub fn reseed_due(&self, now_ms: u64) -> bool {
        let fresh = now_ms.checked_sub(self.reseeded_ms).is_some_and(|age_ms| age_ms < RESEED_AFTER_MS);
        !fresh || self.outputs >= RESEED_AFTER_OUTPUTS
    }

    /// How often the generator was reseeded: what the log says of each reseeding.
    #[must_use]
    pub fn reseeds(&self) -> u64 {
        self.reseeds
    }

    /// 32 bytes: the second half of ChaCha20(state), whose first half becomes the state.
    ///
    /// # Errors
    /// [`ReseedDue`]; the state is unchanged.
    pub fn output(&mut self, now_ms: u64) -> Result<Zeroizing<Bytes32>, ReseedDue> {
        if self.reseed_due(now_ms) {
            return Err(ReseedDue);
        }
        let mut block = ChaCha20Rng::from_seed(self.state);
        let mut output = Zeroizing::new([0; 32]);
        block.fill_bytes(&mut self.state);
        block.fill_bytes(&mut *output);
        self.outputs += 1;
        Ok(output)
    }
}

/// S = MAC(output, L("fair1.seed") || system), with 32 fresh bytes of the operating system's generator.
#[must_use]
pub fn lease_seed(output: &Bytes32, system: &Bytes32) -> Seed {
    Seed::from_bytes(mac(output, &[&SEED, system]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entropy(byte: u8) -> Entropy {
        Entropy { system: [byte; 32], processor: None, jitter: None }
    }

    #[test]
    fn an_output_is_the_second_half_of_the_first_block_and_the_state_the_first() {
        // RFC 8439 appendix A.1, test vector 1: key, nonce and counter of zeros.
        let mut drbg = Drbg { state: [0; 32], reseeds: 1, outputs: 0, reseeded_ms: 0 };
        let output = drbg.output(0).unwrap();
        assert_eq!(hex::encode(drbg.state), "76b8e0ada0f13d90405d6ae55386bd28bdd219b8a08ded1aa836efcc8b770dc7");
        assert_eq!(hex::encode(*output), "da41597c5157488d7724e03fb8d84a376a43b8f41518a11cc387b669b2ee6586");
    }

    #[test]
    fn a_reseed_is_the_mac_of_the_page() {
        let mut drbg = Drbg::start(Entropy { system: [1; 32], processor: Some([2; 32]), jitter: Some([3; 32]) }, 0);
        let first = mac(&[0; 32], &[b"fair1.reseed\0\0\0\0", &[1; 32], &[2; 32], &[3; 32], &[0; 8]]);
        assert_eq!(drbg.state, first);
        drbg.reseed(entropy(4), 0);
        assert_eq!(drbg.state, mac(&first, &[b"fair1.reseed\0\0\0\0", &[4; 32], &[0; 64], &1u64.to_be_bytes()]));
        assert_eq!(drbg.reseeds(), 2);
    }

    #[test]
    fn no_output_comes_after_sixty_seconds_or_a_clock_gone_backwards() {
        let mut drbg = Drbg::start(entropy(1), 1_000);
        assert!(drbg.output(60_999).is_ok());
        assert_eq!(drbg.output(61_000).unwrap_err(), ReseedDue);
        assert_eq!(drbg.output(999).unwrap_err(), ReseedDue);
        drbg.reseed(entropy(2), 61_000);
        assert!(drbg.output(61_000).is_ok());
    }

    #[test]
    fn no_output_comes_after_65536_outputs() {
        let mut drbg = Drbg::start(entropy(1), 0);
        let outputs: std::collections::BTreeSet<Bytes32> = (0..65_536).map(|_| *drbg.output(0).unwrap()).collect();
        assert_eq!(outputs.len(), 65_536);
        assert_eq!(drbg.output(0).unwrap_err(), ReseedDue);
    }

    #[test]
    fn a_seed_depends_on_both_the_output_and_the_system() {
        let seed = *lease_seed(&[1; 32], &[2; 32]).as_bytes();
        assert_eq!(seed, mac(&[1; 32], &[b"fair1.seed\0\0\0\0\0\0", &[2; 32]]));
        assert_ne!(seed, *lease_seed(&[1; 32], &[3; 32]).as_bytes());
        assert_ne!(seed, *lease_seed(&[3; 32], &[2; 32]).as_bytes());
    }
}
