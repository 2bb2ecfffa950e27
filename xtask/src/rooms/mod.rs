//! `cargo xtask rooms`: who may depend on whom, from cargo's own metadata, and the purity of replayed code, from its
//! text. Promise: a dependency that crosses a boundary of trust fails the build with a sentence naming the rule. What
//! the rules can't express is an exception with a reason in `rooms-allow.toml`; one that nothing needs fails too.
mod allow;
mod fences;
mod graph;
mod purity;

use crate::{project::Project, screen};
use anyhow::{Result, bail};

/// Checks the workspace and the games' workspace.
///
/// # Errors
/// Metadata that can't be read, or the number of broken rules, each printed before.
pub(crate) fn check(project: &Project) -> Result<()> {
    let packages = graph::workspace(project)?;
    let mut broken = Vec::new();
    broken.extend(graph::rooms(&packages));
    broken.extend(graph::layers(&packages));
    broken.extend(graph::folders(&packages));
    let exceptions = allow::read(&project.join("xtask/rooms-allow.toml"))?;
    let (mut fenced, stale) = allow::apply(fences::check(&packages), &exceptions);
    broken.append(&mut fenced);
    broken.extend(stale);
    broken.extend(graph::games(project)?);
    broken.extend(purity::check(project)?);
    for text in &broken {
        screen::note(&format!("rooms: {text}"));
    }
    if !broken.is_empty() {
        bail!("rooms: {} broken", broken.len());
    }
    screen::line(&format!("rooms: {} packages, no rule broken, {} exceptions", packages.len(), exceptions.len()));
    Ok(())
}
