//! Access tokens: PASETO v4.public, claims `sub` (player), `sid` (session), `iat`, `nbf`, `exp`; no footer, no implicit assertion.

use ids::{PlayerId, SessionId};
use pasetors::claims::{Claims, ClaimsValidationRules};
use pasetors::keys::{AsymmetricPublicKey, AsymmetricSecretKey};
use pasetors::token::UntrustedToken;
use pasetors::version4::V4;
use pasetors::{Public, public};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::{PlayersError, limits};

/// The core's key for access tokens.
pub struct AccessKey {
    secret: AsymmetricSecretKey<V4>,
    public: AsymmetricPublicKey<V4>,
}

/// The token is not this core's, or not good now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the access token is not good")]
pub struct TokenError;

impl AccessKey {
    /// The key of an Ed25519 seed and its public half.
    ///
    /// # Errors
    /// [`PlayersError::Internal`] when the two don't belong together.
    pub fn try_new(seed: &[u8; 32], public: &[u8; 32]) -> Result<Self, PlayersError> {
        let pair = [seed.as_slice(), public.as_slice()].concat();
        let broken = |_| PlayersError::Internal("the access token key is no Ed25519 key");
        Ok(Self {
            secret: AsymmetricSecretKey::from(&pair).map_err(broken)?,
            public: AsymmetricPublicKey::from(public).map_err(broken)?,
        })
    }

    /// The public half, as edges are configured with it.
    #[must_use]
    pub fn public_bytes(&self) -> &[u8] {
        self.public.as_bytes()
    }

    pub(crate) fn sign(
        &self,
        player: PlayerId,
        session: SessionId,
        now_ms: u64,
    ) -> Result<(String, u64), PlayersError> {
        let life_ms = u64::try_from(limits::ACCESS_LIFE.as_millis()).unwrap_or(u64::MAX);
        let expires_ms = now_ms.saturating_add(life_ms);
        let broken = |_| PlayersError::Internal("the access token can't be made");
        let mut claims = Claims::new().map_err(broken)?;
        claims.subject(&player.to_string()).map_err(broken)?;
        claims.issued_at(&rfc3339(now_ms)?).map_err(broken)?;
        claims.not_before(&rfc3339(now_ms)?).map_err(broken)?;
        claims.expiration(&rfc3339(expires_ms)?).map_err(broken)?;
        claims.add_additional("sid", session.to_string()).map_err(broken)?;
        Ok((public::sign(&self.secret, &claims, None, None).map_err(broken)?, expires_ms))
    }

    /// Whose token it is, and of which session.
    ///
    /// # Errors
    /// [`TokenError`] for anything but a token of this key that is good now.
    pub fn verify(&self, token: &str) -> Result<(PlayerId, SessionId), TokenError> {
        let untrusted = UntrustedToken::<Public, V4>::try_from(token).map_err(|_| TokenError)?;
        let rules = ClaimsValidationRules::new();
        let trusted = public::verify(&self.public, &untrusted, &rules, None, None).map_err(|_| TokenError)?;
        let claims = trusted.payload_claims().ok_or(TokenError)?;
        let text = |name| claims.get_claim(name).and_then(|value| value.as_str()).ok_or(TokenError);
        let player = text("sub")?.parse().map_err(|_| TokenError)?;
        Ok((player, text("sid")?.parse().map_err(|_| TokenError)?))
    }
}

fn rfc3339(unix_ms: u64) -> Result<String, PlayersError> {
    let seconds = i64::try_from(unix_ms / 1_000).unwrap_or(i64::MAX);
    let broken = || PlayersError::Internal("the clock is out of range");
    let at = OffsetDateTime::from_unix_timestamp(seconds).map_err(|_| broken())?;
    at.format(&Rfc3339).map_err(|_| broken())
}
