//! Every target against the independent evaluator, at the draws where winning begins; and the figures of the README.

#![cfg(test)]

use exact::{Figure, decimal, root};
use game_sdk::{Bet, Game, Manifest, Outcome, Recorded};
use limbo::Limbo;
use num_rational::BigRational;

const CONFIGS: [&str; 3] = [
    include_str!("../configs/edge-50.json"),
    include_str!("../configs/edge-100.json"),
    include_str!("../configs/edge-200.json"),
];
const DRAWS: u64 = 1 << 52;

fn manifest(config: &str) -> Manifest {
    Limbo::describe(config).unwrap()
}

fn figures(config: &str, targets: &[String]) -> Vec<Figure> {
    exact::figures("limbo", &serde_json::from_str(config).unwrap(), targets).unwrap()
}

fn names(manifest: &Manifest) -> Vec<String> {
    manifest.spots.iter().map(|spot| spot.name.clone()).collect()
}

fn play(config: &str, spot: u32, draw: u64) -> Outcome {
    let value = [draw];
    let mut draws = Recorded::new(&value);
    let outcome = Limbo::play(config, &[Bet { spot, stake_minor: 100 }], &mut draws).unwrap();
    assert_eq!(draws.bounds(), [(0, DRAWS)]);
    assert!(draws.fits() && outcome.finished);
    outcome
}

fn ratio(over: u128, under: u128) -> BigRational {
    BigRational::new(over.into(), under.into())
}

/// How many of the 2^52 draws win: winning never ends as the draw grows, so its beginning is found by halving.
fn winning(config: &str, spot: u32) -> u64 {
    let (mut loses, mut wins) = (0, DRAWS - 1);
    assert_eq!(play(config, spot, loses).win_minor, 0);
    assert_eq!(play(config, spot, wins).win_minor, u64::from(spot));
    while wins - loses > 1 {
        let middle = loses.midpoint(wins);
        if play(config, spot, middle).win_minor > 0 { wins = middle } else { loses = middle }
    }
    DRAWS - wins
}

#[test]
fn as_many_draws_win_as_the_evaluator_solves_for() {
    for config in CONFIGS {
        let manifest = manifest(config);
        for (spot, figure) in manifest.spots.iter().zip(figures(config, &names(&manifest))) {
            let chance = ratio(u128::from(winning(config, spot.id)), u128::from(DRAWS));
            let paid = ratio(u128::from(spot.id), 100);
            assert_eq!(figure.hit_rate, chance, "{}", spot.name);
            assert_eq!(figure.returns, &paid * &chance);
            assert_eq!(figure.variance, &paid * &paid * &chance - &figure.returns * &figure.returns);
        }
    }
}

#[test]
fn a_larger_draw_never_crashes_earlier() {
    let shown = |draw| {
        let outcome = play(CONFIGS[1], 200, draw);
        let data: serde_json::Value = serde_json::from_str(&outcome.events[0].data).unwrap();
        data["crash_centi"].as_str().unwrap().parse::<u64>().unwrap()
    };
    let mut before = 0;
    for step in 0..4096 {
        let at = shown(step * (DRAWS / 4096) + step);
        assert!(at >= before.max(100));
        before = at;
    }
}

#[test]
fn the_evaluator_offers_nothing_that_the_game_does_not() {
    let params = serde_json::from_str(CONFIGS[0]).unwrap();
    let known = names(&manifest(CONFIGS[0]));
    assert_eq!(known.len(), 382);
    for centi in (0..20_000_u64).chain((20_000..=110_000_000).step_by(1000)) {
        let name = format!("{}.{:02}", centi / 100, centi % 100);
        let offered = exact::figures("limbo", &params, std::slice::from_ref(&name)).is_ok();
        assert_eq!(offered, known.contains(&name), "{name}");
    }
}

#[test]
fn the_manifest_declares_the_lowest_return_and_the_largest_win() {
    for edge_bp in [0, 1, 50, 99, 100, 101, 200, 910, 1000] {
        let config = format!("{{\"edge_bp\":{edge_bp}}}");
        let manifest = manifest(&config);
        let lowest = figures(&config, &names(&manifest)).into_iter().map(|figure| figure.returns).min().unwrap();
        assert_eq!((lowest * ratio(1_000_000, 1)).floor(), ratio(u128::from(manifest.return_ppm), 1));
        assert_eq!(manifest.max_win_milli, manifest.spots.iter().map(|spot| spot.pays_milli).max().unwrap());
    }
}

/// The square root with 12 digits, rounded half up.
fn deviation(variance: &BigRational) -> String {
    let digits: u128 = root(variance, 13).replace('.', "").parse().unwrap();
    decimal(&ratio((digits + 5) / 10, 10_u128.pow(12)), 12)
}

#[test]
fn the_readme_states_the_exact_figures() {
    let readme = include_str!("../README.md");
    for config in CONFIGS {
        let (_, section) = readme.split_once(&format!("`{config}`")).expect("a section for each configuration");
        let section = section.split("\n## ").next().unwrap();
        let rows: Vec<&str> = section.lines().filter(|line| line.starts_with("| ") && !line.contains("bet")).collect();
        let names: Vec<String> = rows.iter().map(|row| row.split(" | ").next().unwrap()[2..].to_owned()).collect();
        assert!(names.len() > 5, "{config}");
        for (row, figure) in rows.into_iter().zip(figures(config, &names)) {
            let [returns, hits] = [&figure.returns, &figure.hit_rate].map(|value| decimal(value, 12));
            assert_eq!(row, format!("| {} | {returns} | {hits} | {} |", figure.bet, deviation(&figure.variance)));
        }
    }
}
