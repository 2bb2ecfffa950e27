//! From an empty folder to a certified game, by the transcript in docs/STUDIO.md; then every dishonest turn of that game, which the
//! certificate must name.
//!
//! One test, one folder: the compiler is most of its time, and only the game is compiled again from turn to turn.
#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "helpers of tests fail the test; PATH is the shell's"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

fn house(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_house")).current_dir(folder).arg("game").args(arguments).output().unwrap()
}

fn good(output: &Output) -> String {
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    text
}

fn build(folder: &Path, more: &[&str]) -> Value {
    let text = good(&house(folder, &[&["build", "--json"], more].concat()));
    serde_json::from_str(&text).unwrap()
}

fn certify(folder: &Path) -> Output {
    let arguments = ["certify", "moon-dice", "--games", "dist", "--deals", "8k", "--out", "out", "--key", "key"];
    house(folder, &arguments)
}

/// The checks that failed, by the certificate; exit status and report must say the same.
fn failed(folder: &Path) -> Vec<String> {
    let output = certify(folder);
    let file: Value = serde_json::from_str(&fs::read_to_string(folder.join("out/certificate.json")).unwrap()).unwrap();
    let certificate = &file["certificate"];
    let name = |check: &Value| check["name"].as_str().unwrap().to_owned();
    let failed: Vec<String> =
        certificate["checks"].as_array().unwrap().iter().filter(|check| check["passed"] == false).map(name).collect();
    let said = String::from_utf8(output.stdout).unwrap();
    let named: Vec<String> = said.lines().filter_map(|line| line.strip_prefix("FAILED ")).map(str::to_owned).collect();
    assert_eq!(named, failed, "{said}");
    assert_eq!(output.status.code(), Some(i32::from(!failed.is_empty())), "{said}");
    assert_eq!(certificate["passed"], failed.is_empty());
    let report = fs::read_to_string(folder.join("out/report.html")).unwrap();
    assert_eq!(report.contains("Every check holds."), failed.is_empty());
    assert!(!report.contains("src=") && !report.contains("href="), "the report fetches something");
    failed
}

/// Runs every command of the page in `folder`, compares what it prints, and gives back where the last `cd` led.
fn transcript(folder: &Path) -> PathBuf {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/STUDIO.md")).unwrap();
    let program = Path::new(env!("CARGO_BIN_EXE_house")).parent().unwrap();
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap());
    let mut folder = folder.to_owned();
    for block in page.split("```console\n").skip(1) {
        let block = block.split("```").next().unwrap();
        for step in block.split("$ ").skip(1) {
            let (command, expected) = step.split_once('\n').unwrap();
            if let Some(inner) = command.strip_prefix("cd ") {
                folder.push(inner);
                continue;
            }
            let run =
                Command::new("sh").args(["-c", command]).current_dir(&folder).env("PATH", &path).output().unwrap();
            assert_eq!(masked(&good(&run)), masked(expected), "{command}");
        }
    }
    folder
}

/// Without what depends on the compiler: digests and fuel.
fn masked(text: &str) -> String {
    let digest = |word: &&str| word.len() == 64 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    let words = text.split_inclusive(|letter: char| !letter.is_ascii_alphanumeric());
    let masked: String = words
        .map(|word| if digest(&word.trim_end_matches(|c: char| !c.is_alphanumeric())) { "digest " } else { word })
        .collect();
    let mut parts = masked.split("\"fuel\":");
    let first = parts.next().unwrap().to_owned();
    parts.fold(first, |sum, part| sum + "fuel" + part.trim_start_matches(|c: char| c.is_ascii_digit()))
}

/// Changes the rules, builds, and says which checks fail.
fn failed_with(folder: &Path, from: &str, to: &str) -> Vec<String> {
    let path = folder.join("src/lib.rs");
    let honest = fs::read_to_string(&path).unwrap();
    assert_eq!(honest.matches(from).count(), 1, "{from}");
    fs::write(&path, honest.replace(from, to)).unwrap();
    build(folder, &[]);
    fs::write(&path, honest).unwrap();
    failed(folder)
}

const DRAW: &str = "let rolled = draw.below(0, SIDES);";

#[test]
fn a_new_game_is_built_certified_and_no_dishonest_turn_of_it_is() {
    let temporary = TempDir::new().unwrap();
    let folder = transcript(temporary.path());
    assert!(folder.ends_with("moon-dice"));
    let built = build(&folder, &[]);
    let wasm = fs::read(folder.join("dist/moon-dice.wasm")).unwrap();
    assert_eq!(built["digest"], hex::encode(fairness::sha256(&[&wasm])));
    assert_eq!(failed(&folder), [""; 0]);

    let counter = "use core::sync::atomic::{AtomicU64, Ordering::Relaxed}; static PLAYED: AtomicU64 = AtomicU64::new(0); \
                   let rolled = draw.below(0, SIDES) / (1 + PLAYED.fetch_add(1, Relaxed) % 2);";
    assert!(failed_with(&folder, DRAW, counter).contains(&"determinism".to_owned()));

    let greedy = "let sides = if bets.iter().any(|bet| bet.stake_minor > 5_000) { 140 } else { SIDES }; \
                  let rolled = draw.below(0, sides);";
    assert!(failed_with(&folder, DRAW, greedy).contains(&"stake".to_owned()));

    let meaner = "let rolled = draw.below(0, SIDES) / 2;";
    assert_eq!(failed_with(&folder, DRAW, meaner), ["return"]);

    let trap = "let rolled = if bets.len() > 1 { [0_u64; 1][bets.len()] } else { draw.below(0, SIDES) };";
    assert_eq!(failed_with(&folder, DRAW, trap), ["hostile input"]);

    let endless = "let rolled = draw.below(0, SIDES); let mut turns = 0_u64; \
                   while rolled < 1 && core::hint::black_box(turns) < u64::MAX { turns += 1; }";
    let names = failed_with(&folder, DRAW, endless);
    assert!(names.contains(&"determinism".to_owned()), "{names:?}");
}

#[test]
fn what_is_no_game_fails_by_name_and_is_still_reported() {
    let folder = TempDir::new().unwrap();
    let clock = r#"(component (import "wasi:clocks/wall-clock@0.2.0" (instance)))"#;
    fs::create_dir(folder.path().join("dist")).unwrap();
    for (bytes, said) in [
        (wat::parse_str(clock).unwrap(), "wasi:clocks/wall-clock@0.2.0"),
        (b"\0asm\x01\0\0\0".to_vec(), "not a WebAssembly component"),
    ] {
        fs::write(folder.path().join("dist/moon-dice.wasm"), bytes).unwrap();
        assert_eq!(failed(folder.path()), ["imports"]);
        assert!(fs::read_to_string(folder.path().join("out/report.html")).unwrap().contains(said));
    }
}

#[test]
fn a_folder_that_is_there_and_a_name_that_is_none_are_refused() {
    let temporary = TempDir::new().unwrap();
    good(&house(temporary.path(), &["new", "taken", "--template", "cards"]));
    for (name, said) in
        [("taken", "is there already"), ("../out", "is no name for a game"), ("Moon", "is no name for a game")]
    {
        let output = house(temporary.path(), &["new", name]);
        let err = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.code() == Some(1) && err.contains(said), "{err}");
    }
}
