//! What a bench found: raw figures, then one check a target. One JSON line, or a small table for people.

use std::collections::BTreeMap;
use std::time::Duration;

use comfy_table::{Table, presets};
use serde::Serialize;

/// The result of one bench.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The bench's name.
    bench: &'static str,
    /// Raw figures of both sides of each ratio; the unit is the end of the name.
    figures: BTreeMap<String, f64>,
    /// One a target.
    checks: Vec<Check>,
    /// What a reader of the table should know; no part of the JSON.
    #[serde(skip)]
    notes: Vec<String>,
}

/// A target and what was measured. Its name ends in `at_least` or `at_most`.
#[derive(Clone, Debug, PartialEq, Serialize)]
struct Check {
    name: String,
    value: f64,
    limit: f64,
    ok: bool,
}

impl Report {
    /// A report without figures.
    #[must_use]
    pub fn new(bench: &'static str) -> Self {
        Self { bench, figures: BTreeMap::new(), checks: Vec::new(), notes: Vec::new() }
    }

    /// Notes a figure.
    pub fn figure(&mut self, name: impl Into<String>, value: f64) {
        self.figures.insert(name.into(), rounded(value));
    }

    /// Notes a target that `value` has to reach.
    pub fn at_least(&mut self, name: &str, value: f64, limit: f64) {
        self.check(format!("{name}.at_least"), value, limit, value >= limit);
    }

    /// Notes a target that `value` must not exceed.
    pub fn at_most(&mut self, name: &str, value: f64, limit: f64) {
        self.check(format!("{name}.at_most"), value, limit, value <= limit);
    }

    /// Notes a sentence for the table.
    pub fn note(&mut self, sentence: impl Into<String>) {
        self.notes.push(sentence.into());
    }

    fn check(&mut self, name: String, value: f64, limit: f64, ok: bool) {
        self.checks.push(Check { name, value: rounded(value), limit, ok });
    }

    /// Whether every target is met.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.checks.iter().all(|check| check.ok)
    }

    /// One line of JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Two tables and the notes.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut figures = table(["figure", "value"]);
        for (name, value) in &self.figures {
            figures.add_row([name.clone(), value.to_string()]);
        }
        let mut checks = table(["check", "value", "limit", ""]);
        for check in &self.checks {
            let verdict = if check.ok { "ok" } else { "MISSED" };
            checks.add_row([check.name.clone(), check.value.to_string(), check.limit.to_string(), verdict.to_owned()]);
        }
        let notes: String = self.notes.iter().map(|note| format!("\n{note}")).collect();
        format!("bench {}\n{figures}\n{checks}{notes}", self.bench)
    }
}

fn table<const N: usize>(header: [&str; N]) -> Table {
    let mut table = Table::new();
    table.load_preset(presets::UTF8_BORDERS_ONLY).set_header(header);
    table
}

/// Three decimals: no measurement here is better.
fn rounded(value: f64) -> f64 {
    (value * 1_000.0).round() / 1_000.0
}

/// A count as a figure. Exact up to 2^53.
#[must_use]
pub(super) fn count(count: u64) -> f64 {
    let (high, low) = (u32::try_from(count >> 32).unwrap_or(0), u32::try_from(count & 0xFFFF_FFFF).unwrap_or(0));
    f64::from(high) * 4_294_967_296.0 + f64::from(low)
}

/// `count` things in `time`, a second.
#[must_use]
pub(super) fn rate(things: u64, time: Duration) -> f64 {
    count(things) / time.as_secs_f64().max(f64::MIN_POSITIVE)
}

/// The middle value; of an even number of values the lower of the two in the middle, so that it was measured. 0 of none.
#[must_use]
pub(super) fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len().saturating_sub(1) / 2).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_missed_target_makes_the_report_bad_and_shows_in_both_forms() {
        let mut report = Report::new("sandbox");
        report.figure("fresh_deals_per_s", 151_234.567_89);
        report.at_least("fresh_deals_per_s", 151_234.567_89, 150_000.0);
        assert!(report.is_good());
        report.at_most("ratio", 20.000_6, 20.0);
        assert!(!report.is_good());
        let json: serde_json::Value = serde_json::from_str(&report.to_json()).unwrap();
        let expected = serde_json::json!({
            "bench": "sandbox",
            "figures": { "fresh_deals_per_s": 151_234.568 },
            "checks": [
                { "name": "fresh_deals_per_s.at_least", "value": 151_234.568, "limit": 150_000.0, "ok": true },
                { "name": "ratio.at_most", "value": 20.001, "limit": 20.0, "ok": false },
            ],
        });
        assert_eq!(json, expected);
        assert!(report.to_text().contains("MISSED"));
    }

    #[test]
    fn a_median_is_a_value_that_was_measured() {
        assert_eq!(median(&[3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(&[4.0, 1.0, 2.0, 3.0]), 2.0);
        assert_eq!(median(&[]), 0.0);
    }

    #[test]
    fn counts_beyond_32_bits_stay_exact() {
        assert_eq!(count(0), 0.0);
        assert_eq!(count((1 << 52) + 1), 4_503_599_627_370_497.0);
    }
}
