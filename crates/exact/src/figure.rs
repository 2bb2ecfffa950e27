//! One bet's figures, and rationals as decimals.

use num_bigint::{BigInt, BigUint};
use num_rational::BigRational;
use num_traits::{Signed, Zero};

/// What one bet of one unit is worth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// Its name, as games.md lists them.
    pub bet: String,
    /// Mean of what comes back, the stake included, in stakes.
    pub returns: BigRational,
    /// Probability that anything comes back.
    pub hit_rate: BigRational,
    /// Variance of what comes back, in squared stakes.
    pub variance: BigRational,
}

impl Figure {
    /// From every distinct payment (in stakes, the stake included) with its probability.
    pub fn of<'a>(
        bet: impl Into<String>,
        outcomes: impl IntoIterator<Item = (&'a BigRational, &'a BigRational)>,
    ) -> Self {
        let (mut returns, mut hit_rate, mut square) = (BigRational::zero(), BigRational::zero(), BigRational::zero());
        for (paid, probability) in outcomes {
            returns += paid * probability;
            square += paid * paid * probability;
            if paid.is_positive() {
                hit_rate += probability;
            }
        }
        let variance = square - &returns * &returns;
        Self { bet: bet.into(), returns, hit_rate, variance }
    }
}

/// `value` in decimal notation with `digits` digits after the point, rounded half away from zero.
#[must_use]
pub fn decimal(value: &BigRational, digits: u32) -> String {
    let scale = BigInt::from(10_u8).pow(digits);
    let scaled = (value.abs() * BigRational::from_integer(scale)).round().to_integer();
    pointed(&scaled, digits, value.is_negative())
}

/// The square root of a value that is not negative, in decimal notation with `digits` digits, the last one cut.
#[must_use]
pub fn root(value: &BigRational, digits: u32) -> String {
    let scale = BigInt::from(10_u8).pow(digits.saturating_mul(2));
    let scaled: BigUint = (value.abs() * BigRational::from_integer(scale)).to_integer().magnitude().clone();
    pointed(&BigInt::from(scaled.sqrt()), digits, false)
}

fn pointed(scaled: &BigInt, digits: u32, negative: bool) -> String {
    let width = usize::try_from(digits).unwrap_or(0);
    let text = format!("{scaled:0>least$}", least = width + 1);
    let (whole, part) = text.split_at(text.len().saturating_sub(width));
    let sign = if negative { "-" } else { "" };
    if width == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{part}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ratio(over: i64, under: i64) -> BigRational {
        BigRational::new(over.into(), under.into())
    }

    #[test]
    fn decimals_are_rounded_and_padded() {
        assert_eq!(decimal(&ratio(36, 37), 12), "0.972972972973");
        assert_eq!(decimal(&ratio(-1, 8), 2), "-0.13");
        assert_eq!(decimal(&ratio(5, 1), 0), "5");
        assert_eq!(decimal(&ratio(1, 1000), 2), "0.00");
    }

    #[test]
    fn roots_are_cut() {
        assert_eq!(root(&ratio(2, 1), 12), "1.414213562373");
        assert_eq!(root(&ratio(1, 4), 3), "0.500");
    }

    #[test]
    fn a_fair_coin_has_mean_one_and_variance_one() {
        let (two, zero, half) = (ratio(2, 1), ratio(0, 1), ratio(1, 2));
        let coin = Figure::of("coin", [(&two, &half), (&zero, &half)]);
        assert_eq!((coin.returns, coin.hit_rate, coin.variance), (ratio(1, 1), half, ratio(1, 1)));
    }
}
