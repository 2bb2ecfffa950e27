//! What a request comes to, when it is not done: refused (the asker's doing), or failed (ours; the same may be asked again).

use telemetry::{Trace, names};
use wire::v1::{RefusalCode, Reply};

use crate::{Denied, KeyError, LogError};

/// Why an action did not happen.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The asker may not have it.
    #[error("refused: {0}")]
    Refused(RefusalCode),
    /// We can't, now.
    #[error("{0}")]
    Failed(&'static str),
    /// The log can't be used now.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The lease's key does not open.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The core can't be asked.
    #[error("core: {0}")]
    Core(#[from] bus::BusError),
}

impl From<RefusalCode> for Failure {
    fn from(code: RefusalCode) -> Self {
        Self::Refused(code)
    }
}

impl From<Denied> for Failure {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::Refused(code) => Self::Refused(code),
            Denied::Conflict(what) => Self::Failed(what),
        }
    }
}

/// The answer on the wire, counted and logged here and nowhere else.
pub(crate) fn reply<A>(
    action: &'static str,
    lease: ids::LeaseId,
    trace: &Trace,
    result: Result<A, Failure>,
) -> Reply<A> {
    let failure = match result {
        Ok(answer) => return Reply::Done(answer),
        Err(failure) => failure,
    };
    let trace_id = trace.trace_id();
    match failure {
        Failure::Refused(code) => {
            metrics::counter!(names::REFUSALS, "code" => code.as_str()).increment(1);
            tracing::debug!(action, %lease, trace_id, %code, "refused");
            Reply::Refused(code.into())
        }
        Failure::Log(LogError::Fault(fault)) => {
            metrics::counter!(names::QUARANTINED).increment(1);
            tracing::error!(action, %lease, trace_id, %fault, "the lease's log does not fold: the lease stands still");
            Reply::Failed("the lease's log does not fold".to_owned())
        }
        other => {
            tracing::error!(action, %lease, trace_id, error = %other, "failed");
            Reply::Failed(other.to_string())
        }
    }
}
