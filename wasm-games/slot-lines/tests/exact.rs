//! The exact mathematics by a second evaluator: every stop of every reel, the bounded recursion of the free spins, and
//! the game itself compared with it spin by spin.

#![cfg(test)]

use std::sync::LazyLock;

use decimal::{decimal, root};
use exact::slot_lines::{
    BOUGHT, BOUND, BUY_LINES, Bonus, Game as Second, Round, SPIN_LINES, Tally, award, buy_round, spin_round,
};
use game_sdk::{Action, Bet, Game, Outcome, Recorded};
use num_bigint::BigUint;
use slot_lines::SlotLines;

mod decimal;

const VARIANTS: [(&str, &str); 3] = [
    ("94", include_str!("../configs/94.json")),
    ("95", include_str!("../configs/95.json")),
    ("96", include_str!("../configs/96.json")),
];
const FREE_SPIN: Action = Action { id: 1, arg: 0 };

static FREE: LazyLock<[Tally; 6]> = LazyLock::new(|| Second::free().enumerate());
static BONUS: LazyLock<Bonus> = LazyLock::new(|| Bonus::new(&FREE, BOUND));

/// A line of the README's table: return, hit rate and standard deviation per unit of a stake of `lines`.
fn line(round: &Round, name: &str, lines: u64) -> String {
    let stakes = &round.denominator * lines;
    let variance = &round.squares * &round.denominator - &round.won * &round.won;
    format!(
        "| {name} | {} | {} | {} |",
        decimal(&round.won, &stakes),
        decimal(&(&round.denominator - &round.blank), &round.denominator),
        root(&variance, &stakes),
    )
}

fn return_ppm(round: &Round, lines: u64) -> BigUint {
    &round.won * 1_000_000_u32 / (&round.denominator * lines)
}

fn draws(stops: [usize; 5]) -> [u64; 5] {
    stops.map(|stop| u64::try_from(stop).unwrap())
}

fn bounds(second: &Second) -> Vec<(u64, u64)> {
    draws(second.lengths()).into_iter().map(|length| (0, length)).collect()
}

fn play(config: &str, spot: u32, stake_minor: u64, values: &[u64]) -> (Outcome, Vec<(u64, u64)>) {
    let mut draws = Recorded::new(values);
    let outcome = SlotLines::play(config, &[Bet { spot, stake_minor }], &mut draws).unwrap();
    assert!(draws.fits());
    (outcome, draws.bounds().to_vec())
}

fn act(config: &str, state: &[u8], values: &[u64]) -> (Outcome, Vec<(u64, u64)>) {
    let mut draws = Recorded::new(values);
    let outcome = SlotLines::act(config, state, FREE_SPIN, &mut draws).unwrap();
    assert!(draws.fits());
    (outcome, draws.bounds().to_vec())
}

/// Every `STRIDE`th set of stops, which meets every stop of every reel: the stride has no factor in common with any
/// length.
fn some_stops(second: &Second) -> impl Iterator<Item = [usize; 5]> {
    const STRIDE: usize = 17;
    let lengths = second.lengths();
    (0..lengths.iter().product()).step_by(STRIDE).map(move |mut number: usize| {
        lengths.map(|length| {
            let stop = number % length;
            number /= length;
            stop
        })
    })
}

#[test]
fn a_paid_spin_wins_what_the_second_evaluator_says() {
    for (variant, config) in VARIANTS {
        let second = Second::base(variant).unwrap();
        let bounds = bounds(&second);
        for stops in some_stops(&second) {
            let (lanterns, won) = second.spin(stops);
            let (outcome, asked) = play(config, 0, SPIN_LINES, &draws(stops));
            assert_eq!(outcome.win_minor, won, "{variant} at {stops:?}");
            assert_eq!(outcome.finished, award(lanterns) == 0);
            assert_eq!(asked, bounds);
        }
    }
}

#[test]
fn a_free_spin_wins_what_the_second_evaluator_says() {
    let config = VARIANTS[0].1;
    let second = Second::free();
    let bounds = bounds(&second);
    let (bought, _) = play(config, 1, BUY_LINES, &[0]);
    for stops in some_stops(&second) {
        let (lanterns, won) = second.spin(stops);
        let (outcome, asked) = act(config, &bought.state, &draws(stops));
        assert_eq!(outcome.win_minor, won, "at {stops:?}");
        assert_eq!(outcome.state[11], if lanterns >= 3 { 13 } else { 8 });
        assert_eq!(asked, bounds);
    }
}

#[test]
fn a_bought_bonus_has_8_10_or_15_spins_as_often_as_it_says() {
    let mut counts = [0_u64; 16];
    for value in 0..100 {
        let (outcome, asked) = play(VARIANTS[1].1, 1, BUY_LINES, &[value]);
        assert_eq!((outcome.win_minor, asked), (0, vec![(0, 100)]));
        counts[usize::from(outcome.state[11])] += 1;
    }
    for (weight, award) in BOUGHT {
        assert_eq!(counts[award], weight);
    }
}

#[test]
fn the_readme_states_the_exact_figures_and_the_manifest_rounds_them_down() {
    let readme = include_str!("../README.md");
    let buy = buy_round(&BONUS);
    let mut missing = Vec::new();
    for (variant, config) in VARIANTS {
        let spin = spin_round(&Second::base(variant).unwrap().enumerate(), &BONUS);
        let (_, section) = readme.split_once(&format!("`{config}`")).expect("a section for each variant");
        let section = section.split("\n## ").next().unwrap();
        let lines = [line(&spin, "spin", SPIN_LINES), line(&buy, "buy", BUY_LINES)];
        missing.extend(lines.into_iter().filter(|line| !section.contains(line)).map(|line| (config, line)));
        let manifest = SlotLines::describe(config).unwrap();
        let lowest = return_ppm(&spin, SPIN_LINES).min(return_ppm(&buy, BUY_LINES));
        assert_eq!(BigUint::from(manifest.return_ppm), lowest);
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn the_declared_maximum_is_attained_and_nothing_is_beyond_it() {
    for (variant, config) in VARIANTS {
        let tallies = Second::base(variant).unwrap().enumerate();
        let (most, stops, award) = tallies
            .iter()
            .enumerate()
            .map(|(lanterns, tally)| {
                let rest = BONUS.won_with(award(lanterns)).most;
                (tally.most.0 + rest, tally.most.1, award(lanterns))
            })
            .max()
            .unwrap();
        let manifest = SlotLines::describe(config).unwrap();
        assert_eq!(most * 1000, manifest.max_win_milli * SPIN_LINES, "{most} line stakes");

        let (mut outcome, _) = play(config, 0, SPIN_LINES, &draws(stops));
        let mut won = outcome.win_minor;
        for stops in BONUS.best_stops(award) {
            (outcome, _) = act(config, &outcome.state, &draws(stops));
            won += outcome.win_minor;
        }
        assert!(outcome.finished);
        assert_eq!(won, most);

        let bought = BOUGHT.map(|(_, award)| BONUS.won_with(award).most).into_iter().max().unwrap();
        assert_eq!(manifest.spots[1].pays_milli, (bought * 1000).div_ceil(BUY_LINES), "{bought} line stakes");
        assert!(u128::from(bought) * 1000 <= u128::from(manifest.max_win_milli) * u128::from(BUY_LINES));
    }
}

#[test]
fn without_the_bound_the_recursion_tends_to_the_closed_form_of_retriggers() {
    // Expected spins of an award a when each spin adds 5 with chance p: a / (1 - 5p).
    let unbounded = Bonus::new(&FREE, 150);
    let (retriggers, sets) = unbounded.retrigger_chance();
    for award in [8_u64, 10, 15] {
        let closed = decimal(&BigUint::from(award * sets), &BigUint::from(sets - 5 * retriggers));
        let rest = unbounded.won_with(usize::try_from(award).unwrap());
        assert_eq!(decimal(&rest.spins, &unbounded.denominator()), closed);
        let bounded = BONUS.won_with(usize::try_from(award).unwrap());
        assert!(decimal(&bounded.spins, &BONUS.denominator()) < closed);
    }
}
