//! How long something took, into a histogram.

use std::time::{Duration, Instant};

/// A running stopwatch on the monotonic clock. Never for a time that goes into a record.
#[derive(Clone, Copy, Debug)]
pub struct Timer {
    start: Instant,
}

impl Timer {
    /// Starts it.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "latencies are measured here and nowhere else")]
    pub fn start() -> Self {
        Self { start: Instant::now() }
    }

    /// Time since the start.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.start.elapsed()
    }

    /// Adds the time since the start to the histogram `name` of [`crate::names`], in seconds.
    pub fn record(&self, name: &'static str) {
        metrics::histogram!(name).record(self.elapsed().as_secs_f64());
    }

    /// The same with one label.
    pub fn record_with(&self, name: &'static str, key: &'static str, value: &'static str) {
        metrics::histogram!(name, key => value).record(self.elapsed().as_secs_f64());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_passes() {
        let timer = Timer::start();
        let first = timer.elapsed();
        assert!(timer.elapsed() >= first);
    }
}
