//! A supervised child: known by its pid, with a log file, able to be killed, stopped and restarted.
//!
//! Promise: no child outlives us. Dropping kills it; if we are killed ourselves the kernel sends it its death signal. The
//! signal belongs to the thread that started the child, so one thread that never ends starts them all. Each child is its
//! own process group: a Ctrl-C on the terminal reaches us alone, and we stop them in order.
//! `setpriv` (a required part of Debian) sets the death signal and drops the user, so there is no unsafe code here.
use anyhow::{Context, Result, anyhow, bail};
use parking_lot::Mutex;
use rustix::process::{Pid, Signal, kill_process};
use std::fs::OpenOptions;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::OnceLock;
use std::sync::mpsc::{Sender, channel};
use std::time::Duration;

/// How often a stopping child is looked at.
const POLL: Duration = Duration::from_millis(10);

/// What the kernel sends to a child whose parent is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeathSignal {
    /// At once.
    Kill,
    /// Postgres's immediate shutdown: its own children end too.
    Quit,
}

/// How to start a child; kept for restarts.
#[derive(Clone, Debug)]
pub struct Spec {
    /// What people call it: `dealer-west`.
    pub name: String,
    /// The program.
    pub program: PathBuf,
    /// Its arguments.
    pub args: Vec<String>,
    /// Variables added to its environment.
    pub env: Vec<(String, String)>,
    /// Its output, appended.
    pub log: PathBuf,
    /// The user it runs as, when not ours.
    pub user: Option<String>,
    /// What ends it when we are gone.
    pub death: DeathSignal,
    /// What asks it to stop.
    pub stop: Signal,
}

impl Spec {
    /// A child that stops on SIGTERM and dies with us.
    #[must_use]
    pub fn new(name: impl Into<String>, program: impl Into<PathBuf>, log: impl Into<PathBuf>) -> Self {
        Self {
            name: name.into(),
            program: program.into(),
            args: Vec::new(),
            env: Vec::new(),
            log: log.into(),
            user: None,
            death: DeathSignal::Kill,
            stop: Signal::TERM,
        }
    }

    /// With these arguments.
    #[must_use]
    pub fn args<I: IntoIterator<Item = S>, S: Into<String>>(mut self, args: I) -> Self {
        self.args.extend(args.into_iter().map(Into::into));
        self
    }

    fn command(&self) -> Result<Command> {
        if let Some(folder) = self.log.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let log = OpenOptions::new().create(true).append(true).open(&self.log).context("its log can't be opened")?;
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", if self.death == DeathSignal::Quit { "QUIT" } else { "KILL" }]);
        if let Some(user) = &self.user {
            command.args(["--reuid", user, "--regid", &group_of(user)?, "--clear-groups"]).current_dir("/");
        }
        command.arg("--").arg(&self.program).args(&self.args).envs(self.env.iter().map(|(key, value)| (key, value)));
        command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log).process_group(0);
        Ok(command)
    }
}

fn group_of(user: &str) -> Result<String> {
    let output = Command::new("id").args(["-g", user]).output().context("`id` can't be started")?;
    if !output.status.success() {
        bail!("no user `{user}` on this machine");
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// A child, running or not.
pub struct Process {
    spec: Spec,
    child: Mutex<Option<Child>>,
}

impl Process {
    /// Starts it.
    ///
    /// # Errors
    /// The program is missing or its log can't be written.
    pub fn start(spec: Spec) -> Result<Self> {
        let child = spawn(&spec)?;
        Ok(Self { spec, child: Mutex::new(Some(child)) })
    }

    /// What people call it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.spec.name
    }

    /// Its output so far.
    #[must_use]
    pub fn log(&self) -> &Path {
        &self.spec.log
    }

    /// The process id, while it is ours to wait for.
    #[must_use]
    pub fn pid(&self) -> Option<u32> {
        self.child.lock().as_ref().map(Child::id)
    }

    /// One line that names it, when it ended without being told to.
    #[must_use]
    pub fn crashed(&self) -> Option<String> {
        let status = self.child.lock().as_mut()?.try_wait().ok()??;
        Some(self.obituary(status))
    }

    fn obituary(&self, status: ExitStatus) -> String {
        let last = last_line(&self.spec.log).unwrap_or_else(|| "it wrote nothing".to_owned());
        format!("{} ended ({status}): {last} [{}]", self.spec.name, self.spec.log.display())
    }

    /// Kill -9, and wait until it is gone.
    pub fn kill(&self) {
        if let Some(mut child) = self.child.lock().take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// Asks it to stop, waits up to `grace`, then kills it.
    ///
    /// # Errors
    /// It had to be killed, or it ended with a failure.
    pub async fn stop(&self, grace: Duration) -> Result<()> {
        let Some(mut child) = self.child.lock().take() else { return Ok(()) };
        let _ = kill_process(Pid::from_child(&child), self.spec.stop);
        let ended = async {
            loop {
                match child.try_wait() {
                    Ok(None) => tokio::time::sleep(POLL).await,
                    Ok(Some(status)) => return Ok(status),
                    Err(error) => return Err(error),
                }
            }
        };
        let status = tokio::time::timeout(grace, ended).await;
        match status {
            Ok(Ok(status)) if status.success() || died_of(&status, self.spec.stop) => Ok(()),
            Ok(Ok(status)) => bail!(self.obituary(status)),
            Ok(Err(error)) => Err(anyhow!("{}: {error}", self.spec.name)),
            Err(_) => {
                let _ = child.kill();
                let _ = child.wait();
                bail!("{} did not stop within {} s and was killed", self.spec.name, grace.as_secs())
            }
        }
    }

    /// Starts it again after [`Process::kill`] or [`Process::stop`], with the same arguments.
    ///
    /// # Errors
    /// It still runs, or can't be started.
    pub fn restart(&self) -> Result<()> {
        let mut child = self.child.lock();
        if child.is_some() {
            bail!("{} still runs", self.spec.name);
        }
        *child = Some(spawn(&self.spec)?);
        Ok(())
    }

    /// Sends a signal, for example STOP and CONT.
    ///
    /// # Errors
    /// It isn't running.
    pub fn signal(&self, signal: Signal) -> Result<()> {
        let child = self.child.lock();
        let child = child.as_ref().with_context(|| format!("{} isn't running", self.spec.name))?;
        kill_process(Pid::from_child(child), signal).with_context(|| self.spec.name.clone())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

fn died_of(status: &ExitStatus, signal: Signal) -> bool {
    std::os::unix::process::ExitStatusExt::signal(status) == Some(signal.as_raw())
}

/// What a log's error lines begin with or hold; stack traces follow them.
const ERROR_MARKS: [&str; 5] = ["Error:", "error:", "panicked at", "\"level\":\"ERROR\"", "[FTL]"];
/// As much of a log's end as is read, bytes.
const LOG_END: usize = 64 * 1024;

/// The last line of a log that names an error; else the last that says something.
fn last_line(log: &Path) -> Option<String> {
    let bytes = std::fs::read(log).ok()?;
    let end = bytes.get(bytes.len().saturating_sub(LOG_END)..).unwrap_or_default();
    let text = String::from_utf8_lossy(end).into_owned();
    let said = || text.lines().rev().filter(|line| !line.trim().is_empty());
    let error = said().find(|line| ERROR_MARKS.iter().any(|mark| line.contains(mark)));
    let line = error.or_else(|| said().next())?;
    Some(line.chars().take(400).collect())
}

type Job = (Command, Sender<std::io::Result<Child>>);

fn spawn(spec: &Spec) -> Result<Child> {
    if spec.program.components().count() > 1 && !spec.program.exists() {
        bail!("{}: {} is missing", spec.name, spec.program.display());
    }
    let command = spec.command().with_context(|| spec.name.clone())?;
    let (answer, answered) = channel();
    starter().send((command, answer)).map_err(|_| anyhow!("the starting thread is gone"))?;
    answered.recv().context("the starting thread is gone")?.with_context(|| format!("{} can't be started", spec.name))
}

/// The thread that starts every child and never ends.
fn starter() -> Sender<Job> {
    static STARTER: OnceLock<Sender<Job>> = OnceLock::new();
    let sender = STARTER.get_or_init(|| {
        let (sender, jobs) = channel::<Job>();
        std::thread::spawn(move || {
            for (mut command, answer) in jobs {
                let _ = answer.send(command.spawn());
            }
        });
        sender
    });
    sender.clone()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(folder: &Path, script: &str) -> Process {
        Process::start(Spec::new("child", "/bin/sh", folder.join("child.log")).args(["-c", script])).unwrap()
    }

    async fn until_crashed(process: &Process) -> String {
        loop {
            if let Some(line) = process.crashed() {
                return line;
            }
            tokio::time::sleep(POLL).await;
        }
    }

    #[tokio::test]
    async fn a_crashed_child_is_named_in_one_line_with_its_last_words() {
        let folder = tempfile::tempdir().unwrap();
        let child = shell(folder.path(), "echo starting; echo Error: port 4222 is in use; echo 31: _start; exit 3");
        let line = tokio::time::timeout(Duration::from_secs(5), until_crashed(&child)).await.unwrap();
        assert!(line.contains("child ended") && line.contains("port 4222 is in use"), "{line}");
    }

    #[tokio::test]
    async fn a_child_that_ignores_the_request_to_stop_is_killed_and_named() {
        let folder = tempfile::tempdir().unwrap();
        let child = shell(folder.path(), "trap '' TERM; echo ready; while true; do sleep 0.05; done");
        while last_line(child.log()).is_none() {
            tokio::time::sleep(POLL).await;
        }
        let error = child.stop(Duration::from_millis(200)).await.unwrap_err().to_string();
        assert!(error.contains("child did not stop"), "{error}");
        assert_eq!(child.pid(), None);
    }

    #[tokio::test]
    async fn a_killed_child_can_be_started_again() {
        let folder = tempfile::tempdir().unwrap();
        let child = shell(folder.path(), "exec sleep 30");
        let first = child.pid().unwrap();
        assert!(child.restart().is_err());
        child.kill();
        child.restart().unwrap();
        assert_ne!(child.pid().unwrap(), first);
        child.stop(Duration::from_secs(5)).await.unwrap();
    }

    #[test]
    fn a_missing_program_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let error = Process::start(Spec::new("nats hub", "/no/such/program", folder.path().join("x"))).err().unwrap();
        assert!(error.to_string().contains("nats hub") && error.to_string().contains("/no/such/program"), "{error}");
    }
}
