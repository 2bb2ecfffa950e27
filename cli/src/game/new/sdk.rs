//! The SDK and the contract, as the house's own games use them, inside this program.

/// Path in a studio's folder, and text.
const FILES: [(&str, &str); 16] = [
    (".cargo/config.toml", include_str!("../../../../wasm-games/.cargo/config.toml")),
    ("Cargo.lock", include_str!("../../../../wasm-games/Cargo.lock")),
    ("game-sdk/Cargo.toml", include_str!("../../../templates/game-sdk.Cargo.toml.txt")),
    ("game-sdk/src/arena.rs", include_str!("../../../../wasm-games/game-sdk/src/arena.rs")),
    ("game-sdk/src/component.rs", include_str!("../../../../wasm-games/game-sdk/src/component.rs")),
    ("game-sdk/src/config.rs", include_str!("../../../../wasm-games/game-sdk/src/config.rs")),
    ("game-sdk/src/draw.rs", include_str!("../../../../wasm-games/game-sdk/src/draw.rs")),
    ("game-sdk/src/event.rs", include_str!("../../../../wasm-games/game-sdk/src/event.rs")),
    ("game-sdk/src/export.rs", include_str!("../../../../wasm-games/game-sdk/src/export.rs")),
    ("game-sdk/src/game.rs", include_str!("../../../../wasm-games/game-sdk/src/game.rs")),
    ("game-sdk/src/lib.rs", include_str!("../../../../wasm-games/game-sdk/src/lib.rs")),
    ("game-sdk/src/manifest.rs", include_str!("../../../../wasm-games/game-sdk/src/manifest.rs")),
    ("game-sdk/src/outcome.rs", include_str!("../../../../wasm-games/game-sdk/src/outcome.rs")),
    ("game-sdk/src/recorded.rs", include_str!("../../../../wasm-games/game-sdk/src/recorded.rs")),
    ("game-sdk/src/state.rs", include_str!("../../../../wasm-games/game-sdk/src/state.rs")),
    ("wit/game.wit", include_str!("../../../../wasm-games/wit/game.wit")),
];

/// Every file.
pub(super) fn files() -> impl Iterator<Item = (&'static str, &'static str)> {
    FILES.into_iter()
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    #[test]
    fn every_file_of_the_sdk_is_here() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../wasm-games/game-sdk/src");
        for entry in fs::read_dir(folder).unwrap() {
            let name = format!("game-sdk/src/{}", entry.unwrap().file_name().into_string().unwrap());
            assert!(files().any(|(path, _)| path == name), "{name} is not in the list");
        }
    }

    #[test]
    fn the_dependencies_are_those_of_the_houses_games() {
        let ours = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../wasm-games/Cargo.toml")).unwrap();
        let theirs = files().find(|(path, _)| *path == "game-sdk/Cargo.toml").unwrap().1;
        let named = |line: &&str| line.starts_with("thiserror =") || line.starts_with("wit-bindgen =");
        let lines: Vec<&str> = theirs.lines().filter(named).collect();
        assert_eq!(lines.len(), 2);
        assert!(lines.iter().all(|line| ours.lines().any(|other| other == *line)), "{lines:?}");
    }
}
