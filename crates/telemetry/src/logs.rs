//! JSON logs on standard output, one object a line, with the service's name first.
//!
//! The current span's fields are part of each line, so a `trace_id` set on a span stands in every line below it.

use std::fmt;

use tracing::{Event, Subscriber};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::format::{Format, Json, JsonFields, Writer};
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt;

use crate::TelemetryError;

/// How a process logs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// The process's name in each line.
    pub service: String,
    /// A filter such as `info` or `info,bus=debug`.
    pub level: String,
    /// JSON for machines, plain text for a person at a terminal.
    pub json: bool,
}

/// Sets up the process's logging. Once, before anything else.
///
/// # Errors
/// [`TelemetryError`] when the level is no filter or logging is set up already.
pub fn init(config: &Config) -> Result<(), TelemetryError> {
    let filter = EnvFilter::try_new(&config.level).map_err(|_| TelemetryError::Level(config.level.clone()))?;
    let registry = tracing_subscriber::registry().with(filter);
    if config.json {
        let lines = tracing_subscriber::fmt::layer().json().event_format(Named::new(&config.service));
        registry.with(lines).try_init()?;
    } else {
        registry.with(tracing_subscriber::fmt::layer().with_target(false)).try_init()?;
    }
    Ok(())
}

/// The library's JSON lines with one more field in front.
struct Named {
    start: String,
    inner: Format<Json>,
}

impl Named {
    fn new(service: &str) -> Self {
        let start = format!("{{\"service\":{},", serde_json::Value::from(service));
        let inner = tracing_subscriber::fmt::format().json().flatten_event(true).with_span_list(false);
        Self { start, inner }
    }
}

impl<S> FormatEvent<S, JsonFields> for Named
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    JsonFields: for<'a> FormatFields<'a>,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, JsonFields>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let mut line = String::new();
        self.inner.format_event(context, Writer::new(&mut line), event)?;
        writer.write_str(&self.start)?;
        writer.write_str(line.strip_prefix('{').unwrap_or(&line))
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_line_is_one_json_object_with_service_message_and_the_spans_trace() {
        let kept = Kept::default();
        let writer = kept.clone();
        let layer = tracing_subscriber::fmt::layer()
            .json()
            .event_format(Named::new("deal\"er"))
            .with_writer(move || writer.clone());
        tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), || {
            let span = tracing::info_span!("bind", trace_id = "abc");
            let _entered = span.enter();
            tracing::info!(deal = 7, "bound");
        });
        let text = String::from_utf8(kept.0.lock().unwrap().clone()).unwrap();
        let line: serde_json::Value = serde_json::from_str(text.trim_end()).unwrap();
        assert_eq!(
            (&line["service"], &line["message"], &line["deal"]),
            (&"deal\"er".into(), &"bound".into(), &7.into())
        );
        assert_eq!(line["span"]["trace_id"], "abc");
        assert_eq!(text.lines().count(), 1);
    }

    #[test]
    fn a_level_that_is_no_filter_is_refused() {
        let config = Config { service: "x".into(), level: "a=b=c".into(), json: true };
        assert!(matches!(init(&config), Err(TelemetryError::Level(_))));
    }
}
