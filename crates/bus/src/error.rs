//! What may go wrong on the bus, and whether asking again can help.

use wire::DecodeError;

/// Why a request, a read or a set-up failed.
#[derive(Debug, thiserror::Error)]
pub enum BusError {
    /// The server could not be reached in time.
    #[error("no connection to {url}: {source}")]
    Connect {
        /// Where.
        url: String,
        /// Why.
        source: async_nats::Error,
    },
    /// The server refused the user or the password.
    #[error("{url} refuses the credentials of user {user:?}")]
    Credentials {
        /// Where.
        url: String,
        /// Who.
        user: Option<String>,
    },
    /// Nobody listens on the subject: nothing happened.
    #[error("nobody answers on {0}")]
    NoResponders(String),
    /// No answer in time: what happened is unknown.
    #[error("no answer on {0} in time")]
    Timeout(String),
    /// The message is larger than the server takes.
    #[error("message for {0} is too long")]
    TooLong(String),
    /// The answer can't be read.
    #[error("answer can't be read: {0}")]
    Decode(#[from] DecodeError),
    /// The stream, consumer, bucket or object does not exist.
    #[error("{0} does not exist")]
    NotFound(String),
    /// The key changed since the revision that the caller knows.
    #[error("key {0} was changed by somebody else")]
    WrongRevision(String),
    /// The message did not come back in order, even after starting over.
    #[error("consumer {0} does not deliver in order: does another process use it?")]
    OutOfOrder(String),
    /// The server says no.
    #[error("{doing}: {source}")]
    Nats {
        /// What was tried.
        doing: String,
        /// The library's error.
        source: async_nats::Error,
    },
}

impl BusError {
    /// Whether the same call may succeed later.
    #[must_use]
    pub const fn is_retryable(&self) -> bool {
        matches!(
            self,
            Self::Connect { .. } | Self::NoResponders(_) | Self::Timeout(_) | Self::OutOfOrder(_) | Self::Nats { .. }
        )
    }

    /// The library's error with what was tried.
    pub(crate) fn nats(doing: impl Into<String>, source: impl Into<async_nats::Error>) -> Self {
        Self::Nats { doing: doing.into(), source: source.into() }
    }

    /// The library's request error, by its kind.
    pub(crate) fn request(subject: &str, error: async_nats::RequestError) -> Self {
        use async_nats::RequestErrorKind as Kind;
        match error.kind() {
            Kind::TimedOut => Self::Timeout(subject.to_owned()),
            Kind::NoResponders => Self::NoResponders(subject.to_owned()),
            Kind::MaxPayloadExceeded => Self::TooLong(subject.to_owned()),
            _ => Self::nats(format!("request on {subject}"), error),
        }
    }
}

/// Why an append is not known to stand.
#[derive(Debug, thiserror::Error)]
pub enum AppendError {
    /// Something else stands where the message should: nothing was written.
    #[error("{subject} has grown: expected {expected} as its last sequence")]
    WrongLast {
        /// The subject.
        subject: String,
        /// What the caller expected, 0 for an empty subject.
        expected: u64,
    },
    /// The stream takes no more: nothing was written.
    #[error("the stream of {0} is full")]
    Full(String),
    /// The message is larger than the server takes: nothing was written.
    #[error("message for {0} is too long")]
    TooLong(String),
    /// No stream takes the subject, or it has no leader: nothing was written.
    #[error("no stream takes {0} now")]
    Unavailable(String),
    /// No answer: it may stand, or may still come to stand. Send the same again, or read the log.
    #[error("whether {0} was appended is unknown")]
    Unknown(String),
    /// The server says no for another reason: nothing was written.
    #[error("append to {subject}: {source}")]
    Rejected {
        /// The subject.
        subject: String,
        /// The server's reason.
        source: async_nats::Error,
    },
}

impl AppendError {
    /// Whether nothing was written, for sure.
    #[must_use]
    pub const fn is_definite(&self) -> bool {
        !matches!(self, Self::Unknown(_))
    }
}
