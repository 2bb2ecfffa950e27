//! `cargo xtask tidy`: what a reader of the tree may rely on. Files and functions stay short, modules are named after
//! things, every file says what it promises, landed migrations never change, fixtures parse, no text names a machine.
//! Exceptions live in `xtask/tidy-allow.toml`, each with a reason; one that nothing needs any more fails too.
mod allow;
mod fixtures;
mod functions;
mod headers;
mod migrations;
mod names;
mod sizes;
mod texts;
pub(crate) mod tree;

use crate::{project::Project, screen};
use anyhow::{Context, Result, bail};

/// Checks every file that git knows or would add.
///
/// # Errors
/// A file that can't be read, or the number of faults, each printed before.
pub(crate) fn check(project: &Project) -> Result<()> {
    let allowed = allow::read(&project.join("xtask/tidy-allow.toml"))?;
    let files = tree::files(project)?;
    let rust = read_all(project, files.iter().filter(|file| tree::is_rust(file)))?;
    let mut faults = Vec::new();
    faults.extend(sizes::check(&rust, &allowed));
    faults.extend(functions::check(&rust, &allowed));
    faults.extend(names::check(&files));
    faults.extend(headers::check(&rust));
    faults.extend(texts::check_rust(&rust));
    faults.extend(texts::check_places(&read_texts(project, &files)?));
    faults.extend(fixtures::check(project, &files));
    faults.extend(migrations::check(project, &files)?);
    for text in &faults {
        screen::note(&format!("tidy: {text}"));
    }
    if !faults.is_empty() {
        bail!("tidy: {} faults", faults.len());
    }
    screen::line(&format!("tidy: {} files, {} of Rust, no fault", files.len(), rust.len()));
    Ok(())
}

/// Records checksums of migrations that have none; never changes one that is recorded.
///
/// # Errors
/// A file that can't be read or written.
pub(crate) fn seal_migrations(project: &Project) -> Result<()> {
    let files = tree::files(project)?;
    let sealed = migrations::seal(project, &files)?;
    screen::line(&format!("tidy: {sealed} migrations sealed"));
    Ok(())
}

/// A file's path in the tree and its text.
struct Text {
    path: String,
    text: String,
}

fn read_all<'a>(project: &Project, files: impl Iterator<Item = &'a String>) -> Result<Vec<Text>> {
    let read = |path: &String| {
        let text = std::fs::read_to_string(project.root().join(path)).with_context(|| path.clone())?;
        Ok(Text { path: path.clone(), text })
    };
    files.map(read).collect()
}

/// All files that are text; pictures and Wasm are passed by.
fn read_texts(project: &Project, files: &[String]) -> Result<Vec<Text>> {
    let mut found = Vec::new();
    for path in files {
        let bytes = std::fs::read(project.root().join(path)).with_context(|| path.clone())?;
        if let Ok(text) = String::from_utf8(bytes) {
            found.push(Text { path: path.clone(), text });
        }
    }
    Ok(found)
}
