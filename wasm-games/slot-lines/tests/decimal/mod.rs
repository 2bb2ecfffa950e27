//! Exact fractions as decimals of twelve digits.

use num_bigint::BigUint;

/// `numerator / denominator`, rounded half up.
pub(crate) fn decimal(numerator: &BigUint, denominator: &BigUint) -> String {
    let scale = BigUint::from(10_u8).pow(12);
    let scaled = (numerator * &scale * 2_u8 + denominator) / (denominator * 2_u8);
    let digits = format!("{scaled:0>13}");
    let (whole, rest) = digits.split_at(digits.len() - 12);
    format!("{whole}.{rest}")
}

/// The square root of `numerator / denominator²`, rounded half up.
pub(crate) fn root(numerator: &BigUint, denominator: &BigUint) -> String {
    // Sixteen digits more than are shown, so that the root's own rounding doesn't reach them.
    let scale = BigUint::from(10_u8).pow(28);
    decimal(&(numerator * &scale * &scale).sqrt(), &(denominator * scale))
}
