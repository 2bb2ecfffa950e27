//! `rooms-allow.toml`: exceptions to the library fences, each with a reason. An exception that no package needs any
//! more is itself a broken rule, so the list can only be as long as the tree makes it.
use super::fences::Crossing;
use anyhow::{Context, Result, bail};
use std::path::Path;

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    allow: Vec<Exception>,
}

/// One package that may name one library.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Exception {
    package: String,
    library: String,
    reason: String,
}

/// The exceptions.
///
/// # Errors
/// The file is missing, has an unknown key, or an exception has no reason.
pub(super) fn read(path: &Path) -> Result<Vec<Exception>> {
    let text = std::fs::read_to_string(path).with_context(|| format!("{}", path.display()))?;
    let file: File = toml::from_str(&text).context("rooms-allow.toml")?;
    if let Some(bare) = file.allow.iter().find(|exception| exception.reason.trim().len() < 10) {
        bail!("rooms-allow.toml: {} -> {} has no reason", bare.package, bare.library);
    }
    Ok(file.allow)
}

/// Crossings without an exception, and exceptions without a crossing, as sentences.
pub(super) fn apply(crossings: Vec<Crossing>, exceptions: &[Exception]) -> (Vec<String>, Vec<String>) {
    let covers = |exception: &Exception, crossing: &Crossing| {
        exception.package == crossing.package && exception.library == crossing.library
    };
    let stale = exceptions
        .iter()
        .filter(|exception| !crossings.iter().any(|crossing| covers(exception, crossing)))
        .map(|old| format!("{} no longer needs {}: take it out of rooms-allow.toml", old.package, old.library))
        .collect();
    let broken = crossings
        .iter()
        .filter(|crossing| !exceptions.iter().any(|exception| covers(exception, crossing)))
        .map(|crossing| format!("{} -> {}: behind a fence", crossing.package, crossing.library))
        .collect();
    (broken, stale)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exception(package: &str, library: &str) -> Exception {
        Exception { package: package.to_owned(), library: library.to_owned(), reason: "because of a test".to_owned() }
    }

    fn crossing(package: &str, library: &str) -> Crossing {
        Crossing { package: package.to_owned(), library: library.to_owned() }
    }

    #[test]
    fn an_exception_covers_exactly_its_crossing() {
        let crossings = vec![crossing("dealer", "axum"), crossing("ledger", "axum")];
        let (broken, stale) = apply(crossings, &[exception("dealer", "axum")]);
        assert_eq!((broken.len(), stale.len()), (1, 0));
        assert!(broken[0].starts_with("ledger -> axum"));
    }

    #[test]
    fn an_exception_that_nothing_needs_is_reported() {
        let (broken, stale) = apply(Vec::new(), &[exception("dealer", "axum")]);
        assert_eq!((broken.len(), stale.len()), (0, 1));
    }

    #[test]
    fn an_exception_without_a_reason_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("allow.toml");
        std::fs::write(&path, "[[allow]]\npackage = \"a\"\nlibrary = \"b\"\nreason = \" \"\n").unwrap();
        assert!(read(&path).is_err());
    }
}
