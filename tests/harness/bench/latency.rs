//! Latencies of one side of a comparison: a histogram a repeat, and the medians of the repeats' percentiles.

use std::time::Duration;

use anyhow::{Context, Result};
use hdrhistogram::Histogram;

use super::report::{count, median};

/// Repeats of one measurement.
#[derive(Clone, Debug, Default)]
pub(super) struct Latencies {
    repeats: Vec<Histogram<u64>>,
}

/// Latencies of one repeat.
pub(super) fn repeat(latencies: impl IntoIterator<Item = Duration>) -> Result<Histogram<u64>> {
    let mut histogram = Histogram::new(3).context("histogram")?;
    for latency in latencies {
        histogram.record(u64::try_from(latency.as_nanos())?)?;
    }
    Ok(histogram)
}

impl Latencies {
    pub(super) fn push(&mut self, repeat: Histogram<u64>) {
        self.repeats.push(repeat);
    }

    /// The median of the repeats' values at `quantile`, microseconds.
    pub(super) fn micros(&self, quantile: f64) -> f64 {
        let of = |repeat: &Histogram<u64>| count(repeat.value_at_quantile(quantile)) / 1_000.0;
        median(&self.repeats.iter().map(of).collect::<Vec<_>>())
    }

    /// Values in all.
    pub(super) fn len(&self) -> u64 {
        self.repeats.iter().map(Histogram::len).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_bad_repeat_does_not_move_the_median_of_three() {
        let mut latencies = Latencies::default();
        for base in [100, 100_000, 110] {
            latencies.push(repeat((1..=100).map(|n| Duration::from_micros(base + n))).unwrap());
        }
        let p50 = latencies.micros(0.5);
        assert!((155.0..165.0).contains(&p50), "{p50}");
        assert_eq!(latencies.len(), 300);
    }
}
