//! Logs, metrics, trace context and the operator's endpoints.
//!
//! Promise: every process logs one JSON object a line, counts under the names of [`names`], and answers `/livez`, `/readyz`,
//! `/metrics` and `/version` on its operator's listener. One [`Trace`] goes from a client's frame over NATS headers to the
//! ledger's posting. Cost: a histogram sample is an atomic push, a log line one formatted string.
//! What may go wrong: [`TelemetryError`] at start, when something else has taken the process's logger or recorder already.

mod logs;
mod metrics;
pub mod names;
mod ops;
mod readiness;
mod timer;
mod trace;

pub use logs::{Config, init};
pub use metrics::Metrics;
pub use ops::{Version, ops_router, serve_ops};
pub use readiness::{Flag, Readiness};
pub use timer::Timer;
pub use trace::{Trace, TraceError};

/// Why observation could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// The level is no filter of tracing-subscriber, such as `info` or `info,bus=debug`.
    #[error("log level {0:?} is no filter")]
    Level(String),
    /// The process has a logger already.
    #[error("logging is set up already")]
    Logger(#[from] tracing_subscriber::util::TryInitError),
    /// The process has a recorder already, or the buckets were refused.
    #[error("metrics can't be set up: {0}")]
    Recorder(#[from] metrics_exporter_prometheus::BuildError),
}
