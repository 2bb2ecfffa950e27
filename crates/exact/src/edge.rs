//! What the games of a freely chosen target have in common: the part of a fair price that is kept for the player, prices
//! rounded down, bets that are won or lost.

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, Zero};
use serde_json::Value;

use crate::{ExactError, Figure};

/// `(10000 - edge_bp) / 10000`. `others` are the keys that the game reads besides; any further key is refused.
pub(crate) fn kept(params: &Value, others: &[&str], most_bp: u64) -> Result<BigRational, ExactError> {
    let object = params.as_object().ok_or_else(|| bad("an object is expected"))?;
    if let Some(unknown) = object.keys().find(|key| *key != "edge_bp" && !others.contains(&key.as_str())) {
        return Err(bad(&format!("`{unknown}` is not known")));
    }
    let edge_bp = integer(params, "edge_bp", 0, most_bp)?;
    Ok(ratio(10_000_u64.saturating_sub(edge_bp), 10_000))
}

/// The integer at `key`, within `least..=most`.
pub(crate) fn integer(params: &Value, key: &str, least: u64, most: u64) -> Result<u64, ExactError> {
    let value = params.get(key).and_then(Value::as_u64).filter(|value| (least..=most).contains(value));
    value.ok_or_else(|| bad(&format!("{key} is an integer in {least}..={most}")))
}

/// `value` with `digits` digits after the point, the rest cut.
pub(crate) fn cut(value: &BigRational, digits: u32) -> BigRational {
    let scale = BigRational::from_integer(BigInt::from(10_u8).pow(digits));
    (value * &scale).floor() / scale
}

/// Hundredths from a text with exactly two digits after the point and no superfluous zero, such as `50.00`.
pub(crate) fn hundredths(text: &str) -> Option<u64> {
    let (whole, part) = text.split_once('.')?;
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let plain = digits(whole) && digits(part) && part.len() == 2 && (whole == "0" || !whole.starts_with('0'));
    if !plain {
        return None;
    }
    whole.parse::<u64>().ok()?.checked_mul(100)?.checked_add(part.parse().ok()?)
}

/// A bet that pays `paid` with `chance`, else nothing.
pub(crate) fn all_or_nothing(bet: &str, paid: &BigRational, chance: &BigRational) -> Figure {
    let (lost, rest) = (BigRational::zero(), BigRational::one() - chance);
    Figure::of(bet, [(paid, chance), (&lost, &rest)])
}

/// One figure for each target, or the refusal of the first that the game doesn't offer.
pub(crate) fn each(
    targets: &[String],
    example: &str,
    figure: impl Fn(&str) -> Option<Figure>,
) -> Result<Vec<Figure>, ExactError> {
    if targets.is_empty() {
        return Err(ExactError::Target(format!("one is needed, such as {example}")));
    }
    let refused = |target: &String| ExactError::Target(format!("{target} is not offered; one that may be: {example}"));
    targets.iter().map(|target| figure(target).ok_or_else(|| refused(target))).collect()
}

/// `over / under`.
pub(crate) fn ratio(over: u64, under: u64) -> BigRational {
    BigRational::new(over.into(), under.into())
}

/// A refusal of the parameters.
pub(crate) fn bad(why: &str) -> ExactError {
    ExactError::Params(why.to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_edge_is_within_its_bounds_and_alone() {
        assert_eq!(kept(&json!({"edge_bp": 100}), &[], 1000), Ok(ratio(99, 100)));
        assert_eq!(kept(&json!({"edge_bp": 0, "mines": 3}), &["mines"], 1000), Ok(ratio(1, 1)));
        for params in [json!({}), json!([]), json!({"edge_bp": 1001}), json!({"edge_bp": -1}), json!({"edge_bp": "1"})]
        {
            assert!(kept(&params, &[], 1000).is_err(), "{params}");
        }
        assert!(kept(&json!({"edge_bp": 1, "more": 1}), &["mines"], 1000).is_err());
    }

    #[test]
    fn hundredths_have_one_spelling() {
        assert_eq!(hundredths("50.00"), Some(5000));
        assert_eq!(hundredths("0.05"), Some(5));
        for text in ["", ".", "5", "5.0", "05.00", "+5.00", "5.000", "-1.00", "1.0x", ".50", "99999999999999999999.00"]
        {
            assert_eq!(hundredths(text), None, "{text}");
        }
    }

    #[test]
    fn prices_are_cut_not_rounded() {
        assert_eq!(cut(&ratio(2, 3), 4), ratio(6666, 10_000));
        assert_eq!(cut(&ratio(99, 50), 4), ratio(99, 50));
    }

    #[test]
    fn without_a_target_there_is_no_figure() {
        let fair = |target: &str| Some(all_or_nothing(target, &ratio(2, 1), &ratio(1, 2)));
        assert!(matches!(each(&[], "2.00", fair), Err(ExactError::Target(_))));
        assert_eq!(each(&["a".to_owned(), "b".to_owned()], "2.00", fair).map(|figures| figures.len()), Ok(2));
        assert!(each(&["a".to_owned()], "2.00", |_target| None).is_err());
    }
}
