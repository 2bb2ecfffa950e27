//! Currencies: a code of up to eight characters, and how many decimals its minor unit has.
//!
//! The eight zero-padded bytes are what fair1 hashes (fairness.md section 6). The exponent is for showing only.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A currency's code: 3 to 8 of `A-Z0-9`, the first a letter, zero-padded to 8 bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 8]);

/// Why a text is no currency code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a currency code is 3 to 8 of A-Z and 0-9 and begins with a letter")]
pub struct CurrencyError;

impl Currency {
    /// The euro.
    pub const EUR: Self = Self(*b"EUR\0\0\0\0\0");
    /// Pounds sterling.
    pub const GBP: Self = Self(*b"GBP\0\0\0\0\0");
    /// Play money.
    pub const FUN: Self = Self(*b"FUN\0\0\0\0\0");

    /// The code, zero-padded: the form that fair1 hashes.
    #[must_use]
    pub const fn to_bytes(self) -> [u8; 8] {
        self.0
    }

    /// A code from its padded form, as a store keeps it.
    ///
    /// # Errors
    /// [`CurrencyError`] when the bytes are no code.
    pub fn try_from_bytes(bytes: [u8; 8]) -> Result<Self, CurrencyError> {
        let text = std::str::from_utf8(&bytes).map_err(|_| CurrencyError)?;
        text.trim_end_matches('\0').parse()
    }

    /// The code as text.
    #[must_use]
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("").trim_end_matches('\0')
    }

    /// Decimals of the minor unit (ISO 4217, and ours for play money); 2 when it isn't listed here.
    #[must_use]
    pub fn exponent(&self) -> u8 {
        match self.code() {
            "JPY" | "KRW" | "CLP" | "ISK" => 0,
            "KWD" | "BHD" | "TND" => 3,
            "BTC" => 8,
            _ => 2,
        }
    }
}

impl FromStr for Currency {
    type Err = CurrencyError;

    fn from_str(text: &str) -> Result<Self, CurrencyError> {
        let bytes = text.as_bytes();
        let allowed = |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
        let letter_first = bytes.first().is_some_and(u8::is_ascii_uppercase);
        if !(3..=8).contains(&bytes.len()) || !letter_first || !bytes.iter().all(allowed) {
            return Err(CurrencyError);
        }
        let mut padded = [0; 8];
        padded.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
        Ok(Self(padded))
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl schemars::JsonSchema for Currency {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Currency".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "pattern": "^[A-Z][A-Z0-9]{2,7}$" })
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_padded_and_come_back() {
        let euro: Currency = "EUR".parse().unwrap();
        assert_eq!(euro, Currency::EUR);
        assert_eq!(Currency::try_from_bytes(euro.to_bytes()), Ok(euro));
        assert_eq!(euro.to_string(), "EUR");
    }

    #[test]
    fn other_texts_are_refused() {
        for bad in ["", "EU", "eur", "EUROCOINS", "1EU", "E R", "EU\0"] {
            assert_eq!(bad.parse::<Currency>(), Err(CurrencyError), "{bad:?}");
        }
        assert_eq!(Currency::try_from_bytes(*b"E\0R\0\0\0\0\0"), Err(CurrencyError));
    }
}
