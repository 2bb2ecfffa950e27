//! The cache of compiled games: a hit is the same game, and damage is never run.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use sandbox::{Backend, CacheUse, LoadError};

use crate::guests::{Guest, honest};
use crate::{at_once, config, host, host_on, key};

fn files(dir: &Path, extension: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
    entries.filter(|path| path.extension().is_some_and(|found| found == extension)).collect()
}

#[test]
fn a_game_is_compiled_once_and_plays_the_same_from_the_cache() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path().join("made/here");
    let wasm = honest().build();
    let (compiled, first) = host().load_cached(&wasm, &dir).unwrap();
    assert!(matches!(first, CacheUse::Stored));
    let (cached, second) = host().load_cached(&wasm, &dir).unwrap();
    assert!(matches!(second, CacheUse::Hit));
    assert_eq!(compiled.digest(), cached.digest());
    let play = |game: sandbox::Game| game.open(config()).unwrap().play(key(1), &at_once(10)).unwrap();
    assert_eq!(play(compiled), play(cached));
    assert_eq!((files(&dir, "cwasm").len(), files(&dir, "sha256").len(), files(&dir, "part").len()), (1, 1, 0));
}

#[test]
fn other_bytes_and_other_engines_have_entries_of_their_own() {
    let dir = tempfile::tempdir().unwrap();
    let mut other = honest();
    other.manifest.title = "Another".into();
    for (backend, guest) in [
        (Backend::Cranelift, &honest()),
        (Backend::Cranelift, &other),
        (Backend::CraneliftNoOpt, &honest()),
        (Backend::Pulley, &honest()),
    ] {
        let (_, used) = host_on(backend).load_cached(&guest.build(), dir.path()).unwrap();
        assert!(matches!(used, CacheUse::Stored), "{backend:?} {used:?}");
    }
    assert_eq!(files(dir.path(), "cwasm").len(), 4);
}

#[test]
fn damaged_entries_are_compiled_again() {
    let dir = tempfile::tempdir().unwrap();
    let wasm = honest().build();
    let used = || host().load_cached(&wasm, dir.path()).unwrap().1;
    assert!(matches!(used(), CacheUse::Stored));
    let (code, sum) = (files(dir.path(), "cwasm").remove(0), files(dir.path(), "sha256").remove(0));
    let damage: [&dyn Fn(); 5] = [
        &|| {
            let mut bytes = std::fs::read(&code).unwrap();
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
            std::fs::write(&code, bytes).unwrap();
        },
        &|| std::fs::write(&code, b"").unwrap(),
        &|| std::fs::write(&sum, b"00").unwrap(),
        &|| std::fs::remove_file(&sum).unwrap(),
        &|| std::fs::remove_file(&code).unwrap(),
    ];
    for (index, damage) in damage.into_iter().enumerate() {
        damage();
        assert!(matches!(used(), CacheUse::Stored), "damage {index}");
        assert!(matches!(used(), CacheUse::Hit), "after damage {index}");
    }
}

#[test]
fn a_directory_that_others_can_write_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    for mode in [0o777, 0o770, 0o702] {
        std::fs::set_permissions(dir.path(), Permissions::from_mode(mode)).unwrap();
        let refused = host().load_cached(&honest().build(), dir.path()).unwrap_err();
        assert!(matches!(refused, LoadError::UnsafeCache { .. }), "{mode:o}");
    }
    std::fs::set_permissions(dir.path(), Permissions::from_mode(0o755)).unwrap();
    assert!(host().load_cached(&honest().build(), dir.path()).is_ok());
}

#[test]
fn a_place_that_is_no_directory_is_refused() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let refused = host().load_cached(&honest().build(), file.path()).unwrap_err();
    assert!(matches!(refused, LoadError::Cache { .. }));
}

#[test]
fn an_entry_that_cannot_be_written_does_not_stop_the_game() {
    let dir = tempfile::tempdir().unwrap();
    let wasm = Guest::playing("unreachable").build();
    // A directory in the place of the entry: neither readable as code nor replaceable.
    assert!(matches!(host().load_cached(&wasm, dir.path()).unwrap().1, CacheUse::Stored));
    let code = files(dir.path(), "cwasm").remove(0);
    std::fs::remove_file(&code).unwrap();
    std::fs::create_dir_all(code.join("in the way")).unwrap();
    let (game, used) = host().load_cached(&wasm, dir.path()).unwrap();
    assert!(matches!(used, CacheUse::NotStored(_)));
    assert!(game.open(config()).is_ok());
    assert!(files(dir.path(), "part").is_empty());
}
