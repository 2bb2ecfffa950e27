//! `house game exact`, `simulate`, `odds` and `play` on the house's own games, as they are shipped in wasm-games/dist.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail the test")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

const SINGLE: &str = r#"{"wheel":"single","la_partage":false}"#;
const LA_PARTAGE: &str = r#"{"wheel":"single","la_partage":true}"#;

fn house(arguments: &[&str]) -> Output {
    let games = Path::new(env!("CARGO_MANIFEST_DIR")).join("../wasm-games/dist");
    Command::new(env!("CARGO_BIN_EXE_house")).arg("game").args(arguments).arg("--games").arg(games).output().unwrap()
}

fn stdout(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn json(arguments: &[&str]) -> Value {
    serde_json::from_str(&stdout(&house(arguments))).unwrap()
}

/// Exit status and standard error.
fn refused(arguments: &[&str]) -> (Option<i32>, String) {
    let output = house(arguments);
    assert!(output.stdout.is_empty(), "{}", String::from_utf8_lossy(&output.stdout));
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

fn number(value: &Value) -> f64 {
    value.as_str().unwrap().parse().unwrap()
}

fn script(text: &str) -> (TempDir, String) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("script");
    fs::write(&path, text).unwrap();
    (folder, path.to_str().unwrap().to_owned())
}

#[test]
fn exact_prints_the_figures_of_the_component_that_is_there() {
    let figures = json(&["exact", "roulette", "--params", LA_PARTAGE]);
    let wasm = Path::new(env!("CARGO_MANIFEST_DIR")).join("../wasm-games/dist/roulette.wasm");
    assert_eq!(figures["digest"], hex::encode(fairness::sha256(&[&fs::read(wasm).unwrap()])));
    assert_eq!(figures["game"], "roulette");
    assert_eq!(figures["params"]["la_partage"], true);
    let of = |bet: &str| figures["figures"].as_array().unwrap().iter().find(|one| one["bet"] == bet).unwrap();
    assert_eq!(of("straight")["return"], "0.972972972973");
    assert_eq!(of("even")["return"], "0.986486486486");
    assert_eq!(of("even")["hit_rate"], "0.513513513514");
    assert_eq!(of("straight")["sd"], "5.837837837837");
}

#[test]
fn parameters_that_the_component_refuses_are_named_with_the_wit_function() {
    let (code, said) = refused(&["exact", "roulette", "--params", r#"{"wheel":"triple","la_partage":false}"#]);
    assert_eq!(code, Some(1));
    let expected =
        "house: studio:game/game.describe under {\"la_partage\":false,\"wheel\":\"triple\"}: refused with bad-config\n";
    assert_eq!(said, expected);
    let (code, said) = refused(&["exact", "no-such-game"]);
    assert!(code == Some(1) && said.contains("there is no component"), "{said}");
    let (code, said) = refused(&["exact", "roulette", "--params", "{"]);
    assert!(code == Some(1) && said.contains("--params"), "{said}");
}

#[test]
fn a_simulation_is_the_same_for_a_seed_whatever_the_number_of_threads() {
    let run = |seed: &str, threads: &str| {
        json(&[
            "simulate",
            "slot-lines",
            "--params",
            r#"{"variant":"96"}"#,
            "--rounds",
            "20k",
            "--seed",
            seed,
            "--threads",
            threads,
            "--json",
        ])
    };
    let one = run("x", "1");
    assert_eq!(one, run("x", "3"));
    assert_ne!(one["win_minor"], run("y", "3")["win_minor"]);
    assert_eq!(one["rounds"], "20000");
    let classes = one["histogram"].as_array().unwrap();
    assert_eq!(classes.iter().map(|class| number(&class["rounds"])).sum::<f64>(), 20_000.0);
}

#[test]
fn a_simulated_return_is_near_the_exact_one_and_so_is_the_spread() {
    let run = json(&[
        "simulate",
        "roulette",
        "--params",
        LA_PARTAGE,
        "--bet",
        "even:red=10",
        "--rounds",
        "200k",
        "--seed",
        "r",
        "--json",
    ]);
    // 73/74; five standard errors of a bet with a deviation of 0.99.
    assert!((number(&run["return"]) - 73.0 / 74.0).abs() < 5.0 * 0.99 / 200_000_f64.sqrt(), "{run}");
    assert!((number(&run["hit_rate"]) - 19.0 / 37.0).abs() < 0.01);
    let (low, high) = (number(&run["ci95"][0]), number(&run["ci95"][1]));
    let half = 1.959_963_984_540 * number(&run["sd"]) / 200_000_f64.sqrt();
    assert!(((high - low) / 2.0 - half).abs() < 1e-9);
    assert_eq!(run["largest_win_minor"], 20);
    assert_eq!(run["bets"][0]["stake_minor"], 10);
}

#[test]
fn people_get_tables_and_a_bet_outside_its_spot_is_refused() {
    let shown = stdout(&house(&["simulate", "roulette", "--params", SINGLE, "--rounds", "1k", "--seed", "r"]));
    assert!(shown.contains("95 % interval") && shown.contains("35x") | shown.contains("20x to 50x"), "{shown}");
    let (code, said) = refused(&["simulate", "roulette", "--params", SINGLE, "--bet", "even:red=7", "--seed", "r"]);
    assert!(code == Some(1) && said.contains("must be a multiple of"), "{said}");
    let (code, said) = refused(&["simulate", "roulette", "--params", SINGLE, "--bet", "even:blue", "--seed", "r"]);
    assert!(code == Some(1) && said.contains("no spot `even:blue`"), "{said}");
}

#[test]
fn odds_are_the_manifests_own() {
    let odds = json(&["odds", "roulette", "--params", SINGLE, "--json"]);
    assert_eq!((&odds["return_ppm"], &odds["max_win_milli"]), (&972_972.into(), &36_000.into()));
    assert_eq!(odds["spots"].as_array().unwrap().len(), 157);
    let shown = stdout(&house(&["odds", "slot-lines"]));
    assert!(
        shown.contains("Millpond Lanterns") && shown.contains("free_spin") && shown.contains("11577.5x"),
        "{shown}"
    );
}

#[test]
fn a_script_plays_rounds_to_their_end_and_repeats() {
    let (_folder, path) = script("# a bought bonus\nbet buy=540\nfree_spin # the first\n1 0\n");
    let run =
        || stdout(&house(&["play", "slot-lines", "--params", r#"{"variant":"95"}"#, "--seed", "7", "--script", &path]));
    let text = run();
    assert_eq!(text, run());
    let deals: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(deals.len(), 3);
    assert_eq!((&deals[0]["deal"], &deals[2]["deal"]), (&1.into(), &3.into()));
    assert_eq!(deals[0]["offers"][0]["name"], "free_spin");
    assert_eq!(deals[0]["draws"].as_array().unwrap().len(), 1);
    assert_eq!(deals[1]["draws"].as_array().unwrap().len(), 5);
    assert_eq!(deals[0]["outcome"].as_str().unwrap().len(), 64);
    assert_ne!(deals[1]["state"], deals[2]["state"]);
    assert_eq!(deals[2]["round_stake_minor"], 540);
}

#[test]
fn a_script_ends_at_the_line_that_is_refused() {
    for (text, said) in [
        ("bet spin\nfree_spin\nhold\n", "line"),
        ("free_spin", "line 1: free_spin: no round is open"),
        ("bet buy\nbet spin", "line 2: bet spin: the round is open: take one of free_spin"),
        ("bet buy\nhold", "line 2: hold: `hold` is not offered: take one of free_spin"),
        ("bet buy\nfree_spin 5", "line 2: free_spin 5: studio:game/game.act"),
        ("bet spin=1", "line 1: bet spin=1: the stake on spot 0 must be a multiple of 20"),
    ] {
        let (_folder, path) = script(text);
        let output = house(&["play", "slot-lines", "--params", r#"{"variant":"95"}"#, "--script", &path]);
        let err = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.code() == Some(1) && err.contains(said), "{text}: {err}");
    }
}
