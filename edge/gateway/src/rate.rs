//! How many frames a connection may send: a bucket that fills steadily and holds a burst. Whole numbers, and time is an argument.

use std::time::Duration;

/// One connection's bucket. A frame costs a second's worth of nanoseconds; the bucket gains the rate each nanosecond.
#[derive(Debug)]
pub(crate) struct Bucket {
    per_second: u128,
    full: u128,
    level: u128,
    at: Duration,
}

const FRAME: u128 = 1_000_000_000;

impl Bucket {
    pub(crate) fn full(per_second: u32, burst: u32, now: Duration) -> Self {
        let full = u128::from(burst.max(1)) * FRAME;
        Self { per_second: u128::from(per_second), full, level: full, at: now }
    }

    /// Whether one more frame is allowed at `now`; if so it is counted.
    pub(crate) fn take(&mut self, now: Duration) -> bool {
        let gained = now.saturating_sub(self.at).as_nanos().saturating_mul(self.per_second);
        self.level = self.level.saturating_add(gained).min(self.full);
        self.at = self.at.max(now);
        match self.level.checked_sub(FRAME) {
            Some(level) => {
                self.level = level;
                true
            }
            None => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_burst_passes_and_then_the_rate() {
        let mut bucket = Bucket::full(10, 3, Duration::ZERO);
        let at = Duration::from_millis;
        assert_eq!([0, 0, 0, 0].map(|ms| bucket.take(at(ms))), [true, true, true, false]);
        assert_eq!([99, 100, 150, 200].map(|ms| bucket.take(at(ms))), [false, true, false, true]);
    }

    proptest! {
        #[test]
        fn never_more_than_burst_plus_rate(rate in 1u32..100, burst in 1u32..50, gaps in proptest::collection::vec(0u64..50, 1..300)) {
            let mut bucket = Bucket::full(rate, burst, Duration::ZERO);
            let (mut now_ms, mut passed) = (0u64, 0u64);
            for gap in gaps {
                now_ms += gap;
                passed += u64::from(bucket.take(Duration::from_millis(now_ms)));
                prop_assert!(passed <= u64::from(burst) + u64::from(rate) * now_ms / 1_000);
            }
        }
    }
}
