//! The files of the tree: what git tracks and what it would add; nothing that .gitignore names.
use crate::process;
use crate::project::Project;
use anyhow::Result;
use std::process::Command;

/// Paths relative to the root, sorted.
///
/// # Errors
/// git is missing or this is no checkout.
pub(crate) fn files(project: &Project) -> Result<Vec<String>> {
    let mut command = Command::new("git");
    command.current_dir(project.root());
    command.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
    let text = process::text_of(&mut command)?;
    let exists = |path: &&str| !path.is_empty() && project.root().join(path).is_file();
    let mut files: Vec<String> = text.split('\0').filter(exists).map(str::to_owned).collect();
    files.sort();
    files.dedup();
    Ok(files)
}

/// The Rust files among them.
///
/// # Errors
/// As [`files`].
pub(crate) fn rust_files(project: &Project) -> Result<Vec<String>> {
    Ok(files(project)?.into_iter().filter(|file| is_rust(file)).collect())
}

pub(super) fn is_rust(file: &str) -> bool {
    has_extension(file, "rs")
}

pub(super) fn has_extension(file: &str, wanted: &str) -> bool {
    std::path::Path::new(file).extension().is_some_and(|extension| extension == wanted)
}

/// Whether a file holds only tests: long tables of cases are no god module.
pub(crate) fn is_test(file: &str) -> bool {
    file.starts_with("tests/platform/")
        || file.starts_with("tests/simulation/")
        || file.contains("/tests/")
        || file.ends_with("/tests.rs")
}
