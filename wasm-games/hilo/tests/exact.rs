//! Whole rounds under fixed ways of playing against the independent evaluator; and the figures of the README.

#![cfg(test)]

use std::collections::BTreeMap;

use exact::{Figure, decimal, root};
use game_sdk::{Action, Bet, Game, Outcome, Recorded};
use hilo::Hilo;
use num_rational::BigRational;
use serde_json::Value;

const CONFIGS: [&str; 3] = [
    include_str!("../configs/edge-50.json"),
    include_str!("../configs/edge-100.json"),
    include_str!("../configs/edge-200.json"),
];
/// A stake at which four decimals are whole minor units.
const STAKE: u64 = 10_000;
const HIGHER: u32 = 1;
const LOWER: u32 = 2;
const SAME: u32 = 3;
const CASH_OUT: u32 = 4;

fn figures(config: &str, targets: &[String]) -> Vec<Figure> {
    exact::figures("hilo", &serde_json::from_str(config).unwrap(), targets).unwrap()
}

fn ratio(over: u128, under: u128) -> BigRational {
    BigRational::new(over.into(), under.into())
}

fn play(config: &str, card: u64) -> Outcome {
    let value = [card];
    let mut draws = Recorded::new(&value);
    let outcome = Hilo::play(config, &[Bet { spot: 0, stake_minor: STAKE }], &mut draws).unwrap();
    assert_eq!(draws.bounds(), [(0, 52)]);
    outcome
}

fn act(config: &str, state: &[u8], id: u32, values: &[u64]) -> Outcome {
    let mut draws = Recorded::new(values);
    let outcome = Hilo::act(config, state, Action { id, arg: 0 }, &mut draws).unwrap();
    assert!(draws.fits());
    outcome
}

/// The rank that is showing, 1 for the ace to 13 for the king.
fn rank(outcome: &Outcome) -> u64 {
    let shown: Value = serde_json::from_str(&outcome.events[0].data).unwrap();
    shown["card"].as_u64().unwrap() / 4 + 1
}

/// What a player who follows `policy` guesses next.
fn guess(policy: &str, rank: u64) -> u32 {
    match policy {
        "likelier" if rank <= 7 => HIGHER,
        "likelier" => LOWER,
        // The direction with fewer ranks, if it has any.
        "unlikelier" if rank == 1 || (7..13).contains(&rank) => HIGHER,
        "unlikelier" => LOWER,
        _ => SAME,
    }
}

/// Plays every sequence of ranks and adds up the chance of each payment; the suits change from card to card.
fn law(config: &str, policy: &str, guesses: u32) -> BTreeMap<u64, BigRational> {
    let mut law = BTreeMap::new();
    let mut open: Vec<(Outcome, u32)> = (0..13).map(|rank| (play(config, rank * 4 + rank % 4), 0)).collect();
    while let Some((outcome, made)) = open.pop() {
        let chance = ratio(1, 13_u128.pow(made + 1));
        let id = if outcome.finished { CASH_OUT } else { guess(policy, rank(&outcome)) };
        if outcome.finished {
            *law.entry(outcome.win_minor).or_insert_with(|| ratio(0, 1)) += chance;
        } else if made == guesses || !outcome.offers.iter().any(|offer| offer.action == id) {
            let paid = act(config, &outcome.state, CASH_OUT, &[]);
            assert!(paid.finished);
            *law.entry(paid.win_minor).or_insert_with(|| ratio(0, 1)) += chance;
        } else {
            let next = |rank: u64| act(config, &outcome.state, id, &[rank * 4 + (rank + u64::from(made)) % 4]);
            open.extend((0..13).map(|rank| (next(rank), made + 1)));
        }
    }
    law
}

#[test]
fn fixed_ways_of_playing_have_the_evaluators_return_hit_rate_and_variance() {
    for config in CONFIGS {
        for (policy, most) in [("likelier", 4), ("unlikelier", 4), ("same", 7)] {
            for guesses in 0..=most {
                let law = law(config, policy, guesses);
                assert_eq!(law.values().sum::<BigRational>(), ratio(1, 1));
                let in_stakes = |paid: &u64| ratio(u128::from(*paid), u128::from(STAKE));
                let returns: BigRational = law.iter().map(|(paid, chance)| in_stakes(paid) * chance).sum();
                let square: BigRational =
                    law.iter().map(|(paid, chance)| in_stakes(paid) * in_stakes(paid) * chance).sum();
                let hits: BigRational = law.iter().filter(|(paid, _)| **paid > 0).map(|(_, chance)| chance).sum();
                let target = format!("{policy}:{guesses}");
                let [figure] = figures(config, std::slice::from_ref(&target)).try_into().unwrap();
                assert_eq!(figure.returns, returns, "{target} under {config}");
                assert_eq!(figure.hit_rate, hits);
                assert_eq!(figure.variance, square - &returns * &returns);
            }
        }
    }
}

#[test]
fn each_rank_comes_by_four_cards_of_the_deck() {
    let mut counts = [0; 13];
    for card in 0..52 {
        counts[usize::try_from(rank(&play(CONFIGS[0], card)) - 1).unwrap()] += 1;
    }
    assert_eq!(counts, [4; 13]);
}

#[test]
fn no_way_of_playing_returns_less_than_declared_or_more_than_the_edge_leaves() {
    for edge_bp in [0_u32, 1, 50, 100, 200, 499, 500] {
        let config = format!("{{\"edge_bp\":{edge_bp}}}");
        let least = ratio(u128::from(Hilo::describe(&config).unwrap().return_ppm), 1_000_000);
        let most = ratio(u128::from(10_000 - edge_bp), 10_000);
        let targets: Vec<String> = ["likelier", "unlikelier", "same"]
            .iter()
            .flat_map(|policy| [0, 1, 2, 3, 5, 8].map(|guesses| format!("{policy}:{guesses}")))
            .collect();
        for figure in figures(&config, &targets) {
            assert!(least <= figure.returns && figure.returns <= most, "{} under {config}", figure.bet);
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
        let rows: Vec<&str> = section.lines().filter(|line| line.starts_with("| ") && line.contains(':')).collect();
        let names: Vec<String> = rows.iter().map(|row| row.split(" | ").next().unwrap()[2..].to_owned()).collect();
        assert!(names.len() > 5, "{config}");
        for (row, figure) in rows.into_iter().zip(figures(config, &names)) {
            let [returns, hits] = [&figure.returns, &figure.hit_rate].map(|value| decimal(value, 12));
            assert_eq!(row, format!("| {} | {returns} | {hits} | {} |", figure.bet, deviation(&figure.variance)));
        }
    }
}
