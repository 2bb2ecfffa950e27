//! Debian packages, installed with progress. Needs root, or a sudo that doesn't ask.
use crate::process::{self, LONG};
use anyhow::{Context, Result, bail};
use std::process::Command;

/// Installs packages, after refreshing the lists.
///
/// # Errors
/// No apt-get, no right to use it, or a package that can't be had; each named.
pub(crate) fn install(step: &str, packages: &[&str]) -> Result<()> {
    let mut probe = Command::new("apt-get");
    process::text_of(probe.arg("--version")).context("no apt-get on this machine")?;
    let mut update = privileged()?;
    process::quietly("Debian package lists", update.args(["apt-get", "update"]), LONG)?;
    let mut install = privileged()?;
    install.args(["apt-get", "install", "-y", "--no-install-recommends"]).args(packages);
    process::quietly(step, &mut install, LONG)
        .with_context(|| format!("Debian packages {} can't be installed", packages.join(" ")))
}

/// A command that runs what follows as root.
fn privileged() -> Result<Command> {
    if rustix::process::geteuid().is_root() {
        let mut command = Command::new("env");
        command.arg("DEBIAN_FRONTEND=noninteractive");
        return Ok(command);
    }
    if process::text_of(Command::new("sudo").args(["-n", "true"])).is_err() {
        bail!("installing Debian packages needs root (or sudo without a password)");
    }
    let mut command = Command::new("sudo");
    command.args(["-n", "env", "DEBIAN_FRONTEND=noninteractive"]);
    Ok(command)
}
