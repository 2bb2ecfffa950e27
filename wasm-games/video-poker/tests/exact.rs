//! The game's hands and draws against the independent evaluator; and the figures of the README.

#![cfg(test)]

use std::collections::BTreeMap;

use exact::{Figure, decimal, root};
use game_sdk::{Action, Bet, Game, Recorded};
use num_bigint::BigInt;
use video_poker::{Rank, VideoPoker, rank};

const CONFIGS: [&str; 8] = [
    include_str!("../configs/9-6.json"),
    include_str!("../configs/9-5.json"),
    include_str!("../configs/8-6.json"),
    include_str!("../configs/8-5.json"),
    include_str!("../configs/7-5.json"),
    include_str!("../configs/6-5.json"),
    include_str!("../configs/9-6-royal-940.json"),
    include_str!("../configs/8-5-royal-1000.json"),
];

fn main_figure(config: &str) -> Figure {
    exact::figures("video-poker", &serde_json::from_str(config).unwrap(), &[]).unwrap().remove(0)
}

/// Calls `see` with every hand of ascending cards.
fn hands(mut see: impl FnMut([u8; 5])) {
    for e in 4..52 {
        for d in 3..e {
            for c in 2..d {
                for b in 1..c {
                    (0..b).for_each(|a| see([a, b, c, d, e]));
                }
            }
        }
    }
}

/// Draws that deal `cards` one after the other.
fn draws(cards: &[u8]) -> Vec<u64> {
    let place = |(at, card): (usize, &u8)| {
        u64::from(*card) - cards[..at].iter().filter(|gone| *gone < card).map(|_| 1).sum::<u64>()
    };
    cards.iter().enumerate().map(place).collect()
}

#[test]
fn all_hands_are_of_the_rank_that_every_book_says() {
    let mut counts = BTreeMap::new();
    hands(|cards| *counts.entry(rank(cards)).or_insert(0_u32) += 1);
    let expected = [
        (Rank::Nothing, 2_062_860),
        (Rank::JacksOrBetter, 337_920),
        (Rank::TwoPair, 123_552),
        (Rank::ThreeOfAKind, 54_912),
        (Rank::Straight, 10_200),
        (Rank::Flush, 5_108),
        (Rank::FullHouse, 3_744),
        (Rank::FourOfAKind, 624),
        (Rank::StraightFlush, 36),
        (Rank::RoyalFlush, 4),
    ];
    assert_eq!(counts, expected.into());
}

/// What all completions of a hand with a hold pay together, by playing each through the game.
fn played(config: &str, cards: [u8; 5], holds: i64) -> u64 {
    let values = draws(&cards);
    let state =
        VideoPoker::play(config, &[Bet { spot: 0, stake_minor: 1 }], &mut Recorded::new(&values)).unwrap().state;
    let drawn = 5 - holds.count_ones();
    let mut sum = 0;
    let mut open = vec![Vec::new()];
    while let Some(values) = open.pop() {
        if values.len() < usize::try_from(drawn).unwrap() {
            let left = 47 - u64::try_from(values.len()).unwrap();
            open.extend((0..left).map(|next| [values.as_slice(), &[next]].concat()));
        } else {
            let mut recorded = Recorded::new(&values);
            sum += VideoPoker::act(config, &state, Action { id: 1, arg: holds }, &mut recorded).unwrap().win_minor;
            assert!(recorded.fits());
        }
    }
    sum
}

/// The same from the ranks of all hands: those that hold what is held and none of what is discarded, in each order.
fn counted(pays: &dyn Fn(Rank) -> u64, cards: [u8; 5], holds: i64) -> u64 {
    let at = |held: i64| (0..5).filter(move |at| holds >> at & 1 == held).map(|at| cards[at]).collect::<Vec<u8>>();
    let (kept, gone) = (at(1), at(0));
    let mut sum = 0;
    hands(|hand| {
        if kept.iter().all(|card| hand.contains(card)) && !gone.iter().any(|card| hand.contains(card)) {
            sum += pays(rank(hand));
        }
    });
    let orders: usize = (1..=gone.len()).product();
    sum * u64::try_from(orders).unwrap()
}

#[test]
fn holds_played_through_the_game_pay_what_counting_hands_says() {
    let pays = |rank: Rank| [0, 1, 2, 3, 4, 6, 9, 25, 50, 800][position(rank)];
    // Three to a royal, a low pair, a four to a flush, and nothing worth holding.
    for cards in [[12, 11, 10, 20, 30], [3, 16, 25, 44, 50], [1, 4, 6, 8, 45], [0, 15, 31, 47, 20]] {
        for holds in [31, 30, 15, 7, 3, 24, 17, 28] {
            assert_eq!(played(CONFIGS[0], cards, holds), counted(&pays, cards, holds), "{cards:?} {holds}");
        }
    }
}

fn position(rank: Rank) -> usize {
    let all = [
        Rank::Nothing,
        Rank::JacksOrBetter,
        Rank::TwoPair,
        Rank::ThreeOfAKind,
        Rank::Straight,
        Rank::Flush,
        Rank::FullHouse,
        Rank::FourOfAKind,
        Rank::StraightFlush,
        Rank::RoyalFlush,
    ];
    all.into_iter().position(|known| known == rank).unwrap()
}

#[test]
fn the_game_pays_each_hand_what_its_table_says() {
    // One hand of each rank, from nothing to the royal, all held.
    let examples: [[u8; 5]; 10] = [
        [0, 15, 31, 47, 20],
        [9, 22, 0, 1, 15],
        [0, 13, 1, 14, 2],
        [0, 13, 26, 1, 15],
        [12, 13, 14, 15, 16],
        [0, 2, 4, 6, 8],
        [0, 13, 26, 1, 14],
        [0, 13, 26, 39, 1],
        [12, 0, 1, 2, 3],
        [51, 50, 49, 48, 47],
    ];
    for config in CONFIGS {
        let params: serde_json::Value = serde_json::from_str(config).unwrap();
        let (house, flush) = params["paytable"].as_str().unwrap().split_once('/').unwrap();
        let royal = params["royal"].as_u64().unwrap_or(800);
        let pays = [0, 1, 2, 3, 4, flush.parse().unwrap(), house.parse().unwrap(), 25, 50, royal];
        for (cards, paid) in examples.into_iter().zip(pays) {
            assert_eq!(played(config, cards, 31), paid, "{config} {cards:?}");
        }
        let manifest = VideoPoker::describe(config).unwrap();
        assert_eq!((manifest.max_win_milli, manifest.spots[0].pays_milli), (royal * 1000, royal * 1000));
    }
}

#[test]
fn the_readme_states_the_exact_figures_of_every_table() {
    let readme = include_str!("../README.md");
    for config in CONFIGS {
        let figure = main_figure(config);
        let line = format!(
            "| `{config}` | {} | {} | {} |",
            decimal(&figure.returns, 12),
            decimal(&figure.hit_rate, 12),
            root(&figure.variance, 12)
        );
        assert!(readme.contains(&line), "{line}");
    }
}

#[test]
fn the_declared_return_is_that_of_optimal_play_under_every_configuration() {
    for (paytable, royal) in
        ["9/6", "9/5", "8/6", "8/5", "7/5", "6/5"].into_iter().flat_map(|p| [250, 800, 940, 1000].map(|r| (p, r)))
    {
        let config = format!("{{\"paytable\":\"{paytable}\",\"royal\":{royal}}}");
        let params = serde_json::from_str(&config).unwrap();
        let figures = exact::figures("video-poker", &params, &[]);
        let declared = VideoPoker::describe(&config);
        assert_eq!(figures.is_ok(), declared.is_ok(), "{config}");
        if let (Ok(figures), Ok(declared)) = (figures, declared) {
            let ppm = (figures[0].returns.clone() * BigInt::from(1_000_000)).to_integer();
            assert_eq!(ppm, BigInt::from(declared.return_ppm), "{config}");
            assert!(declared.return_ppm <= 1_000_000);
        }
    }
}
