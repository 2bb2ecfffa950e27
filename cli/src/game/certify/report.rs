//! The report: one HTML file, nothing fetched, plots as SVG inside it.

use std::fmt::Write;

use serde_json::Value;

use super::ceilings::Bound;
use super::check::Check;
use super::plot;
use super::returns::Measured;
use crate::game::estimate::{percent, ratio};

const STYLE: &str = "body{font:15px/1.5 system-ui,sans-serif;max-width:60em;margin:2em auto;padding:0 1em;color:#1b1b1f}\
table{border-collapse:collapse;width:100%;margin:1em 0}td,th{border:1px solid #ccc;padding:.3em .6em;text-align:left;vertical-align:top}\
code,pre{font:13px/1.4 ui-monospace,monospace;overflow-wrap:anywhere;white-space:pre-wrap}.passed{color:#0a6b2d}.failed{color:#b00020}\
svg{width:100%;height:auto;margin:.5em 0}svg text{font:12px system-ui,sans-serif}";

/// What the report is of.
pub(super) struct Report<'a> {
    pub(super) certificate: &'a Value,
    pub(super) checks: &'a [Check],
    pub(super) bounds: &'a [Bound],
    pub(super) measured: &'a [Measured],
}

impl Report<'_> {
    /// The whole file.
    pub(super) fn html(&self) -> String {
        let text = |key: &str| escape(self.certificate.get(key).and_then(Value::as_str).unwrap_or_default());
        let title = format!("{} {}", text("title"), text("version"));
        let mut html = format!(
            "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}: certification</title>\
             <style>{STYLE}</style></head><body>\n<h1>{title}</h1>\n"
        );
        let passed = self.checks.iter().all(Check::passed);
        html.push_str(&verdict(passed, if passed { "Every check holds." } else { "Not certified: a check failed." }));
        self.identity(&mut html);
        self.checks_table(&mut html);
        self.plots(&mut html);
        html.push_str("</body></html>\n");
        html
    }

    fn identity(&self, html: &mut String) {
        html.push_str("<h2>What was certified</h2>\n<table>\n");
        for (name, key) in [
            ("Game", "game"),
            ("SHA-256 of the component", "digest"),
            ("Configuration", "params"),
            ("SHA-256 of the configuration", "params_hash"),
            ("Contract", "contract"),
            ("Engine", "engine"),
            ("Seed of the runs", "seed"),
            ("Deals of each run, nearly", "deals"),
        ] {
            let value = match self.certificate.get(key) {
                Some(Value::String(text)) => text.clone(),
                Some(other) => other.to_string(),
                None => String::new(),
            };
            push(html, format_args!("<tr><th>{name}</th><td><code>{}</code></td></tr>\n", escape(&value)));
        }
        html.push_str("</table>\n");
    }

    fn checks_table(&self, html: &mut String) {
        html.push_str("<h2>Checks</h2>\n<table>\n<tr><th>Check</th><th>Result</th><th>Found</th></tr>\n");
        for check in self.checks {
            let faults: String = check.faults.iter().map(|fault| verdict(false, &escape(fault))).collect();
            let found = serde_json::to_string_pretty(&check.found).unwrap_or_default();
            push(
                html,
                format_args!(
                    "<tr><td><b>{}</b><br>{}</td><td>{}{faults}</td><td><details><summary>numbers</summary><pre>{}</pre></details></td></tr>\n",
                    escape(check.name),
                    escape(check.promise),
                    verdict(check.passed(), if check.passed() { "holds" } else { "fails" }),
                    escape(&found),
                ),
            );
        }
        html.push_str("</table>\n");
    }

    fn plots(&self, html: &mut String) {
        html.push_str("<h2>Return of each kind of bet, with its 95 % confidence interval</h2>\n");
        html.push_str(&plot::intervals(self.measured));
        for one in self.measured {
            push(
                html,
                format_args!(
                    "<h3>{}: returns {}, hits {}, {} rounds</h3>\n",
                    escape(&one.spot.name),
                    percent(&one.estimate.returns),
                    percent(&ratio(one.watch.tally.hits, one.watch.tally.rounds)),
                    one.watch.tally.rounds,
                ),
            );
            html.push_str(&plot::classes(&one.watch.tally));
        }
        html.push_str("<h2>Ceilings: seen, of declared</h2>\n");
        html.push_str(&plot::bounds(self.bounds));
    }
}

fn verdict(passed: bool, text: &str) -> String {
    format!("<p class=\"{}\">{text}</p>\n", if passed { "passed" } else { "failed" })
}

/// Text that a studio wrote, harmless in HTML.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Writing to a string can't fail.
pub(super) fn push(out: &mut String, text: std::fmt::Arguments<'_>) {
    let _ = out.write_fmt(text);
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_a_studio_wrote_can_not_leave_its_place() {
        let mut check = Check::new("x", "y");
        check.faults.push("<script>alert(1)</script>".to_owned());
        let certificate = json!({"title": "<b>\"Dice\"", "version": "1"});
        let report = Report { certificate: &certificate, checks: &[check], bounds: &[], measured: &[] };
        let html = report.html();
        assert!(
            !html.contains("<script>") && html.contains("&lt;script&gt;") && html.contains("&lt;b&gt;&quot;Dice&quot;")
        );
        assert!(html.contains("Not certified"));
    }
}
