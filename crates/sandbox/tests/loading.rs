//! What is no game is refused before it runs, and says why.

use sandbox::{DescribeError, LoadError, ManifestError};

use crate::guests::{Guest, honest};
use crate::{config, host};

fn refused(wat: &str) -> LoadError {
    host().load(&wat::parse_str(wat).unwrap()).unwrap_err()
}

#[test]
fn an_import_of_wasi_is_refused_by_name() {
    for import in ["wasi:cli/environment@0.2.0", "wasi:random/random@0.2.0", "wasi:clocks/wall-clock@0.2.6"] {
        match refused(&format!("(component (import \"{import}\" (instance)))")) {
            LoadError::ForeignImport { import: named } => assert_eq!(named, import),
            other => panic!("{other}"),
        }
    }
}

#[test]
fn any_other_import_is_refused_by_name() {
    for import in ["acme:net/http@1.0.0", "studio:game/entropy@0.2.0", "studio:game/game@0.1.0", "draw"] {
        match refused(&format!("(component (import \"{import}\" (instance)))")) {
            LoadError::ForeignImport { import: named } => assert_eq!(named, import),
            other => panic!("{other}"),
        }
    }
}

#[test]
fn an_import_inside_a_nested_component_is_no_import_of_the_game() {
    let nested = "(component (component (import \"acme:net/http@1.0.0\" (instance))))";
    assert!(matches!(refused(nested), LoadError::NoGame));
}

#[test]
fn what_is_not_a_component_with_a_game_is_refused() {
    assert!(matches!(refused("(module)"), LoadError::NotAComponent));
    assert!(matches!(refused("(component)"), LoadError::NoGame));
    assert!(matches!(host().load(b"MZ\x90\0\x03\0\0\0").unwrap_err(), LoadError::Invalid { .. }));
    assert!(matches!(host().load(b"").unwrap_err(), LoadError::Invalid { .. }));
    let large = vec![0; sandbox::limits::MAX_WASM + 1];
    assert!(matches!(host().load(&large).unwrap_err(), LoadError::TooLarge { .. }));
}

#[test]
fn a_game_of_another_shape_is_refused() {
    let other = r#"(component
        (core module $m (func (export "play") (result i32) (i32.const 1)))
        (core instance $i (instantiate $m))
        (func $play (result u32) (canon lift (core func $i "play")))
        (instance $game (export "play" (func $play)))
        (export "studio:game/game@0.1.0" (instance $game)))"#;
    assert!(matches!(refused(other), LoadError::Invalid { .. }));
}

#[test]
fn a_truncated_component_is_refused() {
    let whole = honest().build();
    let host = host();
    for at in [8, 9, whole.len() / 3, whole.len() / 2, whole.len() - 1] {
        assert!(host.load(&whole[..at]).is_err(), "cut at {at}");
    }
}

#[test]
fn more_memory_at_the_start_than_a_game_may_have_is_refused() {
    let large = Guest { pages: 65, ..honest() };
    assert!(matches!(host().load(&large.build()).unwrap_err(), LoadError::Invalid { .. }));
    let largest = Guest { pages: 64, ..honest() };
    assert!(host().load(&largest.build()).unwrap().open(config()).is_ok());
}

#[test]
fn a_manifest_over_the_hosts_ceilings_is_refused() {
    let mut greedy = honest();
    greedy.manifest.fuel_play = sandbox::limits::MAX_FUEL + 1;
    let refused = host().load(&greedy.build()).unwrap().open(config()).unwrap_err();
    assert!(matches!(refused, DescribeError::Manifest(ManifestError::Bound { field: "fuel-play", .. })));
    let mut twice = honest();
    twice.manifest.spots[1].id = 1;
    let refused = host().load(&twice.build()).unwrap().open(config()).unwrap_err();
    assert_eq!(refused, DescribeError::Manifest(ManifestError::Spot { spot: 1 }));
}
