//! Every number of picks against the independent evaluator, the board's law by enumeration, and the README's figures.

#![cfg(test)]

use std::collections::BTreeMap;

use exact::{Figure, decimal, root};
use game_sdk::{Action, Bet, Game, Manifest, Outcome, Recorded};
use mines::Mines;
use num_rational::BigRational;

/// A stake at which four decimals are whole minor units.
const STAKE: u64 = 10_000;
const CASH_OUT: Action = Action { id: 2, arg: 0 };

fn pick(cell: u32) -> Action {
    Action { id: 1, arg: i64::from(cell) }
}

fn config(mines: u64) -> String {
    format!("{{\"edge_bp\":100,\"mines\":{mines}}}")
}

fn manifest(config: &str) -> Manifest {
    Mines::describe(config).unwrap()
}

fn figures(config: &str, targets: &[String]) -> Vec<Figure> {
    exact::figures("mines", &serde_json::from_str(config).unwrap(), targets).unwrap()
}

fn ratio(over: u128, under: u128) -> BigRational {
    BigRational::new(over.into(), under.into())
}

/// One deal with the first draw `value`; the draws for the rest of the board are the last of their bounds.
fn deal(config: &str, state: Option<&[u8]>, cell: u32, value: u64) -> (Outcome, u64) {
    let values = [vec![value], (0..25).rev().collect()].concat();
    let mut draws = Recorded::new(&values);
    let outcome = match state {
        None => Mines::play(config, &[Bet { spot: cell, stake_minor: STAKE }], &mut draws),
        Some(state) => Mines::act(config, state, pick(cell), &mut draws),
    };
    (outcome.unwrap(), draws.bounds()[0].1)
}

fn some_board(config: &str, state: &[u8]) -> Outcome {
    Mines::act(config, state, CASH_OUT, &mut Recorded::new(&[0; 25])).unwrap()
}

/// Chance and payment of stopping after each number of picks, by counting the draws that are safe.
fn counted(config: &str) -> Vec<(BigRational, u64)> {
    let (mut state, mut chance, mut all) = (None::<Vec<u8>>, ratio(1, 1), Vec::new());
    for cell in 0..25 {
        let (_, bound) = deal(config, state.as_deref(), cell, 0);
        let safe: Vec<Outcome> = (0..bound)
            .map(|value| deal(config, state.as_deref(), cell, value).0)
            .filter(|outcome| !outcome.events[0].data.contains("\"mined\":true"))
            .collect();
        chance *= ratio(u128::try_from(safe.len()).unwrap(), u128::from(bound));
        let next = safe.last().unwrap();
        if next.finished {
            all.push((chance, next.win_minor));
            return all;
        }
        all.push((chance.clone(), some_board(config, &next.state).win_minor));
        state = Some(next.state.clone());
    }
    panic!("no round is longer than the board");
}

#[test]
fn every_number_of_picks_has_the_evaluators_chance_and_price() {
    for config in (1..=24).map(config) {
        let counted = counted(&config);
        assert_eq!(u32::try_from(counted.len()).unwrap(), manifest(&config).max_deals);
        let targets: Vec<String> = (1..=counted.len()).map(|picks| picks.to_string()).collect();
        for ((chance, paid_minor), figure) in counted.iter().zip(figures(&config, &targets)) {
            let paid = ratio(u128::from(*paid_minor), u128::from(STAKE));
            assert_eq!(figure.hit_rate, *chance, "{} of {config}", figure.bet);
            assert_eq!(figure.returns, &paid * chance);
            assert_eq!(figure.variance, &paid * &paid * chance - &figure.returns * &figure.returns);
        }
        let beyond = [(counted.len() + 1).to_string()];
        assert!(exact::figures("mines", &serde_json::from_str(&config).unwrap(), &beyond).is_err());
    }
}

/// Every board with its chance, when `cells` are picked in this order and the rest is shown at the end.
fn boards(config: &str, cells: &[u32]) -> BTreeMap<String, BigRational> {
    let mut law = BTreeMap::new();
    // Values drawn so far in the deal under way, the state before it, and the chance.
    let mut open = vec![(Vec::<u64>::new(), None::<Vec<u8>>, 0_usize, ratio(1, 1))];
    while let Some((values, state, picked, chance)) = open.pop() {
        let mut draws = Recorded::new(&values);
        let outcome = match (&state, cells.get(picked)) {
            (None, _) => Mines::play(config, &[Bet { spot: cells[0], stake_minor: 100 }], &mut draws),
            (Some(state), Some(cell)) => Mines::act(config, state, pick(*cell), &mut draws),
            (Some(state), None) => Mines::act(config, state, CASH_OUT, &mut draws),
        };
        let outcome = outcome.unwrap();
        if let Some((_, bound)) = draws.bounds().get(values.len()) {
            // Draws below the mines left are mined: one value of each kind stands for all of it.
            let mined = mines_left(config, &values);
            for (value, weight) in [(0, mined), (bound - 1, bound - mined)] {
                if weight > 0 {
                    let chance = &chance * ratio(u128::from(weight), u128::from(*bound));
                    open.push(([values.clone(), vec![value]].concat(), state.clone(), picked, chance));
                }
            }
        } else if outcome.finished {
            *law.entry(outcome.events.last().unwrap().data.split("\"paid").next().unwrap().to_owned())
                .or_insert_with(|| ratio(0, 1)) += chance;
        } else {
            open.push((Vec::new(), Some(outcome.state), picked + 1, chance));
        }
    }
    law
}

/// Mines that are left after the draws `values` of a deal, where 0 is drawn for a mined cell. When none is left, any
/// draw is safe.
fn mines_left(config: &str, values: &[u64]) -> u64 {
    let params: serde_json::Value = serde_json::from_str(config).unwrap();
    let found = values.iter().filter(|value| **value == 0).count();
    params["mines"].as_u64().unwrap().saturating_sub(u64::try_from(found).unwrap())
}

#[test]
fn every_board_is_equally_likely_in_whatever_order_it_is_opened() {
    for (mines, sets) in [(1, 25), (2, 300), (24, 25), (23, 300)] {
        for cells in [vec![7], vec![24, 0, 12], vec![3, 4, 5, 6, 24]] {
            let cells = &cells[..cells.len().min(usize::try_from(25 - mines).unwrap())];
            let law = boards(&config(mines), cells);
            assert_eq!(law.len(), sets);
            assert!(law.values().all(|chance| *chance == ratio(1, u128::try_from(sets).unwrap())));
        }
    }
}

#[test]
fn the_manifest_declares_the_lowest_return_and_the_largest_win() {
    for (edge_bp, mines) in [0, 1, 100, 333, 400].into_iter().flat_map(|edge| (1..=24).map(move |mines| (edge, mines)))
    {
        let config = format!("{{\"edge_bp\":{edge_bp},\"mines\":{mines}}}");
        let manifest = manifest(&config);
        let targets: Vec<String> = (1..=manifest.max_deals).map(|picks| picks.to_string()).collect();
        let figures = figures(&config, &targets);
        let lowest = figures.iter().map(|figure| figure.returns.clone()).min().unwrap();
        assert_eq!((lowest * ratio(1_000_000, 1)).floor(), ratio(u128::from(manifest.return_ppm), 1));
        let last = figures.last().unwrap();
        let most = (&last.returns / &last.hit_rate * ratio(1000, 1)).ceil();
        assert_eq!(most, ratio(u128::from(manifest.max_win_milli), 1));
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
    for config in [1, 3, 5, 10, 24].map(config) {
        let (_, section) = readme.split_once(&format!("`{config}`")).expect("a section for each configuration");
        let section = section.split("\n## ").next().unwrap();
        let targets: Vec<String> = (1..=manifest(&config).max_deals).map(|picks| picks.to_string()).collect();
        for figure in figures(&config, &targets) {
            let [returns, hits] = [&figure.returns, &figure.hit_rate].map(|value| decimal(value, 12));
            let price = decimal(&(&figure.returns / &figure.hit_rate), 4);
            let row = format!("| {} | {price} | {returns} | {hits} | {} |", figure.bet, deviation(&figure.variance));
            assert!(section.contains(&row), "{config}: {row}");
        }
    }
}

#[test]
fn the_shipped_configurations_are_these() {
    let shipped = [
        include_str!("../configs/mines-1.json"),
        include_str!("../configs/mines-3.json"),
        include_str!("../configs/mines-5.json"),
        include_str!("../configs/mines-10.json"),
        include_str!("../configs/mines-24.json"),
    ];
    assert_eq!(shipped.map(str::to_owned), [1, 3, 5, 10, 24].map(config));
}
