//! Rooms and layers. A room is a folder of trust; a layer is a step within a room. Dependencies of tests and of build
//! scripts count as much as the others: code that only tests can reach across a boundary is still across it.
use crate::process;
use crate::project::Project;
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};

/// One package of the workspace.
#[derive(Clone, Debug)]
pub(super) struct Package {
    pub(super) name: String,
    /// The folder, relative to the root: `core-region/leases`.
    pub(super) folder: String,
    pub(super) is_binary: bool,
    pub(super) depends_on: Vec<Dependency>,
}

/// One line of a manifest.
#[derive(Clone, Debug)]
pub(super) struct Dependency {
    pub(super) name: String,
    /// The folder when it is ours.
    pub(super) folder: Option<String>,
    /// Only tests name it.
    pub(super) is_for_tests: bool,
}

impl Package {
    pub(super) fn room(&self) -> &str {
        room_of(&self.folder)
    }
}

fn room_of(folder: &str) -> &str {
    folder.split('/').next().unwrap_or(folder)
}

/// From the room on the left, the rooms on the right.
const ROOMS: [(&str, &[&str]); 6] = [
    ("crates", &["crates"]),
    ("edge", &["crates", "edge"]),
    ("core-region", &["crates", "core-region"]),
    ("cli", &["crates"]),
    ("tests", &["crates", "edge", "core-region", "cli", "tests", "wasm-games"]),
    ("xtask", &[]),
];

/// The step of each package in its room; dependencies go to a lower or the same step.
const LAYERS: [(&str, &[&[&str]]); 3] = [
    (
        "crates",
        &[
            &["money", "ids", "clock", "exact"],
            &["fairness", "wire"],
            &["round", "bus", "sandbox", "telemetry"],
            &["execution"],
        ],
    ),
    (
        "core-region",
        &[
            &["database"],
            &["evidence", "seeds", "ledger", "players"],
            &["leases", "payments", "promotions", "risk", "reports", "compliance"],
            &["settlement"],
            &["api"],
            &["core-server"],
        ],
    ),
    ("edge", &[&["lobby", "leaderboard", "proofs"], &["play", "handlers"], &["gateway"], &["edge-server"]]),
];

/// Packages that stand on `crates` alone, whatever their room would allow.
const ALONE: [&str; 1] = ["dealer"];
/// Pairs in one layer that must not know each other.
const STRANGERS: [(&str, &str); 2] = [("round", "sandbox"), ("sandbox", "round")];

/// Every dependency lies in an allowed room, and nothing depends on a binary, the tests or xtask.
pub(super) fn rooms(packages: &[Package]) -> Vec<String> {
    let mut broken = Vec::new();
    for package in packages {
        let Some((_, allowed)) = ROOMS.iter().find(|(room, _)| *room == package.room()) else {
            broken.push(format!("{} lies in {}, which is no room", package.name, package.folder));
            continue;
        };
        for (dependency, folder) in ours(package) {
            let room = room_of(folder);
            let alone = ALONE.contains(&package.name.as_str()) && room != "crates";
            if dependency.ends_with("-server") || matches!(room, "tests" | "xtask") {
                broken.push(format!("{} -> {dependency}: nothing depends on tests, xtask or a server", package.name));
            } else if !allowed.contains(&room) || alone {
                broken.push(format!("{} ({}) -> {dependency} ({folder}): not its room", package.name, package.folder));
            }
        }
    }
    broken
}

/// Within a room, dependencies go down or stay on the same step.
pub(super) fn layers(packages: &[Package]) -> Vec<String> {
    let mut broken = Vec::new();
    for package in packages {
        let Some((room, steps)) = LAYERS.iter().find(|(room, _)| *room == package.room()) else { continue };
        if ALONE.contains(&package.name.as_str()) {
            continue;
        }
        let Some(own) = step_of(steps, &package.name) else {
            broken.push(format!("{} has no layer in {room}: give it one in xtask/src/rooms/graph.rs", package.name));
            continue;
        };
        for (dependency, folder) in ours(package) {
            if room_of(folder) == *room && step_of(steps, dependency).is_some_and(|step| step > own) {
                broken.push(format!("{} -> {dependency}: that is a layer above", package.name));
            }
            if STRANGERS.contains(&(package.name.as_str(), dependency)) {
                broken.push(format!("{} -> {dependency}: they don't know each other", package.name));
            }
        }
    }
    broken
}

/// A package is named as its folder, without a prefix; what stands at the root may have a name of its own.
pub(super) fn folders(packages: &[Package]) -> Vec<String> {
    let differs = |package: &&Package| package.folder.rsplit_once('/').is_some_and(|(_, last)| last != package.name);
    packages.iter().filter(differs).map(|package| format!("{} lies in {}", package.name, package.folder)).collect()
}

fn ours(package: &Package) -> impl Iterator<Item = (&str, &str)> {
    package.depends_on.iter().filter_map(|dependency| Some((dependency.name.as_str(), dependency.folder.as_deref()?)))
}

fn step_of(steps: &[&[&str]], name: &str) -> Option<usize> {
    steps.iter().position(|step| step.contains(&name))
}

/// The games' workspace reaches nothing outside its own folder, but for its tests: they hold the games against `exact`.
pub(super) fn games(project: &Project) -> Result<Vec<String>> {
    if !project.games_dir().join("Cargo.toml").exists() {
        return Ok(vec!["wasm-games has no Cargo.toml".to_owned()]);
    }
    let mut command = project.cargo();
    command.current_dir(project.games_dir());
    let packages = read(&mut command, project.root())?;
    Ok(games_inside(&packages))
}

fn games_inside(packages: &[Package]) -> Vec<String> {
    let mut broken = Vec::new();
    for package in packages {
        for dependency in &package.depends_on {
            let Some(folder) = dependency.folder.as_deref() else { continue };
            let is_proof = dependency.is_for_tests && dependency.name == "exact";
            if room_of(folder) != "wasm-games" && !is_proof {
                let (game, name) = (&package.name, &dependency.name);
                broken.push(format!("{game} -> {name} ({folder}): a game reaches out of wasm-games"));
            }
        }
    }
    broken
}

/// All members of the root's workspace.
pub(super) fn workspace(project: &Project) -> Result<Vec<Package>> {
    read(&mut project.cargo(), project.root())
}

#[derive(serde::Deserialize)]
struct Metadata {
    packages: Vec<RawPackage>,
}

#[derive(serde::Deserialize)]
struct RawPackage {
    name: String,
    manifest_path: PathBuf,
    dependencies: Vec<RawDependency>,
    targets: Vec<RawTarget>,
}

#[derive(serde::Deserialize)]
struct RawDependency {
    name: String,
    path: Option<PathBuf>,
    kind: Option<String>,
}

#[derive(serde::Deserialize)]
struct RawTarget {
    kind: Vec<String>,
}

fn read(command: &mut std::process::Command, root: &Path) -> Result<Vec<Package>> {
    let text = process::text_of(command.args(["metadata", "--no-deps", "--format-version", "1"]))?;
    let metadata: Metadata = serde_json::from_str(&text).context("cargo metadata")?;
    Ok(metadata.packages.into_iter().map(|raw| package(raw, root)).collect())
}

fn package(raw: RawPackage, root: &Path) -> Package {
    let folder = raw.manifest_path.parent().map(|folder| relative(folder, root)).unwrap_or_default();
    let is_binary = raw.targets.iter().flat_map(|target| &target.kind).any(|kind| kind == "bin");
    let depends_on = raw.dependencies.into_iter().map(|line| Dependency {
        folder: line.path.map(|path| relative(&path, root)),
        is_for_tests: line.kind.as_deref() == Some("dev"),
        name: line.name,
    });
    Package { name: raw.name, folder, is_binary, depends_on: depends_on.collect() }
}

fn relative(path: &Path, root: &Path) -> String {
    path.strip_prefix(root).map_or_else(|_| path.display().to_string(), |inside| inside.display().to_string())
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// `core-region/leases` depending on folders of ours and on libraries.
    pub(in crate::rooms) fn package_at(folder: &str, inner: &[&str], libraries: &[&str]) -> Package {
        let last = |folder: &str| folder.rsplit('/').next().unwrap_or_default().to_owned();
        let of = |name: String, folder: Option<String>| Dependency { name, folder, is_for_tests: false };
        let inner = inner.iter().map(|folder| of(last(folder), Some((*folder).to_owned())));
        let outer = libraries.iter().map(|name| of((*name).to_owned(), None));
        Package {
            name: last(folder),
            folder: folder.to_owned(),
            is_binary: false,
            depends_on: inner.chain(outer).collect(),
        }
    }

    fn rule_breaks(check: fn(&[Package]) -> Vec<String>, folder: &str, on: &str) -> bool {
        !check(&[package_at(folder, &[on], &[])]).is_empty()
    }

    #[test]
    fn an_edge_that_reaches_into_the_core_is_refused() {
        assert!(rule_breaks(rooms, "edge/play", "core-region/ledger"));
        assert!(!rule_breaks(rooms, "edge/gateway", "edge/play"));
    }

    #[test]
    fn the_core_that_reaches_into_the_edge_is_refused() {
        assert!(rule_breaks(rooms, "core-region/settlement", "edge/play"));
        assert!(!rule_breaks(rooms, "core-region/settlement", "crates/round"));
    }

    #[test]
    fn shared_crates_reach_only_shared_crates() {
        assert!(rule_breaks(rooms, "crates/wire", "core-region/ledger"));
        assert!(rule_breaks(rooms, "crates/wire", "edge/play"));
        assert!(!rule_breaks(rooms, "crates/wire", "crates/ids"));
    }

    #[test]
    fn the_dealer_and_the_verifier_stand_on_shared_crates_alone() {
        assert!(rule_breaks(rooms, "core-region/dealer", "core-region/leases"));
        assert!(rule_breaks(rooms, "cli", "core-region/ledger"));
        assert!(!rule_breaks(rooms, "core-region/dealer", "crates/bus"));
    }

    #[test]
    fn nobody_depends_on_tests_xtask_or_a_server() {
        assert!(rule_breaks(rooms, "core-region/ledger", "tests"));
        assert!(rule_breaks(rooms, "cli", "xtask"));
        assert!(rule_breaks(rooms, "tests", "core-region/core-server"));
        assert!(
            !rule_breaks(rooms, "tests", "core-region/ledger") && !rule_breaks(rooms, "tests", "wasm-games/roulette")
        );
        assert!(rule_breaks(rooms, "edge/play", "wasm-games/roulette"));
    }

    #[test]
    fn xtask_stands_alone_and_a_package_without_a_room_is_refused() {
        assert!(rule_breaks(rooms, "xtask", "crates/clock"));
        assert!(!rooms(&[package_at("attic/thing", &[], &[])]).is_empty());
    }

    #[test]
    fn layers_are_only_downward() {
        assert!(rule_breaks(layers, "crates/money", "crates/wire"));
        assert!(rule_breaks(layers, "crates/fairness", "crates/bus"));
        assert!(rule_breaks(layers, "core-region/ledger", "core-region/leases"));
        assert!(rule_breaks(layers, "core-region/leases", "core-region/settlement"));
        assert!(rule_breaks(layers, "core-region/settlement", "core-region/api"));
        assert!(rule_breaks(layers, "edge/play", "edge/gateway"));
        assert!(!rule_breaks(layers, "core-region/api", "core-region/settlement"));
    }

    #[test]
    fn the_fold_and_the_sandbox_do_not_know_each_other() {
        assert!(rule_breaks(layers, "crates/round", "crates/sandbox"));
        assert!(rule_breaks(layers, "crates/sandbox", "crates/round"));
    }

    #[test]
    fn a_new_crate_needs_a_layer_and_its_folders_name() {
        assert!(!layers(&[package_at("core-region/novelty", &[], &[])]).is_empty());
        let mut renamed = package_at("core-region/ledger", &[], &[]);
        renamed.name = "house-ledger".to_owned();
        assert!(!folders(&[renamed]).is_empty());
        assert!(folders(&[package_at("core-region/ledger", &[], &[])]).is_empty());
    }

    #[test]
    fn a_game_that_reaches_out_of_its_workspace_is_refused() {
        assert!(!games_inside(&[package_at("wasm-games/roulette", &["crates/money"], &[])]).is_empty());
        assert!(games_inside(&[package_at("wasm-games/roulette", &["wasm-games/game-sdk"], &[])]).is_empty());
        let mut proven = package_at("wasm-games/roulette", &["crates/exact"], &[]);
        assert!(
            !games_inside(std::slice::from_ref(&proven)).is_empty(),
            "a game's own code must not know its evaluator"
        );
        proven.depends_on.iter_mut().for_each(|dependency| dependency.is_for_tests = true);
        assert!(games_inside(&[proven]).is_empty());
    }
}
