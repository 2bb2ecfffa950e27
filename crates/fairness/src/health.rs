//! Continuous health tests of a raw entropy source: NIST SP 800-90B sections 4.4.1 (repetition count) and 4.4.2 (adaptive
//! proportion), on bytes.
//!
//! Promise: a source stuck on a value, or one that gives a value far too often, is refused; a healthy source is refused with a
//! chance under 2^-30 a test. Cutoffs assume only one bit of entropy a byte (H = 1), so a weak source that still works passes.
//! Cost: a comparison or two a byte. What may go wrong: after a failure the source must not be used for new seeds; the state says
//! so until it is made anew.

use thiserror::Error;

/// C = 1 + ceil(30 / H) with H = 1 and a false alarm rate of 2^-30.
const REPETITION_CUTOFF: u32 = 31;
/// W for a source that is not binary.
const WINDOW: u32 = 512;
/// C = 1 + critbinom(512, 2^-H, 1 - 2^-30) with H = 1.
const PROPORTION_CUTOFF: u32 = 325;

/// Which test failed.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum HealthError {
    /// Too many equal bytes in a row.
    #[error("the entropy source repeated one byte {REPETITION_CUTOFF} times")]
    Repetition,
    /// One byte too often in a window.
    #[error("the entropy source gave one byte {PROPORTION_CUTOFF} times in {WINDOW}")]
    Proportion,
}

/// Both tests over one source's bytes, in the order in which it gave them.
#[derive(Clone, Debug, Default)]
pub struct SourceHealth {
    last: Option<u8>,
    run: u32,
    window_byte: u8,
    window_seen: u32,
    window_hits: u32,
    failed: Option<HealthError>,
}

impl SourceHealth {
    /// A source that gave nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next bytes of the source.
    ///
    /// # Errors
    /// The test that failed, at these bytes or at any before.
    pub fn observe(&mut self, bytes: &[u8]) -> Result<(), HealthError> {
        for byte in bytes {
            self.repetition(*byte);
            self.proportion(*byte);
        }
        self.failed.map_or(Ok(()), Err)
    }

    fn repetition(&mut self, byte: u8) {
        self.run = if self.last == Some(byte) { self.run.saturating_add(1) } else { 1 };
        self.last = Some(byte);
        if self.run >= REPETITION_CUTOFF {
            self.failed.get_or_insert(HealthError::Repetition);
        }
    }

    fn proportion(&mut self, byte: u8) {
        if self.window_seen == 0 {
            self.window_byte = byte;
            self.window_hits = 0;
        }
        self.window_seen += 1;
        if byte == self.window_byte {
            self.window_hits += 1;
        }
        if self.window_hits >= PROPORTION_CUTOFF {
            self.failed.get_or_insert(HealthError::Proportion);
        }
        if self.window_seen == WINDOW {
            self.window_seen = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thirty_equal_bytes_pass_and_thirty_one_fail() {
        assert_eq!(SourceHealth::new().observe(&[0xff; 30]), Ok(()));
        assert_eq!(SourceHealth::new().observe(&[0xff; 31]), Err(HealthError::Repetition));
    }

    #[test]
    fn a_run_is_counted_across_calls() {
        let mut health = SourceHealth::new();
        assert_eq!(health.observe(&[1; 16]), Ok(()));
        assert_eq!(health.observe(&[1; 14]), Ok(()));
        assert_eq!(health.observe(&[1]), Err(HealthError::Repetition));
    }

    #[test]
    fn a_byte_that_comes_325_times_in_a_window_fails_and_324_times_passes() {
        let window = |hits: usize| -> Vec<u8> {
            // Hits spread so that no run is long: two hits, one other, then others only.
            let mut left = hits;
            let bytes = (0..512).map(|i| {
                let hit = left > 0 && i % 3 != 2;
                left -= usize::from(hit);
                if hit { 7 } else { 100 + u8::try_from(i % 100).unwrap() }
            });
            bytes.collect()
        };
        assert_eq!(SourceHealth::new().observe(&window(324)), Ok(()));
        assert_eq!(SourceHealth::new().observe(&window(325)), Err(HealthError::Proportion));
    }

    #[test]
    fn a_new_window_starts_its_own_count() {
        let mut health = SourceHealth::new();
        for _ in 0..20 {
            let half: Vec<u8> =
                (0..512u32).map(|i| if i % 2 == 0 { 7 } else { u8::try_from(i % 251).unwrap() }).collect();
            assert_eq!(health.observe(&half), Ok(()));
        }
    }

    #[test]
    fn a_failed_source_stays_failed() {
        let mut health = SourceHealth::new();
        assert!(health.observe(&[0; 40]).is_err());
        assert_eq!(health.observe(&[1, 2, 3]), Err(HealthError::Repetition));
    }
}
