//! Bytes as lowercase hex in JSON (fair1 section 10), for serde's `with`.
//!
//! Promise: one spelling. Upper case, odd length and wrong length are refused, so that a changed character is never silent.

use serde::{Deserialize, Deserializer, Serializer};

pub(crate) fn serialize<S: Serializer, B: AsRef<[u8]>>(bytes: &B, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&hex::encode(bytes.as_ref()))
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>, B: FromHexed>(deserializer: D) -> Result<B, D::Error> {
    parse(&std::borrow::Cow::<'de, str>::deserialize(deserializer)?)
}

fn parse<B: FromHexed, E: serde::de::Error>(text: &str) -> Result<B, E> {
    if !text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
        return Err(E::custom("not lowercase hex"));
    }
    let bytes = hex::decode(text).map_err(E::custom)?;
    let length = bytes.len();
    B::from_bytes(bytes).ok_or_else(|| E::custom(format_args!("{length} bytes of hex, expected {}", B::EXPECTED)))
}

/// A currency's eight bytes as hex, or as the code itself: other implementations write "EUR". Sixteen digits are always hex, and
/// no code is so long.
pub(crate) fn deserialize_code<'de, D: Deserializer<'de>>(deserializer: D) -> Result<[u8; 8], D::Error> {
    let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
    if text.len() <= 8 && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()) {
        let mut code = [0; 8];
        for (to, from) in code.iter_mut().zip(text.bytes()) {
            *to = from;
        }
        return Ok(code);
    }
    parse(&text)
}

/// What hex text can become.
pub(crate) trait FromHexed: Sized {
    const EXPECTED: usize;
    fn from_bytes(bytes: Vec<u8>) -> Option<Self>;
}

impl<const N: usize> FromHexed for [u8; N] {
    const EXPECTED: usize = N;
    fn from_bytes(bytes: Vec<u8>) -> Option<Self> {
        bytes.try_into().ok()
    }
}

impl FromHexed for Vec<u8> {
    const EXPECTED: usize = 0;
    fn from_bytes(bytes: Vec<u8>) -> Option<Self> {
        Some(bytes)
    }
}
