//! `cargo xtask tools`: the programs the project runs but does not build. Promise: each is found or fetched once into
//! `.tools`, its version is checked, and what was found is written to `.tools/tools.json`, which the launcher reads.
//! What can't be had is named with what was tried. Needs the network only the first time.
pub(crate) mod apt;
mod nats;
mod postgres;

use crate::{project::Project, screen};
use anyhow::{Context, Result};
use serde::Serialize;
use std::path::PathBuf;

/// What was found. The launcher in tests/harness reads the same fields.
#[derive(Serialize)]
pub(crate) struct Tools {
    /// The NATS server's program.
    nats_server: PathBuf,
    /// The folder with `initdb`, `postgres` and `pg_ctl`.
    postgres_bin: PathBuf,
}

/// Finds or fetches every tool.
///
/// # Errors
/// One sentence naming the first tool that can't be had.
pub(crate) fn ensure(project: &Project) -> Result<Tools> {
    let (tools, report) = find(project)?;
    report.iter().for_each(|entry| screen::line(entry));
    Ok(tools)
}

/// As [`ensure`], without a word on success.
pub(crate) fn ensure_quietly(project: &Project) -> Result<Tools> {
    find(project).map(|(tools, _)| tools)
}

fn find(project: &Project) -> Result<(Tools, [String; 2])> {
    std::fs::create_dir_all(project.tools_dir()).context("the folder .tools can't be made")?;
    let (nats_server, nats_version) = nats::ensure(project)?;
    let (postgres_bin, postgres_version) = postgres::ensure(project)?;
    let report = [
        format!("nats-server {nats_version}: {}", nats_server.display()),
        format!("PostgreSQL {postgres_version}: {}", postgres_bin.display()),
    ];
    let tools = Tools { nats_server, postgres_bin };
    let text = serde_json::to_string_pretty(&tools)?;
    let path = project.tools_dir().join("tools.json");
    let fresh = project.tools_dir().join(format!("tools.json.{}", std::process::id()));
    std::fs::write(&fresh, text)
        .and_then(|()| std::fs::rename(&fresh, &path))
        .context("tools.json can't be written")?;
    Ok((tools, report))
}

/// The first `major.minor.patch` (or shorter) in a program's version line.
fn version_in(text: &str) -> Option<[u32; 3]> {
    let start = text.find(|letter: char| letter.is_ascii_digit())?;
    let rest = text.get(start..)?;
    let end = rest.find(|letter: char| !letter.is_ascii_digit() && letter != '.').unwrap_or(rest.len());
    let mut numbers = rest.get(..end)?.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    Some([numbers.next()?, numbers.next().unwrap_or(0), numbers.next().unwrap_or(0)])
}

fn shown(version: [u32; 3]) -> String {
    version.map(|part| part.to_string()).join(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_from_what_the_programs_print() {
        assert_eq!(version_in("nats-server: v2.15.1"), Some([2, 15, 1]));
        assert_eq!(version_in("initdb (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)"), Some([15, 18, 0]));
        assert_eq!(version_in("postgres (PostgreSQL) 18beta1"), Some([18, 0, 0]));
        assert_eq!(version_in("no number"), None);
    }
}
