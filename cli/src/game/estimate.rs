//! What a tally says of a game: exact rationals of its integers, so that the same tally prints the same digits everywhere.

use exact::{decimal, root};
use num_bigint::{BigInt, BigUint};
use num_rational::BigRational;
use num_traits::{Signed, Zero};

use super::tally::Tally;

/// Digits after the point.
pub(crate) const DIGITS: u32 = 12;

/// Mean and spread per unit of the opening bets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Estimate {
    pub(crate) rounds: BigRational,
    pub(crate) returns: BigRational,
    pub(crate) hit_rate: BigRational,
    pub(crate) variance: BigRational,
}

impl Estimate {
    /// `None` for no round.
    pub(crate) fn of(tally: &Tally) -> Option<Self> {
        let (rounds, base) = (whole(tally.rounds), whole(tally.base_minor.into()));
        if rounds.is_zero() || base.is_zero() {
            return None;
        }
        let returns = BigRational::from_integer(tally.net_minor.into()) / (&rounds * &base);
        let square = whole(tally.square) / (&rounds * &base * &base);
        let variance = square - &returns * &returns;
        Some(Self { hit_rate: whole(tally.hits) / &rounds, rounds, returns, variance })
    }

    /// Variance of the mean.
    pub(crate) fn error_square(&self) -> BigRational {
        &self.variance / &self.rounds
    }

    /// Ends of the 95 % confidence interval of the mean: 1.96 standard errors (1.959963984540, squared 3.841458820694) either side.
    pub(crate) fn interval(&self) -> (BigRational, BigRational) {
        let z_square = BigRational::new(3_841_458_820_694_i64.into(), 1_000_000_000_000_i64.into());
        let half = square_root(&(self.error_square() * z_square));
        (&self.returns - &half, &self.returns + &half)
    }

    pub(crate) fn deviation(&self) -> String {
        root(&self.variance, DIGITS)
    }
}

/// `value` with 12 digits.
pub(crate) fn digits(value: &BigRational) -> String {
    decimal(value, DIGITS)
}

/// `value` as a percentage with four digits, for people.
pub(crate) fn percent(value: &BigRational) -> String {
    format!("{} %", decimal(&(value * BigInt::from(100)), 4))
}

/// `over / under`, 0 for a denominator of 0.
pub(crate) fn ratio(over: u128, under: u128) -> BigRational {
    if under == 0 { BigRational::zero() } else { BigRational::new(over.into(), under.into()) }
}

/// True when `found` is within `sigmas` standard errors of `expected`, give or take `slack`.
pub(crate) fn agrees(
    found: &BigRational,
    expected: &BigRational,
    error_square: &BigRational,
    sigmas: u32,
    slack: &BigRational,
) -> bool {
    let off = (found - expected).abs() - slack;
    !off.is_positive() || &off * &off <= error_square * BigInt::from(sigmas) * BigInt::from(sigmas)
}

fn whole(value: u128) -> BigRational {
    BigRational::from_integer(value.into())
}

/// Cut after 12 digits.
fn square_root(value: &BigRational) -> BigRational {
    let scale = BigInt::from(10_u8).pow(DIGITS);
    let scaled: BigUint = (value.abs() * &scale * &scale).to_integer().magnitude().clone();
    BigRational::new(scaled.sqrt().into(), scale)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::game::course::Round;

    fn coin(wins: u128, losses: u128) -> Estimate {
        let mut tally = Tally::default();
        for (count, win_minor) in [(wins, 20), (losses, 0)] {
            for _ in 0..count {
                tally.add(&Round { base_minor: 10, stake_minor: 10, win_minor, deals: 1, had_choice: false });
            }
        }
        Estimate::of(&tally).unwrap()
    }

    #[test]
    fn a_coins_estimate_is_known() {
        let fair = coin(50, 50);
        assert_eq!((digits(&fair.returns), digits(&fair.hit_rate)), ("1.000000000000".into(), "0.500000000000".into()));
        assert_eq!(fair.deviation(), "1.000000000000");
        let (low, high) = fair.interval();
        // 1.959963984540 / sqrt(100), from the square's 12 digits.
        assert_eq!((&digits(&low)[..10], &digits(&high)[..10]), ("0.80400360", "1.19599639"));
        assert_eq!(percent(&fair.returns), "100.0000 %");
    }

    #[test]
    fn agreement_is_measured_in_standard_errors() {
        let (fair, none) = (coin(50, 50), BigRational::zero());
        let at = |percent: i64| BigRational::new(percent.into(), 100.into());
        assert!(agrees(&fair.returns, &at(119), &fair.error_square(), 2, &none));
        assert!(!agrees(&fair.returns, &at(121), &fair.error_square(), 2, &none));
        assert!(agrees(&fair.returns, &at(121), &fair.error_square(), 2, &at(1)));
    }

    #[test]
    fn no_round_says_nothing() {
        assert_eq!(Estimate::of(&Tally::default()), None);
    }
}
