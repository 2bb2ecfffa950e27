//! `cargo xtask test`: everything that must pass, in the order in which it fails cheapest. The same command here and in
//! CI. Each step's name and seconds are printed; the test runner's own closing line is the last line of the output.
use crate::launch;
use crate::process;
use crate::project::Project;
use crate::screen::{self, Stopwatch};
use crate::{games, rooms, tidy, tools, web};
use anyhow::{Result, bail};
use std::process::Command;

type Step = (&'static str, fn(&Project) -> Result<()>);

/// Before the tests.
const BEFORE: [Step; 8] = [
    ("tools", |project| tools::ensure(project).map(drop)),
    ("format", format),
    ("rooms", rooms::check),
    ("tidy", tidy::check),
    ("games, twice", games::check_reproducible),
    ("lints", lints),
    ("games' own tests", games_tests),
    ("web client", web::check),
];
/// After the tests.
const AFTER: [Step; 2] = [("demo with faults", demo), ("documents", documents)];

/// Runs every step; stops at the first that fails.
///
/// # Errors
/// The step that failed; its own output stands above.
pub(crate) fn run(project: &Project) -> Result<()> {
    let watch = Stopwatch::start();
    let mut report = Vec::new();
    for step in BEFORE {
        timed(project, step, &mut report)?;
    }
    let closing = tests(project, &mut report)?;
    for step in AFTER {
        timed(project, step, &mut report)?;
    }
    screen::line("");
    report.iter().for_each(|entry| screen::line(entry));
    screen::line(&format!("all steps passed in {}", watch.reading()));
    screen::line(&closing);
    Ok(())
}

fn timed(project: &Project, (name, step): Step, report: &mut Vec<String>) -> Result<()> {
    screen::line(&format!("== {name}"));
    let watch = Stopwatch::start();
    let result = step(project);
    let verdict = if result.is_ok() { "ok" } else { "FAILED" };
    let entry = format!("== {name}: {verdict}, {}", watch.reading());
    screen::line(&entry);
    report.push(entry);
    result.map_err(|error| error.context(name))
}

fn format(project: &Project) -> Result<()> {
    process::openly(project.cargo().args(["fmt", "--all", "--check"]))?;
    process::openly(project.cargo().current_dir(project.games_dir()).args(["fmt", "--all", "--check"]))
}

fn lints(project: &Project) -> Result<()> {
    let strict = ["--all-targets", "--locked", "--", "-D", "warnings"];
    process::openly(project.cargo().args(["clippy", "--workspace"]).args(strict))?;
    process::openly(project.cargo().current_dir(project.games_dir()).args(["clippy", "--workspace"]).args(strict))
}

fn games_tests(project: &Project) -> Result<()> {
    process::openly(project.cargo().current_dir(project.games_dir()).args([
        "test",
        "--workspace",
        "--locked",
        "--quiet",
    ]))
}

/// The product with players, while its parts are killed and a region is cut off.
fn demo(project: &Project) -> Result<()> {
    let mut command = launch::built_stack(project)?;
    process::openly(command.args(["demo", "--chaos", "--players", "24", "--seconds", "20"]))
}

fn documents(project: &Project) -> Result<()> {
    let mut command = project.cargo();
    command.env("RUSTDOCFLAGS", "-D warnings -A rustdoc::private_intra_doc_links").args([
        "doc",
        "--workspace",
        "--no-deps",
        "--locked",
    ]);
    process::openly(&mut command)
}

/// All tests of the workspace; gives back the runner's closing line. On a failure that line is the last one printed.
fn tests(project: &Project, report: &mut Vec<String>) -> Result<String> {
    screen::line("== tests");
    let watch = Stopwatch::start();
    launch::built_stack(project)?;
    let (status, kept) = if has_nextest(project) {
        let mut command = project.cargo();
        command.args(["nextest", "run", "--workspace", "--locked", "--no-fail-fast"]);
        process::watched(&mut command, |line| line.trim_start().starts_with("Summary"))?
    } else {
        let mut command = project.cargo();
        command.args(["test", "--workspace", "--locked", "--no-fail-fast"]);
        process::watched(&mut command, |line| line.starts_with("test result:"))?
    };
    let closing = closing_line(&kept);
    report.push(format!("== tests: {}, {}", if status.success() { "ok" } else { "FAILED" }, watch.reading()));
    if !status.success() {
        bail!("tests failed\n{closing}");
    }
    Ok(closing)
}

fn has_nextest(project: &Project) -> bool {
    let mut command: Command = project.cargo();
    process::text_of(command.args(["nextest", "--version"])).is_ok()
}

/// nextest's own summary; cargo's many result lines are added up into one of the same form.
fn closing_line(kept: &[String]) -> String {
    if let Some(summary) = kept.iter().rev().find(|line| line.starts_with("Summary")) {
        return summary.clone();
    }
    let count = |what: &str| kept.iter().filter_map(|line| number_before(line, what)).sum::<u64>();
    let (passed, failed, ignored) = (count("passed"), count("failed"), count("ignored"));
    let verdict = if failed == 0 { "ok" } else { "FAILED" };
    format!("test result: {verdict}. {passed} passed; {failed} failed; {ignored} ignored")
}

fn number_before(line: &str, word: &str) -> Option<u64> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let at = words.iter().position(|found| found.trim_end_matches(';') == word)?;
    words.get(at.checked_sub(1)?)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nextests_summary_is_the_closing_line() {
        let kept = ["Summary [   1.2s] 5 tests run: 5 passed, 0 skipped".to_owned()];
        assert_eq!(closing_line(&kept), kept[0]);
    }

    #[test]
    fn cargos_result_lines_are_added_up() {
        let line = |passed: u8, failed: u8| {
            format!(
                "test result: ok. {passed} passed; {failed} failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.1s"
            )
        };
        assert_eq!(closing_line(&[line(3, 0), line(4, 1)]), "test result: FAILED. 7 passed; 1 failed; 0 ignored");
    }
}
