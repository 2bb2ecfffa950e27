//! Whole rounds: a paid spin with all its free spins, and a bought bonus.

use num_bigint::{BigInt, BigUint};
use num_rational::BigRational;
use serde_json::Value;

use super::{Bonus, Game, Rest, Tally, award};
use crate::{ExactError, Figure};

/// Free spins of a round, at most.
pub const BOUND: usize = 30;
/// Line stakes of a spin.
pub const SPIN_LINES: u64 = 20;
/// Line stakes of a bought bonus.
pub const BUY_LINES: u64 = 27 * SPIN_LINES;
/// Chances of 8, 10 and 15 spins in a bought bonus, of 100.
pub const BOUGHT: [(u64, usize); 3] = [(65, 8), (30, 10), (5, 15)];

/// Moments of a whole round in line stakes, over one denominator.
#[derive(Clone, Debug)]
pub struct Round {
    /// What the others stand over.
    pub denominator: BigUint,
    /// Expected win.
    pub won: BigUint,
    /// Expected square of the win.
    pub squares: BigUint,
    /// Chance of no win at all.
    pub blank: BigUint,
}

impl Round {
    fn empty(denominator: BigUint) -> Self {
        Self { denominator, won: BigUint::ZERO, squares: BigUint::ZERO, blank: BigUint::ZERO }
    }

    /// The figures per unit of a stake of `lines` line stakes.
    fn figure(&self, bet: &str, lines: u64) -> Figure {
        let ratio =
            |over: &BigUint| BigRational::new(BigInt::from(over.clone()), BigInt::from(self.denominator.clone()));
        let stake = BigRational::from_integer(lines.into());
        let returns = ratio(&self.won) / &stake;
        let variance = ratio(&self.squares) / (&stake * &stake) - &returns * &returns;
        let hit_rate = ratio(&(&self.denominator - &self.blank));
        Figure { bet: bet.to_owned(), returns, hit_rate, variance }
    }
}

/// A paid spin with all its free spins.
#[must_use]
pub fn spin_round(tallies: &[Tally; 6], bonus: &Bonus) -> Round {
    let unit = bonus.denominator();
    let sets: u64 = tallies.iter().map(|tally| tally.count).sum();
    let mut round = Round::empty(&unit * sets);
    for (lanterns, tally) in tallies.iter().enumerate() {
        let rest = match award(lanterns) {
            0 => Rest { blank: unit.clone(), ..Rest::default() },
            award => bonus.won_with(award).clone(),
        };
        round.won += &unit * tally.won + &rest.won * tally.count;
        round.squares += &unit * tally.squares + &rest.won * tally.won * 2_u8 + &rest.squares * tally.count;
        round.blank += &rest.blank * tally.blanks;
    }
    round
}

/// A bought bonus.
#[must_use]
pub fn buy_round(bonus: &Bonus) -> Round {
    let mut round = Round::empty(bonus.denominator() * 100_u8);
    for (weight, award) in BOUGHT {
        let rest = bonus.won_with(award);
        round.won += &rest.won * weight;
        round.squares += &rest.squares * weight;
        round.blank += &rest.blank * weight;
    }
    round
}

/// `spin` and `buy` of a variant: `{"variant": "94" | "95" | "96"}`.
///
/// # Errors
/// [`ExactError::Params`].
pub fn figures(params: &Value) -> Result<Vec<Figure>, ExactError> {
    let object = params.as_object().filter(|object| object.len() == 1);
    let variant = object.and_then(|object| object.get("variant")).and_then(Value::as_str);
    let game = variant.and_then(Game::base);
    let game = game.ok_or_else(|| ExactError::Params("variant is `94`, `95` or `96`, and nothing else".to_owned()))?;
    let bonus = Bonus::new(&Game::free().enumerate(), BOUND);
    let spin = spin_round(&game.enumerate(), &bonus).figure("spin", SPIN_LINES);
    Ok(vec![spin, buy_round(&bonus).figure("buy", BUY_LINES)])
}
