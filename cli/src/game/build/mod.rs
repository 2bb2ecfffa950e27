//! `house game build`: a studio's folder to a component, its configurations beside it, its digest on standard output.
//!
//! Promise: the same sources and compiler give the same bytes wherever the folder is (paths are remapped, the environment's flags are
//! cleared); `--check` builds a second time from nothing and compares. The component is loaded and described under every
//! configuration before it's written. Cost: a second or two once the SDK is built. What may go wrong: no compiler for the target, by
//! name; whatever the compiler says; a component that is no game.

mod cargo;
mod dist;

use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use clap::Args;
use fairness::sha256;
use serde_json::json;
use wit_component::ComponentEncoder;

use self::cargo::{Package, Toolchain};
use super::screen;
use crate::Verdict;

#[derive(Args)]
pub(crate) struct Arguments {
    /// The game's folder.
    #[arg(default_value = ".")]
    dir: PathBuf,
    /// Build once more in an empty target folder, and compare.
    #[arg(long)]
    check: bool,
    /// Don't let Cargo use the network.
    #[arg(long)]
    offline: bool,
    /// One line of JSON.
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<Verdict> {
    let folder = arguments.dir.canonicalize().with_context(|| format!("{}", arguments.dir.display()))?;
    let toolchain = Toolchain::find(&folder, arguments.offline)?;
    let package = toolchain.package(&folder)?;
    let target = folder.join("target").join("house");
    let component = build(&toolchain, &folder, &package, &target)?;
    let digest = sha256(&[&component]);
    if arguments.check {
        let second = target.join("second");
        cargo::remove(&second)?;
        let again = build(&toolchain, &folder, &package, &second)?;
        cargo::remove(&second)?;
        ensure!(
            again == component,
            "not reproducible: {} then {}",
            hex::encode(digest),
            hex::encode(sha256(&[&again]))
        );
    }
    let configurations = dist::write(&folder, &package.name, &component)?;
    let path = folder.join("dist").join(format!("{}.wasm", package.name));
    if arguments.json {
        screen::line(json!({
            "bytes": component.len(),
            "component": path,
            "configurations": configurations,
            "digest": hex::encode(digest),
            "game": package.name,
            "reproducible": arguments.check.then_some(true),
            "toolchain": toolchain.version,
        }))?;
    } else {
        screen::line(format!("{}  dist/{}.wasm", hex::encode(digest), package.name))?;
        let again = if arguments.check { ", built twice with the same bytes" } else { "" };
        let count = configurations.len();
        screen::note(format!("{} bytes, {count} configurations, by {}{again}", component.len(), toolchain.version))?;
    }
    Ok(Verdict::Good)
}

fn build(toolchain: &Toolchain, folder: &Path, package: &Package, target: &Path) -> anyhow::Result<Vec<u8>> {
    let module = toolchain.build(folder, package, target)?;
    let encoder = ComponentEncoder::default().validate(true).module(&module);
    encoder
        .and_then(|mut encoder| encoder.encode())
        .with_context(|| format!("{} does not fit the world studio:game/studio-game", package.name))
}
