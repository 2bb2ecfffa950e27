//! Blackjack from an infinite deck, by exact recursion over every decision: the return of optimal play. With an infinite deck
//! a hand is its total, so strategy by totals and pairs is all there is.
//!
//! Rules: the dealer stands on hard 17 and, by `soft17`, stands or hits on soft 17. With `peek` a dealer's blackjack ends the
//! round before any decision; without, it takes doubled and split stakes too. A pair is two cards of one value. Split hands
//! are no blackjacks; split aces get one card and are not resplit under `split_aces_one_card`, else are hands like others.
//! `double` by 9-11 or 10-11 means hard totals. Late surrender gives half back, on the first two cards, after the peek.
//! Insurance costs half and pays two to one; even money is offered for a blackjack against an ace.
//!
//! What comes back is the first stake plus the net of all stakes of the round, so that a lost double counts -1; the deviation
//! is of that. The hit rate is the probability that anything is paid.

mod dealer;
mod player;
mod worth;

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, Zero};
use serde_json::Value;

use crate::{ExactError, Figure};
use dealer::Dealer;
use player::Player;
use worth::Worth;

/// Totals that may be doubled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Doubles {
    Any,
    Hard(u8),
}

/// The parameters, read.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Rules {
    hits_soft_17: bool,
    das: bool,
    doubles: Doubles,
    /// Hands at most.
    hands: usize,
    aces_one_card: bool,
    surrender: bool,
    /// What a blackjack wins.
    blackjack: BigRational,
    peek: bool,
}

const KEYS: [&str; 9] = [
    "blackjack_pays",
    "das",
    "decks",
    "double",
    "late_surrender",
    "peek",
    "resplit_to",
    "soft17",
    "split_aces_one_card",
];

impl Rules {
    fn read(params: &Value) -> Result<Self, ExactError> {
        let object = params.as_object().ok_or_else(|| bad("an object is expected"))?;
        if object.keys().any(|key| !KEYS.contains(&key.as_str())) {
            return Err(bad(&format!("only {} are known", KEYS.join(", "))));
        }
        let flag = |key: &str| object.get(key).and_then(Value::as_bool).ok_or_else(|| bad(&format!("{key} is a bool")));
        let text = |key: &str| object.get(key).and_then(Value::as_str).unwrap_or_default();
        let number = |key: &str| object.get(key).and_then(Value::as_u64);
        match number("decks") {
            Some(0) => {}
            Some(1..=8) => {
                return Err(bad("decks is 0: a finite shoe depends on every card seen, and is not enumerated"));
            }
            _ => return Err(bad("decks is an integer from 0 to 8")),
        }
        let rules = Self {
            hits_soft_17: match text("soft17") {
                "stand" => false,
                "hit" => true,
                _ => return Err(bad("soft17 is stand or hit")),
            },
            das: flag("das")?,
            doubles: match text("double") {
                "any" => Doubles::Any,
                "9-11" => Doubles::Hard(9),
                "10-11" => Doubles::Hard(10),
                _ => return Err(bad("double is any, 9-11 or 10-11")),
            },
            hands: match number("resplit_to") {
                Some(2) => 2,
                Some(3) => 3,
                Some(4) => 4,
                _ => return Err(bad("resplit_to is 2, 3 or 4")),
            },
            aces_one_card: flag("split_aces_one_card")?,
            surrender: flag("late_surrender")?,
            blackjack: match text("blackjack_pays") {
                "3:2" => ratio(3, 2),
                "6:5" => ratio(6, 5),
                _ => return Err(bad("blackjack_pays is 3:2 or 6:5")),
            },
            peek: flag("peek")?,
        };
        if rules.surrender && !rules.peek {
            return Err(bad("late surrender needs the peek"));
        }
        Ok(rules)
    }
}

pub(crate) fn figures(params: &Value) -> Result<Vec<Figure>, ExactError> {
    let rules = Rules::read(params)?;
    let mut round = Worth::certain(&BigRational::zero(), false).scaled(&BigRational::zero());
    for up in 1..=10 {
        round = round.plus(&against(&rules, up).scaled(&chance(up)));
    }
    Ok(vec![Figure {
        bet: "main".to_owned(),
        returns: BigRational::one() + &round.net,
        hit_rate: BigRational::one() - &round.unpaid,
        variance: &round.square - &round.net * &round.net,
    }])
}

/// A round against the dealer's card `up`.
fn against(rules: &Rules, up: u8) -> Worth {
    let dealer = Dealer::new(rules, up);
    let player = Player::new(rules, &dealer);
    let mut sum = Worth::certain(&BigRational::zero(), false).scaled(&BigRational::zero());
    for (first, second) in (1..=10).flat_map(|first| (1..=10).map(move |second| (first, second))) {
        let worth = match first + second {
            11 if first.min(second) == 1 => natural(rules, &dealer, up),
            _ => ordinary(rules, &dealer, &player, first, second),
        };
        sum = sum.plus(&worth.scaled(&(chance(first) * chance(second))));
    }
    sum
}

/// The player's blackjack: a push against the dealer's. Even money is taken when it is worth more.
fn natural(rules: &Rules, dealer: &Dealer, up: u8) -> Worth {
    let won = Worth::certain(&rules.blackjack, false).scaled(&(BigRational::one() - &dealer.blackjack));
    let declined = won.plus(&Worth::certain(&BigRational::zero(), false).scaled(&dealer.blackjack));
    let even = Worth::certain(&BigRational::one(), false);
    if up == 1 && even.net > declined.net { even } else { declined }
}

fn ordinary(rules: &Rules, dealer: &Dealer, player: &Player<'_>, first: u8, second: u8) -> Worth {
    let played = player.two_cards(first, second).over(dealer);
    if !rules.peek {
        return played;
    }
    let beaten = Worth::certain(&-BigRational::one(), true);
    played.scaled(&(BigRational::one() - &dealer.blackjack)).plus(&beaten.scaled(&dealer.blackjack))
}

/// Probability of a card that counts `value`, an ace counting 1.
fn chance(value: u8) -> BigRational {
    ratio(if value == 10 { 4 } else { 1 }, 13)
}

/// `total`, where an ace counts 11 when `soft`, with one more card.
fn with_card((total, soft): (u8, bool), card: u8) -> (u8, bool) {
    let (sum, high) = if card == 1 && total <= 10 { (total + 11, true) } else { (total + card, soft) };
    if sum > 21 && high { (sum - 10, false) } else { (sum, high) }
}

fn ratio(over: i64, under: i64) -> BigRational {
    BigRational::new(BigInt::from(over), BigInt::from(under))
}

fn bad(why: &str) -> ExactError {
    ExactError::Params(why.to_owned())
}

#[cfg(test)]
mod tests;
