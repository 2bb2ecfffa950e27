//! A game's configuration: canonical JSON, handed to the game with every call, named by its SHA-256.

use sha2::{Digest, Sha256};

use crate::canonical::{self, CanonicalError};
use crate::limits;

/// Why a text is no configuration.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// Over [`limits::MAX_CONFIG`].
    #[error("the configuration has {bytes} bytes, more than a game is given")]
    TooLarge {
        /// Its size.
        bytes: usize,
    },
    /// Not a JSON object.
    #[error("the configuration is not a JSON object")]
    NotAnObject,
    /// Not JSON, or not in canonical form.
    #[error("the configuration is not canonical JSON: {0}")]
    Json(#[from] CanonicalError),
}

/// A configuration in canonical form. Its text is its identity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    text: String,
    hash: [u8; 32],
}

impl Config {
    /// A text that already is canonical, as it arrives in a record: anything else is refused, never repaired.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn exactly(text: &str) -> Result<Self, ConfigError> {
        if text.len() > limits::MAX_CONFIG {
            return Err(ConfigError::TooLarge { bytes: text.len() });
        }
        canonical::check(text)?;
        if !text.starts_with('{') {
            return Err(ConfigError::NotAnObject);
        }
        Ok(Self { text: text.to_owned(), hash: params_hash(text) })
    }

    /// The canonical JSON.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// SHA-256 of the text: `params` in fair1.
    pub fn hash(&self) -> [u8; 32] {
        self.hash
    }
}

/// A configuration from any JSON, as an operator writes it: keys are sorted and white space is dropped.
///
/// # Errors
/// [`ConfigError`] for what has no canonical form: fractions, duplicate keys, numbers beyond 64 bits.
pub fn canonical_config(text: &str) -> Result<Config, ConfigError> {
    Config::exactly(&canonical::canonicalise(text)?)
}

/// `params` of fair1: SHA-256 of the canonical JSON.
pub fn params_hash(canonical_json: &str) -> [u8; 32] {
    Sha256::digest(canonical_json).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_and_space_do_not_change_a_configurations_identity() {
        let one = canonical_config(r#"{ "wheel": "single", "la_partage": false }"#).unwrap();
        let two = canonical_config(r#"{"la_partage":false,"wheel":"single"}"#).unwrap();
        assert_eq!(one, two);
        assert_eq!(one.as_str(), r#"{"la_partage":false,"wheel":"single"}"#);
        assert_eq!(one.hash(), params_hash(one.as_str()));
    }

    #[test]
    fn a_record_is_never_repaired() {
        assert!(matches!(Config::exactly(r#"{"b":1,"a":2}"#), Err(ConfigError::Json(_))));
        assert!(matches!(Config::exactly(r#"{ }"#), Err(ConfigError::Json(_))));
        assert_eq!(Config::exactly("[]"), Err(ConfigError::NotAnObject));
        let long = format!("{{\"a\":\"{}\"}}", "x".repeat(limits::MAX_CONFIG));
        assert!(matches!(Config::exactly(&long), Err(ConfigError::TooLarge { .. })));
    }
}
