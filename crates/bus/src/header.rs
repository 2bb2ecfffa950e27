//! Headers of our messages: the trace, and what JetStream adds.

use std::str::FromStr;

use async_nats::HeaderMap;
use async_nats::header::IntoHeaderName;
use telemetry::Trace;

/// Headers with the trace alone.
pub(crate) fn traced(trace: &Trace) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(Trace::HEADER, trace.to_traceparent());
    headers
}

/// The trace in the headers, or a new one.
pub(crate) fn trace_of(headers: Option<&HeaderMap>) -> Trace {
    Trace::of_header(headers.and_then(|headers| headers.get(Trace::HEADER)).map(|value| value.as_str()))
}

/// A header's value, parsed.
pub(crate) fn parsed<T: FromStr>(headers: Option<&HeaderMap>, name: impl IntoHeaderName) -> Option<T> {
    headers?.get(name)?.as_str().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trace_goes_through_headers_and_a_missing_one_begins_anew() {
        let trace = Trace::root();
        assert_eq!(trace_of(Some(&traced(&trace))), trace);
        assert_ne!(trace_of(None), trace_of(None));
        assert_eq!(parsed::<u64>(Some(&traced(&trace)), "Nats-Sequence"), None);
    }
}
