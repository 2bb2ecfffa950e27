//! Every spot on every roll against the independent evaluator; and the figures of the README.

#![cfg(test)]

use dice::Dice;
use exact::{Figure, decimal, root};
use game_sdk::{Bet, Game, Manifest, Recorded};
use num_rational::BigRational;

const CONFIGS: [&str; 3] = [
    include_str!("../configs/edge-50.json"),
    include_str!("../configs/edge-100.json"),
    include_str!("../configs/edge-200.json"),
];
/// A stake at which four decimals are whole minor units.
const STAKE: u64 = 10_000;
const RESULTS: u64 = 10_000;

fn manifest(config: &str) -> Manifest {
    Dice::describe(config).unwrap()
}

fn figures(config: &str, targets: &[String]) -> Vec<Figure> {
    exact::figures("dice", &serde_json::from_str(config).unwrap(), targets).unwrap()
}

fn win(config: &str, spot: u32, stake_minor: u64, roll: u64) -> u64 {
    let value = [roll];
    let mut draws = Recorded::new(&value);
    let outcome = Dice::play(config, &[Bet { spot, stake_minor }], &mut draws).unwrap();
    assert_eq!(draws.bounds(), [(0, RESULTS)]);
    assert!(draws.fits() && outcome.finished);
    outcome.win_minor
}

fn ratio(over: u128, under: u128) -> BigRational {
    BigRational::new(over.into(), under.into())
}

#[test]
fn every_spot_has_the_evaluators_return_hit_rate_and_variance_over_all_results() {
    for config in CONFIGS {
        let spots = manifest(config).spots;
        let names: Vec<String> = spots.iter().map(|spot| spot.name.clone()).collect();
        for (spot, figure) in spots.iter().zip(figures(config, &names)) {
            let wins = (0..RESULTS).map(|roll| u128::from(win(config, spot.id, STAKE, roll))).filter(|won| *won > 0);
            let (hits, sum, squares) =
                wins.fold((0, 0, 0), |(hits, sum, squares), won| (hits + 1, sum + won, squares + won * won));
            let stakes = u128::from(RESULTS * STAKE);
            let returns = ratio(sum, stakes);
            assert_eq!(figure.returns, returns, "{}", spot.name);
            assert_eq!(figure.hit_rate, ratio(hits, u128::from(RESULTS)));
            assert_eq!(figure.variance, ratio(squares, stakes * u128::from(STAKE)) - &returns * &returns);
        }
    }
}

#[test]
fn the_evaluator_offers_nothing_that_the_game_does_not() {
    for config in CONFIGS {
        let known: Vec<String> = manifest(config).spots.into_iter().map(|spot| spot.name).collect();
        for side in ["under", "over"] {
            for line in 0..10_000 {
                let name = format!("{side}:{}.{:02}", line / 100, line % 100);
                let params = serde_json::from_str(config).unwrap();
                let offered = exact::figures("dice", &params, std::slice::from_ref(&name)).is_ok();
                assert_eq!(offered, known.contains(&name), "{name}");
            }
        }
    }
}

#[test]
fn the_manifest_declares_the_lowest_return_and_the_largest_win() {
    for config in CONFIGS {
        let manifest = manifest(config);
        let names: Vec<String> = manifest.spots.iter().map(|spot| spot.name.clone()).collect();
        let lowest = figures(config, &names).into_iter().map(|figure| figure.returns).min().unwrap();
        let ppm = (lowest * ratio(1_000_000, 1)).floor();
        assert_eq!(ppm, ratio(u128::from(manifest.return_ppm), 1));
        assert_eq!(manifest.max_win_milli, manifest.spots.iter().map(|spot| spot.pays_milli).max().unwrap());
    }
}

#[test]
fn a_payment_loses_less_than_a_minor_unit_to_rounding() {
    for spot in manifest(CONFIGS[1]).spots {
        let roll = if spot.name.starts_with("under") { 0 } else { 9999 };
        let exact_e4 = u128::from(win(CONFIGS[1], spot.id, STAKE, roll));
        for stake_minor in (100..5000).step_by(100) {
            let paid = u128::from(win(CONFIGS[1], spot.id, stake_minor, roll));
            assert_eq!(paid, u128::from(stake_minor) * exact_e4 / 10_000);
        }
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
        let rows: Vec<&str> = section.lines().filter(|line| line.contains("der:") || line.contains("ver:")).collect();
        let names: Vec<String> = rows.iter().map(|row| row.split(" | ").next().unwrap()[2..].to_owned()).collect();
        assert!(names.len() > 5, "{config}");
        for (row, figure) in rows.into_iter().zip(figures(config, &names)) {
            let [returns, hits] = [&figure.returns, &figure.hit_rate].map(|value| decimal(value, 12));
            let line = format!("| {} | {returns} | {hits} | {} |", figure.bet, deviation(&figure.variance));
            assert_eq!(row, line);
        }
        let all: Vec<String> = manifest(config).spots.into_iter().map(|spot| spot.name).collect();
        let returns: Vec<BigRational> = figures(config, &all).into_iter().map(|figure| figure.returns).collect();
        let [lowest, highest] = [returns.iter().min(), returns.iter().max()].map(|value| decimal(value.unwrap(), 12));
        assert!(section.contains(&format!("{} spots return {lowest} to {highest}", all.len())), "{config}");
    }
}
