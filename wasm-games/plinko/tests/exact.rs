//! Every path of every board against the independent evaluator; and the figures of the README.

#![cfg(test)]

use exact::{Figure, decimal, root};
use game_sdk::{Bet, Game, Recorded};
use num_rational::BigRational;
use plinko::Plinko;

/// A configuration, its text as shipped, and its rows.
fn boards() -> Vec<(String, u32)> {
    let rows = |risk| (8..=16).map(move |rows| (format!("{{\"risk\":\"{risk}\",\"rows\":{rows}}}"), rows));
    ["low", "medium", "high"].into_iter().flat_map(rows).collect()
}

fn figure(config: &str) -> Figure {
    let figures = exact::figures("plinko", &serde_json::from_str(config).unwrap(), &[]).unwrap();
    let [figure] = figures.as_slice() else { panic!("one figure") };
    assert_eq!(figure.bet, "main");
    figure.clone()
}

fn win(config: &str, rows: u32, path: u64) -> u64 {
    let value = [path];
    let mut draws = Recorded::new(&value);
    let outcome = Plinko::play(config, &[Bet { spot: 0, stake_minor: 100 }], &mut draws).unwrap();
    assert_eq!(draws.bounds(), [(0, 1 << rows)]);
    assert!(draws.fits() && outcome.finished);
    outcome.win_minor
}

fn ratio(over: u128, under: u128) -> BigRational {
    BigRational::new(over.into(), under.into())
}

#[test]
fn every_board_has_the_evaluators_return_hit_rate_and_variance_over_all_paths() {
    for (config, rows) in boards() {
        let wins: Vec<u128> = (0..1 << rows).map(|path| u128::from(win(&config, rows, path))).collect();
        let paths = u128::try_from(wins.len()).unwrap();
        let hits = u128::try_from(wins.iter().filter(|won| **won > 0).count()).unwrap();
        let returns = ratio(wins.iter().sum(), paths * 100);
        let square = ratio(wins.iter().map(|won| won * won).sum(), paths * 10_000);
        let figure = figure(&config);
        assert_eq!(figure.returns, returns, "{config}");
        assert_eq!(figure.hit_rate, ratio(hits, paths));
        assert_eq!(figure.variance, square - &returns * &returns);
    }
}

#[test]
fn every_board_returns_98_to_99_5_percent_as_its_manifest_says_rounded_down() {
    for (config, _) in boards() {
        let returns = figure(&config).returns;
        assert!(ratio(980, 1000) <= returns && returns <= ratio(995, 1000), "{config}");
        let manifest = Plinko::describe(&config).unwrap();
        assert_eq!((returns * ratio(1_000_000, 1)).floor(), ratio(u128::from(manifest.return_ppm), 1));
    }
}

#[test]
fn payments_never_fall_from_the_middle_to_the_edge_and_both_sides_are_alike() {
    for (config, rows) in boards() {
        let pockets: Vec<u64> = (0..=rows).map(|rights| win(&config, rows, (1 << rights) - 1)).collect();
        assert!(pockets.iter().eq(pockets.iter().rev()));
        let middle = pockets.len() / 2;
        assert!(pockets[middle..].is_sorted());
        let manifest = Plinko::describe(&config).unwrap();
        assert_eq!(u128::from(manifest.max_win_milli), u128::from(pockets[0]) * 10);
    }
}

/// The square root with 12 digits, rounded half up.
fn deviation(variance: &BigRational) -> String {
    let digits: u128 = root(variance, 13).replace('.', "").parse().unwrap();
    decimal(&ratio((digits + 5) / 10, 10_u128.pow(12)), 12)
}

#[test]
fn the_readme_states_the_exact_figures_and_every_payment() {
    let readme = include_str!("../README.md");
    for (config, rows) in boards() {
        let figure = figure(&config);
        let [returns, hits] = [&figure.returns, &figure.hit_rate].map(|value| decimal(value, 12));
        let row = format!("| `{config}` | {returns} | {hits} | {} |", deviation(&figure.variance));
        assert!(readme.contains(&row), "{row}");
        let pays = (0..=rows / 2).map(|rights| win(&config, rows, (1 << rights) - 1));
        let pays: Vec<String> = pays.map(|centi| format!("{}.{:02}", centi / 100, centi % 100)).collect();
        assert!(readme.contains(&format!("| {rows} | {} |", pays.join(" "))), "{config}");
    }
}

#[test]
fn there_is_a_file_for_every_board() {
    for (config, rows) in boards() {
        let risk = config.split('"').nth(3).unwrap();
        let path = format!("{}/configs/{risk}-{rows}.json", env!("CARGO_MANIFEST_DIR"));
        assert_eq!(std::fs::read_to_string(path).unwrap(), config);
    }
}
