//! The answer to a request over NATS: done, refused (the player's doing) or failed (ours; the same request may be retried).

use serde::{Deserialize, Serialize};

use super::refusal::{Refusal, RefusalCode};

/// One answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reply<T> {
    /// What was asked for.
    Done(T),
    /// The asker may not have it; nothing happened.
    Refused(Refusal),
    /// Infrastructure failed. The outcome may be unknown: ask again with the same content.
    Failed(String),
}

impl<T> Reply<T> {
    /// The content, or the refusal a player is shown: a failure becomes the retryable [`RefusalCode::Unavailable`].
    ///
    /// # Errors
    /// The refusal.
    pub fn into_result(self) -> Result<T, Refusal> {
        match self {
            Self::Done(content) => Ok(content),
            Self::Refused(refusal) => Err(refusal),
            Self::Failed(reason) => Err(RefusalCode::Unavailable.because(reason)),
        }
    }
}

impl<T> From<Result<T, Refusal>> for Reply<T> {
    fn from(result: Result<T, Refusal>) -> Self {
        match result {
            Ok(content) => Self::Done(content),
            Err(refusal) => Self::Refused(refusal),
        }
    }
}
