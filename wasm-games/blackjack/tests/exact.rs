//! The game played out by every card and every decision, best decisions taken, against the independent evaluator; and the
//! figures of the README.
//!
//! From an infinite deck a hand is its total, so equal totals are played once. The two hands of a split are alike and
//! independent given the dealer's card: a split is worth twice what its first hand gets.

#![cfg(test)]

use std::collections::BTreeMap;

use blackjack::Blackjack;
use exact::{Figure, decimal, root};
use game_sdk::{Action, Bet, Game, Outcome, Recorded};
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::Zero;
use serde_json::{Value, json};

const CONFIGS: [&str; 8] = [
    include_str!("../configs/infinite.json"),
    include_str!("../configs/infinite-hit-soft-17.json"),
    include_str!("../configs/infinite-no-peek.json"),
    include_str!("../configs/infinite-surrender.json"),
    include_str!("../configs/infinite-six-five.json"),
    include_str!("../configs/six-decks.json"),
    include_str!("../configs/two-decks.json"),
    include_str!("../configs/eight-decks-no-peek.json"),
];
const STAKE: u64 = 100;

fn parsed(config: &str) -> Value {
    serde_json::from_str(config).unwrap()
}

/// The evaluator's figure; a finite shoe's is that of the infinite deck.
fn main_figure(config: &str) -> Figure {
    let mut params = parsed(config);
    params["decks"] = json!(0);
    exact::figures("blackjack", &params, &[]).unwrap().remove(0)
}

fn ratio(over: u64, under: u64) -> BigRational {
    BigRational::new(BigInt::from(over), BigInt::from(under))
}

/// Every kind of value that a draw below `bound` can have, with what the card counts and its chance: cards that count alike
/// are drawn once.
fn kinds(bound: u64) -> Vec<(u64, u64, BigRational)> {
    let ten_of = |counts: u64, all| ratio(if counts == 10 { 4 } else { 1 }, all);
    match bound {
        // Any card: an ace to a ten of the first suit.
        52 => (0..10).map(|value| (value, value + 1, ten_of(value + 1, 13))).collect(),
        // A hole card under an ace that is no ten.
        36 => (0..9).map(|value| (value, value + 1, ratio(1, 9))).collect(),
        // A hole card under a ten that is no ace.
        48 => (0..9).map(|value| (value, value + 2, ten_of(value + 2, 12))).collect(),
        _ => panic!("an infinite deck has no such draw: below({bound})"),
    }
}

/// The draws of a deal so far, and what the cards count.
#[derive(Default)]
struct Drawn {
    values: Vec<u64>,
    counts: Vec<u64>,
}

/// What a deal is worth from here, by the player's draws and the dealer's hard total and ace: the order of the dealer's cards
/// is all the same.
type Dealt = BTreeMap<(Vec<u64>, u64, bool), BigRational>;

/// A table, played with the best decisions.
struct Best {
    config: &'static str,
    known: BTreeMap<(String, &'static str), BigRational>,
}

impl Best {
    /// What the cases of `deal` are worth, each by `worth`.
    fn over(
        &mut self,
        deal: &dyn Fn(&mut Recorded<'_>) -> Outcome,
        drawn: &mut Drawn,
        dealt: &mut Dealt,
        worth: &mut dyn FnMut(&mut Self, &Outcome) -> BigRational,
    ) -> BigRational {
        let mut draws = Recorded::new(&drawn.values);
        let outcome = deal(&mut draws);
        if draws.fits() {
            return worth(self, &outcome);
        }
        let (_, bound) = draws.bounds()[drawn.values.len()];
        let players = outcome.events.iter().map(|event| match event.name.as_str() {
            "card" => 1,
            "deal" => 3,
            _ => 0,
        });
        let players = players.sum();
        let key = (drawn.values.len() > players).then(|| {
            let (before, dealers) = drawn.counts.split_at(players);
            (before.to_vec(), dealers.iter().sum(), dealers.contains(&1))
        });
        if let Some(known) = key.as_ref().and_then(|key| dealt.get(key)) {
            return known.clone();
        }
        let mut sum = BigRational::zero();
        for (value, counts, chance) in kinds(bound) {
            drawn.values.push(value);
            drawn.counts.push(counts);
            sum += self.over(deal, drawn, dealt, worth) * chance;
            drawn.values.pop();
            drawn.counts.pop();
        }
        if let Some(key) = key {
            dealt.insert(key, sum.clone());
        }
        sum
    }

    fn act(&mut self, state: &[u8], id: u32, worth: &mut dyn FnMut(&mut Self, &Outcome) -> BigRational) -> BigRational {
        let config = self.config;
        let action = Action { id, arg: 0 };
        let deal = move |draws: &mut Recorded<'_>| Blackjack::act(config, state, action, draws).unwrap();
        self.over(&deal, &mut Drawn::default(), &mut Dealt::new(), worth)
    }

    /// What the round after `outcome` still gets, less what it costs, minor units.
    fn rest(&mut self, outcome: &Outcome) -> BigRational {
        let paid = ratio(outcome.win_minor, 1);
        if outcome.finished {
            return paid;
        }
        let key = (situation(&outcome.state), "round");
        if let Some(worth) = self.known.get(&key) {
            return paid + worth;
        }
        let mut best: Option<BigRational> = None;
        for offer in &outcome.offers {
            let gets = match offer.action {
                // Insurance: the peek is one draw whose values don't name cards.
                6..=7 => self.answered(&outcome.state, offer.action),
                4 => self.first_hand_of_split(&outcome.state) * BigInt::from(2),
                id => self.act(&outcome.state, id, &mut |best, next| best.rest(next)),
            };
            let worth = gets - ratio(offer.extra_minor, 1);
            best = Some(best.map_or_else(|| worth.clone(), |before| before.max(worth.clone())));
        }
        let best = best.unwrap();
        self.known.insert(key, best.clone());
        paid + best
    }

    /// After the answer to insurance. With the peek, the first 16 of 52 values are a blackjack under an ace.
    fn answered(&mut self, state: &[u8], id: u32) -> BigRational {
        if parsed(self.config)["peek"] == json!(false) {
            return self.act(state, id, &mut |best, next| best.rest(next));
        }
        let config = self.config;
        let peek =
            |value: u64| Blackjack::act(config, state, Action { id, arg: 0 }, &mut Recorded::new(&[value])).unwrap();
        assert!(peek(15).finished);
        self.rest(&peek(0)) * ratio(4, 13) + self.rest(&peek(16)) * ratio(9, 13)
    }

    /// What the first hand of a split gets: the second stands on whatever it has.
    fn first_hand_of_split(&mut self, state: &[u8]) -> BigRational {
        self.act(state, 4, &mut |best, next| best.first_hand(next))
    }

    fn first_hand(&mut self, outcome: &Outcome) -> BigRational {
        if outcome.finished {
            return ratio(first_result(outcome), 1);
        }
        let second_plays = outcome.state[15] == 1;
        if second_plays {
            // Its own cards don't touch the first hand, which the dealer's end decides.
            return self.known_or((situation(&outcome.state), "second"), |best| {
                best.act(&outcome.state, 2, &mut |best, next| best.first_hand(next))
            });
        }
        self.known_or((situation(&outcome.state), "first"), |best| {
            let mut most: Option<BigRational> = None;
            for offer in &outcome.offers {
                let price = ratio(offer.extra_minor, 1);
                let worth = best.act(&outcome.state, offer.action, &mut |best, next| best.first_hand(next)) - price;
                most = Some(most.map_or_else(|| worth.clone(), |before| before.max(worth.clone())));
            }
            most.unwrap()
        })
    }

    fn known_or(&mut self, key: (String, &'static str), find: impl FnOnce(&mut Self) -> BigRational) -> BigRational {
        if let Some(worth) = self.known.get(&key) {
            return worth.clone();
        }
        let worth = find(self);
        self.known.insert(key, worth.clone());
        worth
    }
}

/// What a state means where only totals count: the dealer's card, insurance, and the hands by value.
fn situation(state: &[u8]) -> String {
    let value = |card: &u8| (card % 13 + 1).min(10);
    let mut hands = &state[17..];
    let mut text = format!("{} {} {}", value(&state[13]), state[14], state[15]);
    let mut waiting = false;
    while let [doubled, count, rest @ ..] = hands {
        let (cards, next) = rest.split_at(usize::from(*count));
        let hard: u8 = cards.iter().map(value).sum();
        let ace = cards.iter().any(|card| value(card) == 1);
        // The hand that waits behind or plays second counts for nothing but its being there.
        if !waiting {
            let pair =
                if cards.len() == 2 { format!("{:?}", value(&cards[0]) == value(&cards[1])) } else { String::new() };
            let total = if hard > 21 { 22 } else { hard };
            text += &format!(" {doubled} {total} {ace} {} {pair}", cards.len() == 2 && state[15] == 0);
        } else {
            text += &format!(" {}", cards.len());
        }
        waiting = true;
        hands = next;
    }
    text
}

fn first_result(outcome: &Outcome) -> u64 {
    let results = outcome.events.iter().filter(|event| event.name == "result");
    let data: Value = serde_json::from_str(&results.clone().next().unwrap().data).unwrap();
    assert_eq!((results.count(), &data["hand"]), (2, &json!(0)));
    data["paid_minor"].as_str().unwrap().parse().unwrap()
}

fn open(config: &str, draws: &mut Recorded<'_>) -> Outcome {
    Blackjack::play(config, &[Bet { spot: 0, stake_minor: STAKE }], draws).unwrap()
}

fn played(config: &'static str) -> BigRational {
    let mut best = Best { config, known: BTreeMap::new() };
    let peek = parsed(config)["peek"] == json!(true);
    let mut sum = BigRational::zero();
    for (up, _, chance) in kinds(52) {
        for ((first, _, a), (second, _, b)) in
            kinds(52).into_iter().flat_map(|a| kinds(52).into_iter().map(move |b| (a.clone(), b)))
        {
            let worth = if peek && up == 9 {
                // Under a ten the first 4 of 52 values of the peek are a blackjack.
                let [found, none] = [3, 4].map(|peek| open(config, &mut Recorded::new(&[first, up, second, peek])));
                assert!(found.finished);
                best.rest(&found) * ratio(1, 13) + best.rest(&none) * ratio(12, 13)
            } else {
                let mut drawn = Drawn { values: vec![first, up, second], counts: vec![first + 1, up + 1, second + 1] };
                best.over(&|draws| open(config, draws), &mut drawn, &mut Dealt::new(), &mut |best, next| {
                    best.rest(next)
                })
            };
            sum += worth * a * b * &chance;
        }
    }
    sum / BigInt::from(STAKE)
}

#[test]
fn the_game_played_best_returns_what_the_evaluator_says() {
    for config in [CONFIGS[0], CONFIGS[2], CONFIGS[4]] {
        assert_eq!(played(config), main_figure(config).returns, "{config}");
    }
}

#[test]
fn the_first_table_returns_what_is_published() {
    assert_eq!(decimal(&main_figure(CONFIGS[0]).returns, 8), "0.99429612");
}

#[test]
fn the_readme_states_the_exact_figures_of_every_infinite_table() {
    let readme = include_str!("../README.md");
    for config in &CONFIGS[..5] {
        let (_, section) =
            readme.split_once(&format!("`{config}`")).unwrap_or_else(|| panic!("no section for {config}"));
        let section = section.split("\n## ").next().unwrap();
        let figure = main_figure(config);
        let line = format!(
            "| main | {} | {} | {} |",
            decimal(&figure.returns, 12),
            decimal(&figure.hit_rate, 12),
            root(&figure.variance, 12)
        );
        assert!(section.contains(&line), "{config}: {line}");
    }
}

/// Every combination of rules; every twenty-ninth is computed.
#[test]
fn the_declared_return_is_that_of_optimal_play_from_an_infinite_deck() {
    let mut place = 0;
    for soft17 in ["stand", "hit"] {
        for (das, double) in
            [false, true].into_iter().flat_map(|das| ["any", "9-11", "10-11"].map(|double| (das, double)))
        {
            for (hands, aces) in [2, 3, 4].into_iter().flat_map(|hands| [(hands, false), (hands, true)]) {
                for (late, peek) in [(false, true), (true, true), (false, false)] {
                    for pays in ["3:2", "6:5"] {
                        let params = json!({"blackjack_pays": pays, "das": das, "decks": 0, "double": double,
                            "late_surrender": late, "peek": peek, "resplit_to": hands, "soft17": soft17,
                            "split_aces_one_card": aces});
                        let declared = Blackjack::describe(&params.to_string()).unwrap().return_ppm;
                        assert!((950_000..1_000_000).contains(&declared), "{params}");
                        place += 1;
                        if place % 29 == 0 {
                            let ppm = (main_figure(&params.to_string()).returns * BigInt::from(1_000_000)).to_integer();
                            assert_eq!(ppm, BigInt::from(declared), "{params}");
                        }
                    }
                }
            }
        }
    }
    for config in CONFIGS {
        let ppm = (main_figure(config).returns * BigInt::from(1_000_000)).to_integer();
        assert_eq!(ppm, BigInt::from(Blackjack::describe(config).unwrap().return_ppm), "{config}");
    }
}
