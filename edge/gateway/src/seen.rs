//! Access tokens that were verified a moment ago: a thousand players who come back at once cost look-ups instead of signatures.
//!
//! The key is the whole token, so a token with one changed bit is another one. Times are checked at every use. Bounded: two
//! generations of [`GENERATION`] tokens; the older one is forgotten when the younger is full.

use std::collections::BTreeMap;

use parking_lot::Mutex;

use crate::token::{TokenError, TokenKey, Verified};

/// Tokens of one generation, some 5 MB.
const GENERATION: usize = 16_384;

/// The key, and what it has verified.
#[derive(Debug)]
pub(crate) struct Tokens {
    key: TokenKey,
    seen: Mutex<Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    young: BTreeMap<Box<str>, Verified>,
    old: BTreeMap<Box<str>, Verified>,
}

impl Seen {
    fn find(&self, token: &str) -> Option<Verified> {
        self.young.get(token).or_else(|| self.old.get(token)).copied()
    }

    fn keep(&mut self, token: &str, verified: Verified, most: usize) {
        if self.young.len() >= most {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(token.into(), verified);
    }
}

impl Tokens {
    pub(crate) fn new(key: TokenKey) -> Self {
        Self { key, seen: Mutex::default() }
    }

    /// Whom the token names at `now_ms`.
    ///
    /// # Errors
    /// [`TokenError`].
    pub(crate) fn bearer(&self, token: &str, now_ms: u64) -> Result<crate::token::Bearer, TokenError> {
        let found = self.seen.lock().find(token);
        if let Some(verified) = found {
            return verified.at(now_ms);
        }
        let verified = self.key.verify(token)?;
        let bearer = verified.at(now_ms)?;
        self.seen.lock().keep(token, verified, GENERATION);
        Ok(bearer)
    }
}

#[cfg(test)]
mod tests {
    use ids::{PlayerId, SessionId};

    use super::*;
    use crate::token::Bearer;

    fn verified(player: u8) -> Verified {
        let bearer = Bearer { player: PlayerId::from_bytes([player; 16]), session: SessionId::from_bytes([1; 16]) };
        Verified { bearer, from_ms: 0, until_ms: 1_000 }
    }

    #[test]
    fn a_token_that_was_seen_goes_stale_like_any_other() {
        let seen = verified(1);
        assert_eq!(seen.at(999).unwrap().player, PlayerId::from_bytes([1; 16]));
        assert_eq!(seen.at(1_000), Err(TokenError::Stale));
    }

    #[test]
    fn only_two_generations_are_remembered() {
        let mut seen = Seen::default();
        for number in 0..5 {
            seen.keep(&format!("token {number}"), verified(number), 2);
        }
        let known: Vec<bool> = (0..5).map(|number| seen.find(&format!("token {number}")).is_some()).collect();
        assert_eq!(known, [false, false, true, true, true]);
        assert!(seen.find("token").is_none() && seen.find("token 44").is_none());
    }
}
