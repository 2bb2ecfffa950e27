//! What a deal asks of the game: canonical JSON, hashed into the bet (fairness.md section 6).
//!
//! `{"bets":[[spot,"stake"],...]}` opens a round; `{"act":[action,arg]}` goes on with the open one. The exact bytes that
//! the player signed are kept; this parses them. Bounds: [`MAX_PAYLOAD_BYTES`], [`MAX_BETS`].

use money::Amount;
use serde::{Deserialize, Serialize};

/// The longest payload, bytes.
pub const MAX_PAYLOAD_BYTES: usize = 8 * 1024;
/// The most bets in one deal.
pub const MAX_BETS: usize = 256;

/// A parsed payload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Payload {
    /// Stakes by spot: opens a round.
    Bets(Vec<(u32, Amount)>),
    /// An action and its argument: goes on with the open round.
    Act((u32, i64)),
}

/// Why a payload is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PayloadError {
    /// Longer than [`MAX_PAYLOAD_BYTES`], or more than [`MAX_BETS`] bets.
    #[error("payload is too long")]
    TooLong,
    /// Not one of the two shapes, or not in the canonical form.
    #[error("payload is not canonical JSON of a known shape")]
    Malformed,
    /// The stakes do not fit 64 bits, or one is negative.
    #[error("payload's stakes are out of range")]
    OutOfRange,
}

impl Payload {
    /// Reads `text`, which must be byte for byte what [`Payload::to_text`] writes.
    ///
    /// # Errors
    /// [`PayloadError`] for any other text.
    pub fn parse(text: &str) -> Result<Self, PayloadError> {
        if text.len() > MAX_PAYLOAD_BYTES {
            return Err(PayloadError::TooLong);
        }
        let payload: Self = serde_json::from_str(text).map_err(|_| PayloadError::Malformed)?;
        match &payload {
            Self::Bets(bets) if bets.len() > MAX_BETS => Err(PayloadError::TooLong),
            _ if payload.to_text() != text => Err(PayloadError::Malformed),
            _ => Ok(payload),
        }
    }

    /// The canonical text.
    #[must_use]
    pub fn to_text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The sum of the bets; `None` for an action, whose price the open round's offer says.
    ///
    /// # Errors
    /// [`PayloadError::OutOfRange`] when a bet is not positive or the sum does not fit.
    pub fn stake(&self) -> Result<Option<Amount>, PayloadError> {
        let Self::Bets(bets) = self else { return Ok(None) };
        let mut sum = Amount::ZERO;
        for (_, stake) in bets {
            if !stake.is_positive() {
                return Err(PayloadError::OutOfRange);
            }
            sum = sum.checked_add(*stake).map_err(|_| PayloadError::OutOfRange)?;
        }
        Ok(Some(sum))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_shapes_read_back_from_their_canonical_text() {
        let bets = Payload::Bets(vec![(17, Amount::from_minor(100)), (3, Amount::from_minor(5))]);
        assert_eq!(bets.to_text(), r#"{"bets":[[17,"100"],[3,"5"]]}"#);
        assert_eq!(Payload::parse(&bets.to_text()), Ok(bets.clone()));
        assert_eq!(bets.stake(), Ok(Some(Amount::from_minor(105))));
        let act = Payload::Act((1, -4));
        assert_eq!(Payload::parse(r#"{"act":[1,-4]}"#), Ok(act));
    }

    #[test]
    fn anything_but_the_canonical_text_is_refused() {
        for bad in ["", "{}", r#"{"bets": []}"#, r#"{"bets":[[1,100]]}"#, r#"{"act":[1,2],"x":1}"#, r#"{"act":[1]}"#] {
            assert_eq!(Payload::parse(bad), Err(PayloadError::Malformed), "{bad}");
        }
        let many = Payload::Bets(vec![(1, Amount::from_minor(1)); MAX_BETS + 1]);
        assert_eq!(Payload::parse(&many.to_text()), Err(PayloadError::TooLong));
    }

    #[test]
    fn stakes_that_are_not_positive_or_overflow_are_out_of_range() {
        for stakes in [vec![0], vec![-1], vec![i64::MAX, 1]] {
            let bets = stakes.into_iter().map(|minor| (0, Amount::from_minor(minor))).collect();
            assert_eq!(Payload::Bets(bets).stake(), Err(PayloadError::OutOfRange));
        }
    }
}
