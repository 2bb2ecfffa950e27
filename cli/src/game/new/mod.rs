//! `house game new`: a folder with a game that builds at once.
//!
//! Promise: the folder needs nothing beside it: the SDK and the contract are in it, with the versions that the house's own games are
//! built with. An existing folder is never written into. Cost: some twenty small files.

mod sdk;
mod template;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;

use self::template::Template;
use super::screen;
use crate::Verdict;

/// Why no folder is made.
#[derive(Debug, thiserror::Error)]
enum Refusal {
    #[error("`{0}` is no name for a game: lower-case letters, digits and single hyphens, a letter first, 40 at most")]
    Name(String),
    #[error("{} is there already", .0.display())]
    Exists(PathBuf),
}

#[derive(Args)]
pub(crate) struct Arguments {
    /// The game's name: its package, its component, its id.
    name: String,
    /// What to begin with.
    #[arg(long, value_enum, default_value_t = Template::Dice)]
    template: Template,
    /// Where to make the folder.
    #[arg(long, value_name = "DIR", default_value = ".")]
    dir: PathBuf,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<Verdict> {
    let name = &arguments.name;
    if !is_name(name) {
        return Err(Refusal::Name(name.clone()).into());
    }
    let folder = arguments.dir.join(name);
    if folder.exists() {
        return Err(Refusal::Exists(folder).into());
    }
    let own = arguments.template.files(name).into_iter();
    for (path, text) in own.chain(sdk::files().map(|(path, text)| (path.to_owned(), text.to_owned()))) {
        write(&folder.join(path), &text)?;
    }
    screen::note(format!("{} is ready: cd {} && house game build", folder.display(), folder.display()))?;
    Ok(Verdict::Good)
}

fn is_name(name: &str) -> bool {
    let good = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let letter = name.starts_with(|first: char| first.is_ascii_lowercase());
    let hyphens = !name.ends_with('-') && !name.contains("--");
    // The SDK's folder is a package of the same workspace; `test` and `core` would hide the compiler's own.
    let free = !["game-sdk", "test", "core", "std", "alloc"].contains(&name);
    letter && hyphens && free && name.len() <= 40 && name.bytes().all(good)
}

fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    let context = || format!("{} can't be written", path.display());
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(context)?;
    }
    fs::write(path, text).with_context(context)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_packages_and_manifests() {
        assert!(["a", "moon-dice", "slot7"].into_iter().all(is_name));
        assert!(!["", "-a", "a-", "a--b", "7up", "Moon", "a_b", "../a", "test", "game-sdk"].into_iter().any(is_name));
    }
}
