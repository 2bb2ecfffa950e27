//! Access tokens: PASETO v4.public, verified offline with the core's public key. Cost: one Ed25519 verification.
//!
//! What may go wrong is one [`TokenError`]; the client is told no more than "unauthenticated".

use ids::{PlayerId, SessionId};
use pasetors::Public;
use pasetors::keys::AsymmetricPublicKey;
use pasetors::token::UntrustedToken;
use pasetors::version4::{PublicToken, V4};
use serde::Deserialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// Clocks of core and edge may differ by this, milliseconds.
const SKEW_MS: i128 = 5_000;

/// The core's public key.
#[derive(Clone, Debug)]
pub struct TokenKey(AsymmetricPublicKey<V4>);

/// Why there is no key, or no player.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// The key is neither PASERK `k4.public.…` nor 64 hex digits.
    #[error("the token key is neither PASERK (k4.public.…) nor 64 hex digits")]
    Key,
    /// Not a token of this key.
    #[error("no token of this key")]
    Forged,
    /// Its claims are not `sub`, `sid`, `iat`, `exp`.
    #[error("the token's claims can't be read")]
    Claims,
    /// Not yet or no longer valid.
    #[error("the token is stale")]
    Stale,
}

/// Whom a token names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Bearer {
    pub(crate) player: PlayerId,
    pub(crate) session: SessionId,
}

/// A token of this key: whom it names, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Verified {
    pub(crate) bearer: Bearer,
    pub(crate) from_ms: i128,
    pub(crate) until_ms: i128,
}

impl Verified {
    /// # Errors
    /// [`TokenError::Stale`] before its time and after it.
    pub(crate) fn at(&self, now_ms: u64) -> Result<Bearer, TokenError> {
        let now = i128::from(now_ms);
        if now < self.from_ms - SKEW_MS || now >= self.until_ms { Err(TokenError::Stale) } else { Ok(self.bearer) }
    }
}

#[derive(Deserialize)]
struct Claims {
    sub: PlayerId,
    sid: SessionId,
    iat: String,
    exp: String,
    #[serde(default)]
    nbf: Option<String>,
}

impl TokenKey {
    /// Reads the key.
    ///
    /// # Errors
    /// [`TokenError::Key`].
    pub fn parse(text: &str) -> Result<Self, TokenError> {
        let text = text.trim();
        if text.starts_with("k4.public.") {
            return AsymmetricPublicKey::try_from(text).map(Self).map_err(|_| TokenError::Key);
        }
        let bytes = hex::decode(text).map_err(|_| TokenError::Key)?;
        AsymmetricPublicKey::from(&bytes).map(Self).map_err(|_| TokenError::Key)
    }

    /// Whom the token names, and when.
    ///
    /// # Errors
    /// [`TokenError`].
    pub(crate) fn verify(&self, token: &str) -> Result<Verified, TokenError> {
        let untrusted = UntrustedToken::<Public, V4>::try_from(token).map_err(|_| TokenError::Forged)?;
        if !untrusted.untrusted_footer().is_empty() {
            return Err(TokenError::Forged);
        }
        let trusted = PublicToken::verify(&self.0, &untrusted, None, None).map_err(|_| TokenError::Forged)?;
        let claims: Claims = serde_json::from_str(trusted.payload()).map_err(|_| TokenError::Claims)?;
        let issued = unix_ms(&claims.iat)?;
        let begins = claims.nbf.as_deref().map_or(Ok(issued), unix_ms)?;
        let bearer = Bearer { player: claims.sub, session: claims.sid };
        Ok(Verified { bearer, from_ms: begins.max(issued), until_ms: unix_ms(&claims.exp)? })
    }
}

fn unix_ms(text: &str) -> Result<i128, TokenError> {
    let at = OffsetDateTime::parse(text, &Rfc3339).map_err(|_| TokenError::Claims)?;
    Ok(at.unix_timestamp_nanos() / 1_000_000)
}

#[cfg(test)]
mod tests {
    use pasetors::keys::{AsymmetricKeyPair, AsymmetricSecretKey, Generate};
    use pasetors::paserk::FormatAsPaserk;

    use super::*;

    const NOW_MS: u64 = 1_700_000_000_000;
    const PLAYER: PlayerId = PlayerId::from_bytes([1; 16]);
    const SESSION: SessionId = SessionId::from_bytes([2; 16]);

    fn claims(from_ms: i64, to_ms: i64) -> String {
        let at = |offset: i64| {
            let nanos = (i128::from(NOW_MS) + i128::from(offset)) * 1_000_000;
            OffsetDateTime::from_unix_timestamp_nanos(nanos).unwrap().format(&Rfc3339).unwrap()
        };
        format!(r#"{{"sub":"{PLAYER}","sid":"{SESSION}","iat":"{}","exp":"{}"}}"#, at(from_ms), at(to_ms))
    }

    fn signed(secret: &AsymmetricSecretKey<V4>, claims: &str) -> String {
        PublicToken::sign(secret, claims.as_bytes(), None, None).unwrap()
    }

    #[test]
    fn a_token_names_its_player_until_it_is_stale_or_touched() {
        let pair = AsymmetricKeyPair::<V4>::generate().unwrap();
        let mut paserk = String::new();
        pair.public.fmt(&mut paserk).unwrap();
        let key = TokenKey::parse(&format!("{paserk}\n")).unwrap();
        let token = signed(&pair.secret, &claims(-1_000, 1_000));
        let bearer = Bearer { player: PLAYER, session: SESSION };
        let at = |now_ms| key.verify(&token).unwrap().at(now_ms);
        assert_eq!(at(NOW_MS), Ok(bearer));
        assert_eq!(at(NOW_MS + 1_000), Err(TokenError::Stale));
        assert_eq!(at(NOW_MS - 10_000), Err(TokenError::Stale));
        assert_eq!(key.verify(&token.replace("v4.public", "v4.local")), Err(TokenError::Forged));
        let other = AsymmetricKeyPair::<V4>::generate().unwrap();
        assert_eq!(key.verify(&signed(&other.secret, &claims(0, 1_000))), Err(TokenError::Forged));
        assert_eq!(key.verify(&signed(&pair.secret, r#"{"sub":"x"}"#)), Err(TokenError::Claims));
        let hexed = TokenKey::parse(&hex::encode(pair.public.as_bytes())).unwrap();
        assert_eq!(hexed.verify(&token).unwrap().at(NOW_MS), Ok(bearer));
    }

    #[test]
    fn a_footer_that_nobody_agreed_on_is_refused() {
        let pair = AsymmetricKeyPair::<V4>::generate().unwrap();
        let key = TokenKey::parse(&hex::encode(pair.public.as_bytes())).unwrap();
        let token = PublicToken::sign(&pair.secret, claims(0, 1_000).as_bytes(), Some(b"footer"), None).unwrap();
        assert_eq!(key.verify(&token), Err(TokenError::Forged));
    }

    #[test]
    fn a_key_that_is_none_is_named() {
        for bad in ["", "00", "k4.public.", "k4.secret.AAAA"] {
            assert_eq!(TokenKey::parse(bad).err(), Some(TokenError::Key), "{bad:?}");
        }
    }
}
