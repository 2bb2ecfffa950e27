//! The process's Prometheus recorder.
//!
//! Counters, gauges and histograms are written with the `metrics` macros under the constants of [`crate::names`]. Histogram
//! samples are kept until the next [`Metrics::render`] or [`Metrics::upkeep`]; [`crate::serve_ops`] does the upkeep.

use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

use crate::TelemetryError;

/// Upper bounds of the latency histograms' buckets, seconds: finest around one local durable append (0.25 ms).
const LATENCY_BUCKETS: &[f64] = &[
    0.000_05, 0.000_1, 0.000_2, 0.000_3, 0.000_5, 0.000_75, 0.001, 0.001_5, 0.002, 0.003, 0.005, 0.0075, 0.01, 0.02,
    0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0,
];

/// Reads what the process counted.
#[derive(Clone, Debug)]
pub struct Metrics {
    handle: PrometheusHandle,
}

impl Metrics {
    /// Installs the process's recorder.
    ///
    /// # Errors
    /// [`TelemetryError::Recorder`] when there is one already.
    pub fn install() -> Result<Self, TelemetryError> {
        let handle = PrometheusBuilder::new().set_buckets(LATENCY_BUCKETS)?.install_recorder()?;
        crate::names::describe();
        Ok(Self { handle })
    }

    /// A reader that belongs to no process-wide recorder, for tests that run beside each other.
    #[must_use]
    pub fn detached() -> Self {
        Self { handle: PrometheusBuilder::new().build_recorder().handle() }
    }

    /// All of it in Prometheus' text format.
    #[must_use]
    pub fn render(&self) -> String {
        self.handle.render()
    }

    /// Folds pending histogram samples into their buckets, so that memory does not grow when nobody scrapes.
    pub fn upkeep(&self) {
        self.handle.run_upkeep();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_counted_is_rendered_with_its_buckets() {
        let metrics = Metrics::install().unwrap();
        ::metrics::counter!(crate::names::REFUSALS, "code" => "too_soon").increment(2);
        ::metrics::histogram!(crate::names::DEAL_SECONDS).record(0.000_4);
        metrics.upkeep();
        let text = metrics.render();
        assert!(text.contains("house_refusals_total{code=\"too_soon\"} 2"), "{text}");
        assert!(text.contains("house_deal_seconds_bucket{le=\"0.0005\"} 1"), "{text}");
        assert!(Metrics::install().is_err());
    }
}
