//! Running other programs. Promise: a program that is missing or fails is named, with the last lines it said.
//! `quietly` is for downloads and installs (spinner, time limit), `openly` for checks whose output people read,
//! `watched` for test runners whose closing line is printed again at the end.
use crate::screen::{self, Progress, Stopwatch};
use anyhow::{Context, Result, bail};
use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

/// Lines of a failed program that are shown again.
const TAIL_LINES: usize = 25;
/// A build or an install that takes longer than this is stuck.
pub(crate) const LONG: Duration = Duration::from_secs(1800);

/// Standard output of a program that must succeed.
///
/// # Errors
/// The program is missing, fails (its standard error is in the message) or writes no UTF-8.
pub(crate) fn text_of(command: &mut Command) -> Result<String> {
    let name = name_of(command);
    let output = command.stdin(Stdio::null()).output().with_context(|| format!("`{name}` can't be started"))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("`{name}` failed ({}): {}", output.status, said.trim());
    }
    String::from_utf8(output.stdout).with_context(|| format!("`{name}` wrote no text"))
}

/// Runs a program behind a spinner; shows its last lines only when it fails.
///
/// # Errors
/// Missing, failed, or still running after `limit`.
pub(crate) fn quietly(step: &str, command: &mut Command, limit: Duration) -> Result<()> {
    let name = name_of(command);
    let progress = Progress::start(step);
    let (mut child, lines) = start_piped(command)?;
    let mut tail = VecDeque::new();
    let ended = drain(&lines, limit, |text| {
        progress.says(&text);
        tail.push_back(text);
        if tail.len() > TAIL_LINES {
            tail.pop_front();
        }
    });
    let status = finish(&mut child, ended);
    match status {
        Ok(status) if status.success() => {
            progress.done();
            Ok(())
        }
        other => {
            progress.failed();
            tail.iter().for_each(|text| screen::note(&format!("  | {text}")));
            match other {
                Ok(status) => bail!("{step}: `{name}` failed ({status})"),
                Err(error) => Err(error.context(format!("{step}: `{name}`"))),
            }
        }
    }
}

/// Runs a program whose output is the reader's.
///
/// # Errors
/// Missing or failed.
pub(crate) fn openly(command: &mut Command) -> Result<()> {
    let name = name_of(command);
    let status = command.stdin(Stdio::null()).status().with_context(|| format!("`{name}` can't be started"))?;
    if !status.success() {
        bail!("`{name}` failed ({status})");
    }
    Ok(())
}

/// Runs a program, passes its lines on, and gives back those that `keep` chooses.
///
/// # Errors
/// Only when it can't be started or waited for: its exit status is part of the answer.
pub(crate) fn watched(command: &mut Command, keep: fn(&str) -> bool) -> Result<(ExitStatus, Vec<String>)> {
    let (mut child, lines) = start_piped(command)?;
    let mut kept = Vec::new();
    let ended = drain(&lines, LONG, |text| {
        screen::line(&text);
        if keep(&text) {
            kept.push(text.trim().to_owned());
        }
    });
    Ok((finish(&mut child, ended)?, kept))
}

/// The program's file name and its first two arguments.
fn name_of(command: &Command) -> String {
    let program = std::path::Path::new(command.get_program());
    let program = program.file_name().unwrap_or(command.get_program()).to_string_lossy().into_owned();
    let args = command.get_args().take(2).map(|arg| arg.to_string_lossy().into_owned());
    std::iter::once(program).chain(args).collect::<Vec<_>>().join(" ")
}

fn start_piped(command: &mut Command) -> Result<(Child, Receiver<String>)> {
    let name = name_of(command);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().with_context(|| format!("`{name}` can't be started"))?;
    let (sender, lines) = channel();
    if let Some(out) = child.stdout.take() {
        forward(out, sender.clone());
    }
    if let Some(err) = child.stderr.take() {
        forward(err, sender);
    }
    Ok((child, lines))
}

fn forward(from: impl Read + Send + 'static, to: Sender<String>) {
    std::thread::spawn(move || {
        let mut reader = BufReader::new(from);
        let mut bytes = Vec::new();
        while reader.read_until(b'\n', &mut bytes).is_ok_and(|count| count > 0) {
            let text = String::from_utf8_lossy(&bytes).trim_end().to_owned();
            bytes.clear();
            if to.send(text).is_err() {
                break;
            }
        }
    });
}

enum Ended {
    Closed,
    TimedOut(Duration),
}

fn drain(lines: &Receiver<String>, limit: Duration, mut each: impl FnMut(String)) -> Ended {
    let watch = Stopwatch::start();
    loop {
        let left = limit.saturating_sub(watch.elapsed());
        match lines.recv_timeout(left) {
            Ok(text) => each(text),
            Err(RecvTimeoutError::Disconnected) => return Ended::Closed,
            Err(RecvTimeoutError::Timeout) => return Ended::TimedOut(limit),
        }
    }
}

fn finish(child: &mut Child, ended: Ended) -> Result<ExitStatus> {
    if let Ended::TimedOut(limit) = ended {
        let _ = child.kill();
        let _ = child.wait();
        bail!("no end after {} s", limit.as_secs());
    }
    child.wait().context("can't be waited for")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_program_is_named_with_what_it_said() {
        let error = text_of(Command::new("sh").args(["-c", "echo no luck >&2; exit 3"])).unwrap_err();
        assert!(error.to_string().contains("no luck") && error.to_string().contains("sh -c"), "{error}");
    }

    #[test]
    fn a_missing_program_is_named() {
        let error = text_of(&mut Command::new("no-such-program-anywhere")).unwrap_err();
        assert!(error.to_string().contains("no-such-program-anywhere"), "{error}");
    }

    #[test]
    fn a_program_that_hangs_is_ended_at_its_limit() {
        let error = quietly("sleeping", Command::new("sleep").arg("30"), Duration::from_millis(200)).unwrap_err();
        assert!(format!("{error:#}").contains("no end after"), "{error:#}");
    }

    #[test]
    fn chosen_lines_of_a_watched_program_come_back_with_its_status() {
        let mut command = Command::new("sh");
        command.args(["-c", "echo '  Summary 3 passed'; echo other; exit 4"]);
        let (status, kept) = watched(&mut command, |text| text.contains("Summary")).unwrap();
        assert_eq!((status.code(), kept), (Some(4), vec!["Summary 3 passed".to_owned()]));
    }
}
