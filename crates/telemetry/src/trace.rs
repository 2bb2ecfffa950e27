//! W3C trace context: one id from a client's frame to the ledger's posting.
//!
//! Ids tell requests apart in logs; they decide nothing and need not be secret. They come from a counter under a key that the
//! process drew at its start, so two processes don't meet.

use std::collections::hash_map::RandomState;
use std::fmt;
use std::hash::BuildHasher;
use std::str::FromStr;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// A trace and the span within it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Trace {
    trace_id: u128,
    span_id: u64,
}

/// The text is no `traceparent` of version 00.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a traceparent")]
pub struct TraceError;

/// 64 bits that don't repeat within a process, and hardly between two.
fn fresh() -> u64 {
    static KEYS: OnceLock<RandomState> = OnceLock::new();
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let keys = KEYS.get_or_init(RandomState::new);
    keys.hash_one(NEXT.fetch_add(1, Ordering::Relaxed)).max(1)
}

impl Trace {
    /// The header that carries a trace, in HTTP and NATS alike.
    pub const HEADER: &'static str = "traceparent";

    /// The beginning of a trace of its own.
    #[must_use]
    pub fn root() -> Self {
        let high = u128::from(fresh()) << 64;
        Self { trace_id: high | u128::from(fresh()), span_id: fresh() }
    }

    /// The trace with these 24 bytes of chance: for callers that have their own.
    #[must_use]
    pub fn new(random: [u8; 24]) -> Self {
        let (mut trace_id, mut span_id) = (0u128, 0u64);
        for byte in random.iter().take(16) {
            trace_id = trace_id << 8 | u128::from(*byte);
        }
        for byte in random.iter().skip(16) {
            span_id = span_id << 8 | u64::from(*byte);
        }
        Self { trace_id: trace_id.max(1), span_id: span_id.max(1) }
    }

    /// A further step of the same trace.
    #[must_use]
    pub fn child(&self) -> Self {
        Self { trace_id: self.trace_id, span_id: fresh() }
    }

    /// The trace in a header, or a new one when there is none that can be read.
    #[must_use]
    pub fn of_header(text: Option<&str>) -> Self {
        text.and_then(|text| text.parse().ok()).unwrap_or_else(Self::root)
    }

    /// The id that all steps share: 32 hex digits, for logs.
    #[must_use]
    pub fn trace_id(&self) -> String {
        format!("{:032x}", self.trace_id)
    }

    /// The header's value, 55 characters.
    #[must_use]
    pub fn to_traceparent(&self) -> String {
        format!("00-{:032x}-{:016x}-01", self.trace_id, self.span_id)
    }

    /// Reads a header's value.
    ///
    /// # Errors
    /// [`TraceError`] when it is none of version 00.
    pub fn parse(text: &str) -> Result<Self, TraceError> {
        let mut parts = text.split('-');
        let mut part = |length: usize| {
            let hex =
                |text: &&str| text.len() == length && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
            parts.next().filter(hex).ok_or(TraceError)
        };
        let (version, trace_id, span_id, _flags) = (part(2)?, part(32)?, part(16)?, part(2)?);
        if version != "00" || parts.next().is_some() {
            return Err(TraceError);
        }
        let trace_id = u128::from_str_radix(trace_id, 16).map_err(|_| TraceError)?;
        let span_id = u64::from_str_radix(span_id, 16).map_err(|_| TraceError)?;
        if trace_id == 0 || span_id == 0 { Err(TraceError) } else { Ok(Self { trace_id, span_id }) }
    }
}

impl FromStr for Trace {
    type Err = TraceError;

    fn from_str(text: &str) -> Result<Self, TraceError> {
        Self::parse(text)
    }
}

impl fmt::Display for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_traceparent())
    }
}

impl fmt::Debug for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trace_reads_back_what_it_writes_and_its_child_shares_its_id() {
        let trace = Trace::root();
        assert_eq!(Trace::parse(&trace.to_traceparent()), Ok(trace));
        let child = trace.child();
        assert_eq!(child.trace_id(), trace.trace_id());
        assert_ne!(child, trace);
        assert_ne!(Trace::root().trace_id(), trace.trace_id());
    }

    #[test]
    fn the_standards_example_is_read_and_malformed_ones_are_not() {
        let example = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        assert_eq!(Trace::parse(example).unwrap().to_traceparent(), example);
        for bad in [
            "",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
            "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-+0f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-x",
        ] {
            assert_eq!(Trace::parse(bad), Err(TraceError), "{bad:?}");
        }
    }

    #[test]
    fn chance_of_zeros_still_makes_a_valid_trace() {
        let trace = Trace::new([0; 24]);
        assert_eq!(Trace::parse(&trace.to_traceparent()), Ok(trace));
    }
}
