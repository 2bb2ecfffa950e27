//! Every coup at several tables, weighed, against the independent evaluator; and the figures of the README.

#![cfg(test)]

use baccarat::Baccarat;
use exact::{Figure, decimal, root};
use game_sdk::{Bet, Game, Recorded};
use num_bigint::BigInt;

const CONFIGS: [&str; 6] = [
    include_str!("../configs/commission.json"),
    include_str!("../configs/commission-tie-9.json"),
    include_str!("../configs/commission-six-decks.json"),
    include_str!("../configs/commission-one-deck.json"),
    include_str!("../configs/six-half.json"),
    include_str!("../configs/six-half-tie-9.json"),
];

fn figures(config: &str) -> Vec<Figure> {
    exact::figures("baccarat", &serde_json::from_str(config).unwrap(), &[]).unwrap()
}

fn figure(config: &str, bet: &str) -> Figure {
    figures(config).into_iter().find(|figure| figure.bet == bet).unwrap()
}

fn decks(config: &str) -> u64 {
    serde_json::from_str::<serde_json::Value>(config).unwrap()["decks"].as_u64().unwrap()
}

/// Draws that deal the given cards from a shoe of `decks`, in the order of the cards' numbers among those left.
fn draws(decks: u64, cards: &[usize]) -> Vec<u64> {
    let mut left = [decks; 52];
    let mut values = Vec::new();
    for card in cards {
        values.push(left[..*card].iter().sum());
        left[*card] -= 1;
    }
    values
}

/// What a stake of 20 on each spot alone gets back, by spot, and the cards that fell.
fn play(config: &str, cards: &[usize]) -> Option<[u64; 5]> {
    let values = draws(decks(config), cards);
    let mut paid = [0; 5];
    for (spot, paid) in (0..).zip(&mut paid) {
        let mut recorded = Recorded::new(&values);
        *paid = Baccarat::play(config, &[Bet { spot, stake_minor: 20 }], &mut recorded).unwrap().win_minor;
        if !recorded.fits() {
            return None;
        }
    }
    Some(paid)
}

/// Orderings of six cards, and what a stake of 20 gets back in all of them, by spot, beginning with `points`.
fn weigh(config: &str, points: &mut Vec<usize>, ways: u128, total: &mut (u128, [u128; 5])) {
    let decks = decks(config);
    let mut used = [0_u64; 10];
    // One card for each: points 1..9 are the ranks before the ten; suits differ, so one deck is enough.
    let cards: Vec<usize> = points
        .iter()
        .map(|point| {
            let suit = usize::try_from(used[*point] % 4).unwrap();
            used[*point] += 1;
            13 * suit + if *point == 0 { 9 } else { point - 1 }
        })
        .collect();
    if points.len() >= 4
        && let Some(paid) = play(config, &cards)
    {
        let rest: u64 = (points.len()..6).map(|at| 52 * decks - u64::try_from(at).unwrap()).product();
        let ways = ways * u128::from(rest);
        total.0 += ways;
        total.1.iter_mut().zip(paid).for_each(|(sum, paid)| *sum += ways * u128::from(paid));
        return;
    }
    for (point, used) in used.into_iter().enumerate() {
        let here = decks * if point == 0 { 16 } else { 4 } - used;
        // Every card of one rank stands for a point: with one deck a fifth ten would have to be of another rank.
        if here > 0 && (decks > 1 || used < 4) {
            points.push(point);
            weigh(config, points, ways * u128::from(here), total);
            points.pop();
        }
    }
}

#[test]
fn all_orderings_weighed_return_what_the_evaluator_says() {
    for config in [CONFIGS[0], CONFIGS[4], r#"{"commission_bp":500,"decks":2,"tie_pays":9}"#] {
        let mut total = (0, [0; 5]);
        weigh(config, &mut Vec::new(), 1, &mut total);
        let cards = 52 * u128::from(decks(config));
        assert_eq!(total.0, (cards - 5..=cards).product::<u128>());
        for (at, bet) in ["player", "banker", "tie"].into_iter().enumerate() {
            let returns = figure(config, bet).returns;
            let (over, under) = (returns.numer().clone(), returns.denom().clone());
            assert_eq!(over * total.0 * 20_u8, under * total.1[at], "{config} {bet}");
        }
    }
}

#[test]
fn pairs_of_all_cards_weighed_return_what_the_evaluator_says() {
    for config in CONFIGS {
        let decks = decks(config);
        for (bet, at) in [("player-pair", 3), ("banker-pair", 4)] {
            let mut sum = 0_u64;
            for (first, second) in (0..52).flat_map(|first| (0..52).map(move |second| (first, second))) {
                let ways = decks * (decks - u64::from(first == second));
                // The other side holds a nine, so that no third card falls.
                let other: Vec<usize> =
                    [8, 9, 21, 22, 34, 35].into_iter().filter(|card| ![first, second].contains(card)).collect();
                let nine = *other.iter().find(|card| **card % 13 == 8).unwrap();
                let ten = *other.iter().find(|card| **card % 13 == 9).unwrap();
                let cards = if at == 3 { [first, nine, second, ten] } else { [nine, first, ten, second] };
                if ways > 0 {
                    sum += ways * play(config, &cards).unwrap()[at];
                }
            }
            let returns = figure(config, bet).returns;
            let all = 52 * decks * (52 * decks - 1);
            assert_eq!(returns.numer().clone() * all * 20_u8, returns.denom().clone() * sum, "{config} {bet}");
        }
    }
}

#[test]
fn the_readme_states_the_exact_figures_of_every_table() {
    let readme = include_str!("../README.md");
    for config in CONFIGS {
        let (_, section) =
            readme.split_once(&format!("`{config}`")).unwrap_or_else(|| panic!("no section for {config}"));
        let section = section.split("\n## ").next().unwrap();
        for figure in figures(config) {
            let line = format!(
                "| {} | {} | {} | {} |",
                figure.bet,
                decimal(&figure.returns, 12),
                decimal(&figure.hit_rate, 12),
                root(&figure.variance, 12)
            );
            assert!(section.contains(&line), "{config}: {line}");
        }
    }
}

#[test]
fn the_declared_return_is_the_lowest_of_all_bets() {
    for banker in ["\"banker_six_half\":true", "\"commission_bp\":500"] {
        for (decks, tie) in (1..=8).flat_map(|decks| [(decks, 8), (decks, 9)]) {
            let config = format!("{{{banker},\"decks\":{decks},\"tie_pays\":{tie}}}");
            let lowest = figures(&config).into_iter().map(|figure| figure.returns).min().unwrap();
            let ppm = (lowest * BigInt::from(1_000_000)).to_integer();
            assert_eq!(ppm, Baccarat::describe(&config).unwrap().return_ppm.into(), "{config}");
        }
    }
}
