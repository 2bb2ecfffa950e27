//! Purity of what is replayed: the fold, chance, money, wire, the ledger's engine and every `rules.rs` have no async, no
//! clock, no map whose order is random, no float. Read from the text, tests left out: a float in a statistic of a test
//! decides nothing.
use crate::project::Project;
use crate::source::{self, Kind, Token};
use anyhow::{Context, Result};
use std::path::Path;

const PURE_FOLDERS: [&str; 4] = ["crates/round/src/", "crates/fairness/src/", "crates/money/src/", "crates/wire/src/"];
const PURE_ENGINE: &str = "core-region/ledger/src/engine";
const PURE_FILE: &str = "rules.rs";
const FORBIDDEN: [(&str, &str); 11] = [
    ("async", "async"),
    ("await", "async"),
    ("HashMap", "a map with random order"),
    ("HashSet", "a set with random order"),
    ("RandomState", "random order"),
    ("Instant", "a clock"),
    ("SystemTime", "a clock"),
    ("f32", "a float"),
    ("f64", "a float"),
    ("thread_rng", "chance of its own"),
    ("getrandom", "chance of its own"),
];

/// Reads every pure file of the tree.
///
/// # Errors
/// A file that can't be read.
pub(super) fn check(project: &Project) -> Result<Vec<String>> {
    let mut broken = Vec::new();
    for file in crate::tidy::tree::rust_files(project)? {
        if is_pure(&file) {
            let text = std::fs::read_to_string(project.root().join(&file)).with_context(|| file.clone())?;
            broken.extend(
                impurities(&text).into_iter().map(|(line, what)| format!("{file}:{line}: {what} in pure code")),
            );
        }
    }
    Ok(broken)
}

fn is_pure(file: &str) -> bool {
    if crate::tidy::tree::is_test(file) {
        return false;
    }
    PURE_FOLDERS.iter().any(|folder| file.starts_with(folder))
        || file.starts_with(PURE_ENGINE)
        || Path::new(file).file_name().is_some_and(|name| name == PURE_FILE)
}

fn impurities(text: &str) -> Vec<(usize, String)> {
    source::product_code(text).iter().filter_map(|token| Some((token.line, impurity(token)?))).collect()
}

fn impurity(token: &Token) -> Option<String> {
    match token.kind {
        Kind::Name => {
            let (name, what) = FORBIDDEN.iter().find(|(name, _)| *name == token.text)?;
            Some(format!("{what} (`{name}`)"))
        }
        Kind::Number if is_float(&token.text) => Some(format!("a float (`{}`)", token.text)),
        _ => None,
    }
}

fn is_float(number: &str) -> bool {
    number.contains('.') || (!number.starts_with("0x") && (number.ends_with("f64") || number.ends_with("f32")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_forbidden_thing_is_found() {
        for bad in [
            "async fn f() {}",
            "x.await",
            "use std::collections::HashMap;",
            "HashSet::new()",
            "Instant::now()",
            "SystemTime::UNIX_EPOCH",
            "fn f(x: f64) {}",
            "let x: f32;",
            "let x = 1.5;",
            "let x = 2f64;",
        ] {
            assert_eq!(impurities(bad).len(), 1, "{bad}");
        }
    }

    #[test]
    fn honest_code_comments_and_tests_pass() {
        let text = "//! no f64, no HashMap\nlet x = 0xf64; for i in 0..3 { y.0 += i; BTreeMap::new(); }\n\
                    #[cfg(test)]\nmod tests { fn mean() -> f64 { 1.5 } }";
        assert_eq!(impurities(text), []);
    }

    #[test]
    fn pure_files_are_known_by_their_place() {
        assert!(is_pure("crates/round/src/apply.rs") && is_pure("core-region/ledger/src/engine/apply.rs"));
        assert!(is_pure("core-region/ledger/src/engine.rs") && is_pure("wasm-games/roulette/src/rules.rs"));
        assert!(!is_pure("core-region/ledger/src/writer.rs") && !is_pure("crates/bus/src/lib.rs"));
        assert!(!is_pure("core-region/dealer/tests/rules.rs"));
    }
}
