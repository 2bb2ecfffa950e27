//! Every message between player, edge, dealer and core, as versioned JSON.
//!
//! Own types, never domain types with `Serialize`. Version 1 is frozen by the fixtures in `fixtures/`: a change adds `v2`.
//! Unknown fields are refused, money is a decimal string of minor units, bytes are lowercase hex, times are Unix
//! milliseconds. Hashes and signatures are over fair1's fixed-width layouts (fairness.md), never over this JSON.
//!
//! Reading costs one JSON parse. What may go wrong is a [`DecodeError`], and then nothing was taken in.

pub mod asyncapi;
pub mod subjects;
pub mod v1;

use serde::Serialize;
use serde::de::DeserializeOwned;

/// The largest message that anybody reads, bytes. A larger one is refused unread.
pub const MAX_MESSAGE_BYTES: usize = 256 * 1024;

/// Why a message could not be read.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// Longer than [`MAX_MESSAGE_BYTES`].
    #[error("message of {0} bytes is too long")]
    TooLong(usize),
    /// Not JSON, or not JSON of this shape.
    #[error("malformed message: {0}")]
    Malformed(#[from] serde_json::Error),
}

/// Reads one message.
///
/// # Errors
/// [`DecodeError`] when it is too long or not of this shape.
pub fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, DecodeError> {
    if bytes.len() > MAX_MESSAGE_BYTES {
        return Err(DecodeError::TooLong(bytes.len()));
    }
    Ok(serde_json::from_slice(bytes)?)
}

/// Writes one message. Wire types hold nothing that JSON can't, so this gives bytes for every value of them.
#[must_use]
pub fn encode<T: Serialize>(message: &T) -> Vec<u8> {
    serde_json::to_vec(message).unwrap_or_default()
}
