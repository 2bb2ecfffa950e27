//! What xtask says. The only file that writes to the terminal: plain lines, and a spinner where a person watches.
use indicatif::{ProgressBar, ProgressStyle};
use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

/// One line to standard output. A closed pipe is no reason to fail a build.
pub(crate) fn line(text: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{text}");
}

/// One line to standard error.
pub(crate) fn note(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// The one line that names what went wrong.
pub(crate) fn error(text: &str) {
    note(&format!("error: {text}"));
}

/// Seconds since a step began, for people; nothing is decided by it but a download's time limit.
#[derive(Clone, Copy)]
pub(crate) struct Stopwatch(Instant);

impl Stopwatch {
    #[expect(clippy::disallowed_methods, reason = "a build tool's own stopwatch: replayed code never sees it")]
    pub(crate) fn start() -> Self {
        Self(Instant::now())
    }

    pub(crate) fn elapsed(self) -> Duration {
        self.0.elapsed()
    }

    /// `12.3 s`
    pub(crate) fn reading(self) -> String {
        let ms = self.0.elapsed().as_millis();
        format!("{}.{} s", ms / 1000, ms % 1000 / 100)
    }
}

/// A running step: a spinner on a terminal, two plain lines elsewhere.
pub(crate) struct Progress {
    name: String,
    bar: Option<ProgressBar>,
    watch: Stopwatch,
}

impl Progress {
    pub(crate) fn start(name: &str) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| spinner(name));
        if bar.is_none() {
            note(&format!("{name} ..."));
        }
        Self { name: name.to_owned(), bar, watch: Stopwatch::start() }
    }

    /// Shows the child's latest line beside the spinner.
    pub(crate) fn says(&self, text: &str) {
        if let Some(bar) = &self.bar {
            bar.set_message(text.chars().take(90).collect::<String>());
        }
    }

    pub(crate) fn done(self) {
        self.end("done");
    }

    pub(crate) fn failed(self) {
        self.end("FAILED");
    }

    fn end(self, verdict: &str) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        note(&format!("{}: {verdict}, {}", self.name, self.watch.reading()));
    }
}

fn spinner(name: &str) -> ProgressBar {
    let bar = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {prefix} {elapsed} {msg:.dim}") {
        bar.set_style(style);
    }
    bar.set_prefix(name.to_owned());
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
}
