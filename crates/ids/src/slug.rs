//! Short names that operators and studios choose: `[a-z0-9]` and inner hyphens, 1 to 16 characters for edges (fair1 hashes
//! `edge_id[16]`), 1 to 32 for the others. A slug never contains what a NATS subject or a path treats specially.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Why a text is no name of that kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a name is 1 to {max} of a-z, 0-9 and inner hyphens")]
pub struct SlugError {
    /// The longest such name, characters.
    pub max: usize,
}

fn check(text: &str, max: usize) -> Result<(), SlugError> {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let bounded = (1..=max).contains(&text.len());
    if bounded && text.bytes().all(allowed) && !text.starts_with('-') && !text.ends_with('-') {
        Ok(())
    } else {
        Err(SlugError { max })
    }
}

macro_rules! slugs {
    ($($(#[$doc:meta])* $name:ident($max:literal)),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// The name.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({
                    "type": "string", "minLength": 1, "maxLength": $max, "pattern": "^[a-z0-9]([a-z0-9-]*[a-z0-9])?$"
                })
            }
        }

        impl FromStr for $name {
            type Err = SlugError;

            fn from_str(text: &str) -> Result<Self, SlugError> {
                check(text, $max).map(|()| Self(text.to_owned()))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
            }
        }
    )+};
}

slugs! {
    /// An edge server, such as `west-1`.
    EdgeId(16),
    /// A region of edges with one JetStream domain, such as `west`; `core` is the core's own.
    RegionId(16),
    /// A dealer, such as `dealer-west`.
    DealerId(32),
    /// A game, such as `roulette`; its bytes are named by a [`crate::Digest`].
    GameId(32),
}

impl EdgeId {
    /// The name zero-padded: fair1's `edge_id[16]`.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; 16] {
        let mut padded = [0; 16];
        padded.iter_mut().zip(self.0.as_bytes()).for_each(|(to, from)| *to = *from);
        padded
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_would_split_a_subject_or_a_path_are_refused() {
        for bad in ["", "-a", "a-", "a.b", "a*", "a>", "a/b", "A", "a b", "seventeen-letters"] {
            assert_eq!(bad.parse::<EdgeId>(), Err(SlugError { max: 16 }), "{bad:?}");
        }
        assert!("dealer-of-the-western-region".parse::<DealerId>().is_ok());
    }

    #[test]
    fn an_edge_is_hashed_zero_padded() {
        let edge: EdgeId = "west-1".parse().unwrap();
        assert_eq!(&edge.to_bytes(), b"west-1\0\0\0\0\0\0\0\0\0\0");
    }
}
