//! One cargo build of all games, then their components. Paths are remapped, so the checkout's place isn't in the bytes.
use super::component;
use super::toolchain::{TARGET, Toolchain};
use crate::process::{self, LONG};
use crate::project::Project;
use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

/// A member of wasm-games that builds to a module.
pub(super) struct Game {
    /// The package's name: `slot-lines`.
    pub(super) name: String,
    pub(super) folder: PathBuf,
}

/// A built game.
pub(super) struct Artifact {
    pub(super) name: String,
    pub(super) component: Vec<u8>,
}

impl Artifact {
    /// The game's identity, in hex.
    pub(super) fn sha256(&self) -> String {
        hex::encode(Sha256::digest(&self.component))
    }
}

pub(super) fn target_dir(project: &Project) -> PathBuf {
    project.games_dir().join("target")
}

/// The members with a `cdylib` target, by name.
pub(super) fn games(project: &Project, toolchain: &Toolchain) -> Result<Vec<Game>> {
    if !project.games_dir().join("Cargo.toml").exists() {
        bail!("missing: wasm-games/Cargo.toml");
    }
    let mut command = toolchain.cargo(project);
    command.args(["metadata", "--no-deps", "--format-version", "1"]);
    let text = process::text_of(&mut command)?;
    let mut games = from_metadata(&text)?;
    games.sort_by(|one, other| one.name.cmp(&other.name));
    if games.is_empty() {
        bail!("wasm-games has no member with a cdylib target");
    }
    Ok(games)
}

#[derive(serde::Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(serde::Deserialize)]
struct Package {
    name: String,
    manifest_path: PathBuf,
    targets: Vec<CargoTarget>,
}

#[derive(serde::Deserialize)]
struct CargoTarget {
    crate_types: Vec<String>,
}

fn from_metadata(text: &str) -> Result<Vec<Game>> {
    let metadata: Metadata = serde_json::from_str(text).context("cargo metadata of wasm-games")?;
    let is_game =
        |package: &Package| package.targets.iter().flat_map(|target| &target.crate_types).any(|kind| kind == "cdylib");
    let games = metadata.packages.into_iter().filter(is_game).map(|package| {
        let folder = package.manifest_path.parent().map(Path::to_path_buf).unwrap_or_default();
        Game { name: package.name, folder }
    });
    Ok(games.collect())
}

/// Builds and componentizes all games with `target` as cargo's target folder.
pub(super) fn all(project: &Project, toolchain: &Toolchain, games: &[Game], target: &Path) -> Result<Vec<Artifact>> {
    let mut command = toolchain.cargo(project);
    command.args(["build", "--release", "--locked", "--target", TARGET, "--lib"]);
    command.args(toolchain.build_args()).arg("--target-dir").arg(target);
    command.arg("--config").arg(remap(project, toolchain)?);
    games.iter().for_each(|game| {
        command.args(["-p", &game.name]);
    });
    process::quietly("games to Wasm", &mut command, LONG)?;
    let built = target.join(TARGET).join("release");
    games.iter().map(|game| artifact(game, &built)).collect()
}

fn artifact(game: &Game, built: &Path) -> Result<Artifact> {
    let path = built.join(format!("{}.wasm", game.name.replace('-', "_")));
    let module = std::fs::read(&path).with_context(|| format!("{} was not built", game.name))?;
    let component = component::encode(&module).with_context(|| format!("{} is no component", game.name))?;
    Ok(Artifact { name: game.name.clone(), component })
}

/// A cargo setting that joins the games' own link arguments: every path of this machine gets a fixed name.
fn remap(project: &Project, toolchain: &Toolchain) -> Result<String> {
    let cargo_home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cargo"));
    let cargo_home = cargo_home.or(home).context("neither CARGO_HOME nor HOME is set")?;
    let pairs = [
        (project.games_dir().display().to_string(), "/games"),
        (cargo_home.display().to_string(), "/cargo"),
        (toolchain.sysroot(project)?, "/rust"),
    ];
    let flags = pairs.iter().map(|(from, to)| format!("{:?}", format!("--remap-path-prefix={from}={to}")));
    Ok(format!("target.{TARGET}.rustflags=[{}]", flags.collect::<Vec<_>>().join(",")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_members_that_build_to_a_module_are_games() {
        let text = r#"{"packages":[
            {"name":"roulette","manifest_path":"/x/roulette/Cargo.toml","targets":[{"crate_types":["cdylib","rlib"]}]},
            {"name":"game-sdk","manifest_path":"/x/game-sdk/Cargo.toml","targets":[{"crate_types":["lib"]}]}]}"#;
        let games = from_metadata(text).unwrap();
        assert_eq!(games.len(), 1);
        assert_eq!((games[0].name.as_str(), games[0].folder.as_path()), ("roulette", Path::new("/x/roulette")));
    }
}
