//! `up`, `demo`, `bench`: tools, games and binaries made ready, then this process becomes the launcher (tests/bin), so that
//! Ctrl-C and exit status are its own. Benches are built with optimisation, the others as in development.
use crate::process::{self, LONG};
use crate::project::Project;
use crate::{games, tools, web};
use anyhow::{Context, Result};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::Command;

#[derive(Clone, Copy)]
enum Profile {
    Development,
    Release,
}

/// Starts the product; returns only when it can't.
///
/// # Errors
/// A tool, a game or a program that can't be made ready.
pub(crate) fn up(project: &Project, reset: bool) -> Result<()> {
    let reset = if reset { vec!["--reset".to_owned()] } else { Vec::new() };
    web::build_quietly(project)?;
    become_stack(project, Profile::Development, "up", &reset)
}

/// Runs the demo; returns only when it can't start.
///
/// # Errors
/// As [`up`].
pub(crate) fn demo(project: &Project, args: &[String]) -> Result<()> {
    become_stack(project, Profile::Development, "demo", args)
}

/// Runs a bench; returns only when it can't start.
///
/// # Errors
/// As [`up`].
pub(crate) fn bench(project: &Project, args: &[String]) -> Result<()> {
    become_stack(project, Profile::Release, "bench", args)
}

/// The launcher, built, with the tools and games it needs.
///
/// # Errors
/// What could not be built.
pub(crate) fn built_stack(project: &Project) -> Result<Command> {
    binaries(project, Profile::Development)
}

fn become_stack(project: &Project, profile: Profile, verb: &str, args: &[String]) -> Result<()> {
    tools::ensure_quietly(project)?;
    games::build_quietly(project)?;
    let mut stack = binaries(project, profile)?;
    let error = stack.arg(verb).args(args).exec();
    Err(error).context("the launcher can't be started")
}

fn binaries(project: &Project, profile: Profile) -> Result<Command> {
    let mut build = project.cargo();
    // The whole workspace, as the tests build it: one set of features, one build of each dependency.
    build.args(["build", "--locked", "--workspace", "--bins"]);
    if matches!(profile, Profile::Release) {
        build.arg("--release");
    }
    process::quietly("building", &mut build, LONG)?;
    let mut stack = Command::new(folder(project, profile)?.join("stack"));
    stack.current_dir(project.root());
    Ok(stack)
}

fn folder(project: &Project, profile: Profile) -> Result<PathBuf> {
    let name = match profile {
        Profile::Development => "debug",
        Profile::Release => "release",
    };
    Ok(project.target_dir()?.join(name))
}
