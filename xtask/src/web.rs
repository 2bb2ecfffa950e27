//! The web client: `ui/player` -> `ui/player/dist`, by npm. Promise: built once, and again only when its sources changed; a
//! machine without npm is told in one line what it lacks. Needs the network only for the packages of the lock file.
use crate::process::{self, LONG};
use crate::project::Project;
use crate::screen;
use crate::tools::apt;
use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Vite's own lower bound.
const NODE_AT_LEAST: u32 = 20;
/// What is not source.
const MADE: [&str; 3] = ["node_modules", "dist", ".npm"];

/// Builds the client when its sources changed.
///
/// # Errors
/// No npm, or the build itself failed.
pub(crate) fn build(project: &Project) -> Result<()> {
    node(project)?;
    make(project)
}

/// As [`build`], but a machine that has no npm and can't get it is told so, and the product goes
/// without its page.
///
/// # Errors
/// The build itself failed.
pub(crate) fn build_quietly(project: &Project) -> Result<()> {
    if let Err(missing) = node(project) {
        screen::line(&format!("the web client is not built: {missing:#}"));
        return Ok(());
    }
    make(project)
}

/// Type checks and tests of the client; a machine without Node.js, and without a way to it, is told that they were left out.
///
/// # Errors
/// What failed.
pub(crate) fn check(project: &Project) -> Result<()> {
    if let Err(missing) = node(project) {
        screen::line(&format!("the web client is NOT checked: {missing:#}"));
        return Ok(());
    }
    make(project)?;
    process::openly(npm(project).args(["run", "check"]))?;
    process::openly(npm(project).arg("test"))
}

fn make(project: &Project) -> Result<()> {
    let folder = folder(project);
    let stamp = folder.join("dist").join(".sources");
    let sources = digest(&folder)?;
    if std::fs::read_to_string(&stamp).is_ok_and(|built| built == sources) {
        return Ok(());
    }
    process::quietly("npm packages", npm(project).args(["ci", "--no-audit", "--no-fund"]), LONG)?;
    process::quietly("the web client", npm(project).args(["run", "build"]), LONG)?;
    std::fs::write(&stamp, sources).context("ui/player/dist can't be written")
}

fn folder(project: &Project) -> PathBuf {
    project.join("ui/player")
}

fn npm(project: &Project) -> Command {
    let mut command = Command::new("npm");
    command.current_dir(folder(project));
    command
}

/// Node.js with npm, installed from Debian when it is missing.
fn node(project: &Project) -> Result<()> {
    if node_version().is_none() {
        apt::install("Node.js and npm", &["nodejs", "npm"]).context("Node.js with npm is needed")?;
    }
    process::text_of(npm(project).arg("--version")).context("npm is missing beside Node.js")?;
    match node_version() {
        Some(version) if version >= NODE_AT_LEAST => Ok(()),
        Some(version) => bail!("Node.js {version} is here, {NODE_AT_LEAST} or newer is needed"),
        None => bail!("Node.js {NODE_AT_LEAST} or newer is needed"),
    }
}

fn node_version() -> Option<u32> {
    major(&process::text_of(Command::new("node").arg("--version")).ok()?)
}

fn major(text: &str) -> Option<u32> {
    text.trim().trim_start_matches('v').split('.').next()?.parse().ok()
}

/// SHA-256 over the paths and bytes of all sources.
fn digest(folder: &Path) -> Result<String> {
    let mut files = Vec::new();
    gather(folder, &mut files)?;
    files.sort();
    let mut hash = Sha256::new();
    for file in files {
        let bytes = std::fs::read(&file).with_context(|| format!("{} can't be read", file.display()))?;
        hash.update(file.strip_prefix(folder).unwrap_or(&file).to_string_lossy().as_bytes());
        hash.update([0]);
        hash.update(Sha256::digest(&bytes));
    }
    Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

fn gather(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in std::fs::read_dir(folder).with_context(|| format!("{} can't be read", folder.display()))? {
        let entry = entry?;
        if MADE.iter().any(|made| entry.file_name() == *made) {
            continue;
        }
        if entry.file_type()?.is_dir() {
            gather(&entry.path(), files)?;
        } else {
            files.push(entry.path());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_source_is_seen_and_a_made_file_is_not() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("src")).unwrap();
        std::fs::create_dir(folder.path().join("dist")).unwrap();
        std::fs::write(folder.path().join("src").join("main.ts"), "1").unwrap();
        let before = digest(folder.path()).unwrap();
        std::fs::write(folder.path().join("dist").join("main.js"), "1").unwrap();
        assert_eq!(digest(folder.path()).unwrap(), before);
        std::fs::write(folder.path().join("src").join("main.ts"), "2").unwrap();
        assert_ne!(digest(folder.path()).unwrap(), before);
    }

    #[test]
    fn the_major_version_of_node_is_read() {
        assert_eq!((major("v20.20.2\n"), major("nodejs")), (Some(20), None));
    }
}
