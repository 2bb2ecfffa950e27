//! Every place, on every pocket, at every table, against the second roulette; and the figures of the README.

#![cfg(test)]

use std::collections::{BTreeMap, BTreeSet};

use evaluator::Chip;
use game_sdk::{Bet, Game, Manifest, Recorded, Spot};
use roulette::Roulette;

mod evaluator;

/// Configuration, pockets, two zeros, la partage.
const TABLES: [(&str, u32, bool, bool); 4] = [
    (include_str!("../configs/single.json"), 37, false, false),
    (include_str!("../configs/single-la-partage.json"), 37, false, true),
    (include_str!("../configs/double.json"), 38, true, false),
    (include_str!("../configs/double-la-partage.json"), 38, true, true),
];

fn manifest(config: &str) -> Manifest {
    Roulette::describe(config).unwrap()
}

fn win(config: &str, bets: &[Bet], pocket: u32) -> u64 {
    let value = [u64::from(pocket)];
    let mut draws = Recorded::new(&value);
    let outcome = Roulette::play(config, bets, &mut draws).unwrap();
    assert!(draws.fits(), "one draw within the wheel");
    outcome.win_minor
}

/// What a player reads from a place's name.
fn named(spot: &Spot) -> Chip {
    let (kind, place) = spot.name.split_once(':').unwrap();
    let number = |text: &str| match text {
        "00" => 37,
        _ => text.parse::<u32>().unwrap(),
    };
    let pockets: BTreeSet<u32> = match (kind, place) {
        ("dozen", nth) => (1..=12).map(|n| n + 12 * (number(nth) - 1)).collect(),
        ("column", nth) => (0..12).map(|row| 3 * row + number(nth)).collect(),
        ("even", "red" | "black") => (1..=36).filter(|n| evaluator::color(*n) == place).collect(),
        ("even", "odd") => (1..=36).step_by(2).collect(),
        ("even", "even") => (2..=36).step_by(2).collect(),
        ("even", "low") => (1..=18).collect(),
        ("even", "high") => (19..=36).collect(),
        (_, numbers) => numbers.split('-').map(number).collect(),
    };
    let kinds = ["straight", "split", "street", "trio", "corner", "basket", "six-line", "dozen", "column", "even"];
    let kind = kinds.into_iter().find(|name| *name == kind).unwrap();
    Chip { kind, pockets }
}

#[test]
fn a_table_takes_exactly_the_chips_that_fit_on_its_cloth() {
    for (config, _, double, _) in TABLES {
        let named: Vec<Chip> = manifest(config).spots.iter().map(named).collect();
        assert_eq!(named.len(), if double { 161 } else { 157 });
        assert_eq!(named.into_iter().collect::<BTreeSet<Chip>>(), evaluator::chips(double));
    }
}

#[test]
fn every_place_pays_on_every_pocket_what_the_second_roulette_says() {
    for (config, pockets, _, la_partage) in TABLES {
        for spot in manifest(config).spots {
            let chip = named(&spot);
            for stake_minor in [spot.min_minor, 1234, spot.max_minor] {
                let bet = Bet { spot: spot.id, stake_minor };
                for pocket in 0..pockets {
                    let expected = evaluator::paid(&chip, stake_minor, pocket, la_partage);
                    assert_eq!(win(config, &[bet], pocket), expected, "{} on {pocket}", spot.name);
                    assert!(u128::from(expected) * 1000 <= u128::from(stake_minor) * u128::from(spot.pays_milli));
                }
            }
        }
    }
}

#[test]
fn all_places_at_once_pay_the_sum_of_each_alone() {
    for (config, pockets, _, _) in TABLES {
        let bets: Vec<Bet> =
            manifest(config).spots.iter().map(|spot| Bet { spot: spot.id, stake_minor: spot.max_minor }).collect();
        for pocket in 0..pockets {
            let alone: u64 = bets.iter().map(|bet| win(config, &[*bet], pocket)).sum();
            assert_eq!(win(config, &bets, pocket), alone);
        }
    }
}

#[test]
fn a_spin_is_shown_with_its_colour_and_its_winners_in_order() {
    let config = TABLES[3].0;
    let bet = |spot| Bet { spot, stake_minor: 50 };
    let shown = |bets: &[Bet], pocket| {
        let outcome = Roulette::play(config, bets, &mut Recorded::new(&[pocket])).unwrap();
        outcome.events.iter().map(|event| format!("{} {}", event.name, event.data)).collect::<Vec<_>>()
    };
    assert_eq!(
        shown(&[bet(900), bet(17), bet(901)], 17),
        [
            r#"spin {"color":"black","label":"17","pocket":17}"#,
            r#"win {"paid_minor":"1800","spot":17}"#,
            r#"win {"paid_minor":"100","spot":901}"#,
        ]
    );
    assert_eq!(
        shown(&[bet(900), bet(37)], 37),
        [
            r#"spin {"color":"green","label":"00","pocket":37}"#,
            r#"half {"paid_minor":"25","spot":900}"#,
            r#"win {"paid_minor":"1800","spot":37}"#,
        ]
    );
    for pocket in 0..37 {
        let expected = evaluator::color(u32::try_from(pocket).unwrap());
        assert!(shown(&[bet(17)], pocket)[0].contains(&format!("\"color\":\"{expected}\"")));
    }
}

/// Return, hit rate and standard deviation per unit of stake, by kind, as lines of a table.
fn figures(config: &str, pockets: u32, double: bool, la_partage: bool) -> BTreeMap<String, String> {
    let n = u128::from(pockets);
    let mut lines = BTreeMap::new();
    for chip in evaluator::chips(double) {
        // Two units of stake, so that halves are whole.
        let paid = |pocket: u32| u128::from(evaluator::paid(&chip, 2, pocket, la_partage));
        let sum: u128 = (0..pockets).map(paid).sum();
        let squares: u128 = (0..pockets).map(|pocket| paid(pocket).pow(2)).sum();
        let hits = (0..pockets).filter(|pocket| paid(*pocket) > 0).count();
        let deviation = ((n * squares - sum * sum) * 10_u128.pow(24)).isqrt();
        let line = format!(
            "| {} | {} | {} | {} |",
            chip.kind,
            decimal(sum, 2 * n),
            decimal(u128::try_from(hits).unwrap(), n),
            decimal(deviation, 2 * n * 10_u128.pow(12)),
        );
        let before = lines.insert(chip.kind.to_owned(), line.clone());
        assert!(before.is_none_or(|before| before == line), "{config}: one figure a kind");
    }
    lines
}

/// `numerator / denominator` with 12 digits, rounded half up.
fn decimal(numerator: u128, denominator: u128) -> String {
    let scaled = (numerator * 10_u128.pow(12) * 2 + denominator) / (2 * denominator);
    format!("{}.{:012}", scaled / 10_u128.pow(12), scaled % 10_u128.pow(12))
}

#[test]
fn the_readme_states_the_exact_figures_of_every_table() {
    let readme = include_str!("../README.md");
    for (config, pockets, double, la_partage) in TABLES {
        let (_, section) =
            readme.split_once(&format!("`{config}`")).unwrap_or_else(|| panic!("no section for {config}"));
        let section = section.split("\n## ").next().unwrap();
        for line in figures(config, pockets, double, la_partage).values() {
            assert!(section.contains(line), "{config}: {line}");
        }
    }
}

#[test]
fn the_declared_return_is_the_lowest_of_all_places() {
    for (config, pockets, double, la_partage) in TABLES {
        let lowest = evaluator::chips(double)
            .iter()
            .map(|chip| {
                let sum: u64 = (0..pockets).map(|pocket| evaluator::paid(chip, 2, pocket, la_partage)).sum();
                sum * 1_000_000 / (2 * u64::from(pockets))
            })
            .min()
            .unwrap();
        assert_eq!(u64::from(manifest(config).return_ppm), lowest);
    }
}
