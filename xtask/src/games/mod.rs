//! `cargo xtask games`: wasm-games' members -> core modules -> components -> wasm-games/dist, with SHA256SUMS.
//! Promise: the same sources and the same compiler give the same bytes, whatever the checkout's path; a game's
//! identity is the SHA-256 of what is written here. Different compilers give different bytes: the one that was used is
//! printed and recorded in dist/TOOLCHAIN. Cost: seconds after the first build.
mod compile;
mod component;
mod dist;
mod toolchain;

use crate::{project::Project, screen};
use anyhow::{Result, bail};
use toolchain::Toolchain;

/// Builds all games into `wasm-games/dist`.
///
/// # Errors
/// No compiler for the target, a game that doesn't build, isn't a component of the studio world, or has a
/// configuration that isn't canonical JSON.
pub(crate) fn build(project: &Project) -> Result<()> {
    let (written, toolchain) = build_all(project)?;
    written.iter().for_each(|entry| screen::line(entry));
    screen::line(&format!("built by {}", toolchain.label()));
    Ok(())
}

/// As [`build`], without a word on success.
pub(crate) fn build_quietly(project: &Project) -> Result<()> {
    build_all(project).map(drop)
}

fn build_all(project: &Project) -> Result<(Vec<String>, Toolchain)> {
    let toolchain = Toolchain::ensure(project)?;
    let games = compile::games(project, &toolchain)?;
    let artifacts = compile::all(project, &toolchain, &games, &compile::target_dir(project))?;
    let written = dist::write(project, &toolchain, &games, &artifacts)?;
    Ok((written, toolchain))
}

/// Builds all games, then again in an empty target folder, and compares.
///
/// # Errors
/// As [`build`], or when a game's bytes differ between the two.
pub(crate) fn check_reproducible(project: &Project) -> Result<()> {
    build(project)?;
    let toolchain = Toolchain::ensure(project)?;
    let games = compile::games(project, &toolchain)?;
    let second_dir = project.games_dir().join("target").join("second");
    if second_dir.exists() {
        std::fs::remove_dir_all(&second_dir)?;
    }
    let first = compile::all(project, &toolchain, &games, &compile::target_dir(project))?;
    let second = compile::all(project, &toolchain, &games, &second_dir)?;
    std::fs::remove_dir_all(&second_dir)?;
    for (one, other) in first.iter().zip(&second) {
        if one.sha256() != other.sha256() {
            bail!("{} is not reproducible: {} then {}", one.name, one.sha256(), other.sha256());
        }
        screen::line(&format!("reproducible: {} {}", one.name, one.sha256()));
    }
    Ok(())
}
