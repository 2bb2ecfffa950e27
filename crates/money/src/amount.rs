//! Amounts of money in minor units. Cost: nothing over `i64`. What may go wrong: overflow, and then it is an error.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Signed minor units of one currency, which is named beside it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Amount(i64);

/// Why an amount could not be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AmountError {
    /// The exact result does not fit 64 bits.
    #[error("amount out of range")]
    OutOfRange,
    /// The text is not an optional minus and 1 to 19 decimal digits.
    #[error("not a decimal integer of minor units")]
    NotAnInteger,
}

impl Amount {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// The largest amount, 2^63 - 1 minor units.
    pub const MAX: Self = Self(i64::MAX);

    /// `minor` minor units.
    #[must_use]
    pub const fn from_minor(minor: i64) -> Self {
        Self(minor)
    }

    /// Unsigned minor units, as games count them.
    ///
    /// # Errors
    /// [`AmountError::OutOfRange`] over 2^63 - 1.
    pub fn try_from_unsigned(minor: u64) -> Result<Self, AmountError> {
        i64::try_from(minor).map(Self).map_err(|_| AmountError::OutOfRange)
    }

    /// The sum that `i128` holds, as one amount.
    ///
    /// # Errors
    /// [`AmountError::OutOfRange`] outside `i64`.
    pub fn try_from_sum(sum: i128) -> Result<Self, AmountError> {
        i64::try_from(sum).map(Self).map_err(|_| AmountError::OutOfRange)
    }

    /// Minor units.
    #[must_use]
    pub const fn minor(self) -> i64 {
        self.0
    }

    /// Minor units as games count them; `None` when negative.
    #[must_use]
    pub fn unsigned(self) -> Option<u64> {
        u64::try_from(self.0).ok()
    }

    /// Minor units, widened for sums.
    #[must_use]
    pub fn wide(self) -> i128 {
        i128::from(self.0)
    }

    /// `self + other`.
    ///
    /// # Errors
    /// [`AmountError::OutOfRange`] outside `i64`.
    pub fn checked_add(self, other: Self) -> Result<Self, AmountError> {
        self.0.checked_add(other.0).map(Self).ok_or(AmountError::OutOfRange)
    }

    /// `self - other`.
    ///
    /// # Errors
    /// [`AmountError::OutOfRange`] outside `i64`.
    pub fn checked_sub(self, other: Self) -> Result<Self, AmountError> {
        self.0.checked_sub(other.0).map(Self).ok_or(AmountError::OutOfRange)
    }

    /// Whether it is above zero.
    #[must_use]
    pub const fn is_positive(self) -> bool {
        self.0 > 0
    }

    /// Whether it is below zero.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Amount {
    type Err = AmountError;

    /// Only the canonical form: no plus, no leading zero, no "-0".
    fn from_str(text: &str) -> Result<Self, AmountError> {
        let digits = text.strip_prefix('-').unwrap_or(text);
        let canonical = (text == "0") || (digits.starts_with(|first: char| ('1'..='9').contains(&first)));
        if !canonical || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(AmountError::NotAnInteger);
        }
        text.parse().map(Self).map_err(|_| AmountError::OutOfRange)
    }
}

impl schemars::JsonSchema for Amount {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Amount".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string", "pattern": "^(0|-?[1-9][0-9]{0,18})$", "description": "minor units of the currency"
        })
    }
}

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_the_canonical_text_of_an_amount_is_read() {
        for bad in ["", "+1", "01", "-0", "1.0", " 1", "1e3", "-", "0x1", "00"] {
            assert_eq!(bad.parse::<Amount>(), Err(AmountError::NotAnInteger), "{bad:?}");
        }
        assert_eq!("9223372036854775808".parse::<Amount>(), Err(AmountError::OutOfRange));
        assert_eq!("-9223372036854775808".parse::<Amount>(), Ok(Amount(i64::MIN)));
    }

    #[test]
    fn json_numbers_are_refused() {
        assert!(serde_json::from_str::<Amount>("100").is_err());
        assert_eq!(serde_json::from_str::<Amount>("\"100\"").unwrap(), Amount(100));
    }

    proptest! {
        #[test]
        fn text_and_arithmetic_agree_with_wide_integers(a in any::<i64>(), b in any::<i64>()) {
            prop_assert_eq!(Amount(a).to_string().parse::<Amount>(), Ok(Amount(a)));
            let sum = i128::from(a) + i128::from(b);
            let difference = i128::from(a) - i128::from(b);
            prop_assert_eq!(Amount(a).checked_add(Amount(b)), Amount::try_from_sum(sum));
            prop_assert_eq!(Amount(a).checked_sub(Amount(b)), Amount::try_from_sum(difference));
        }
    }
}
