//! Refresh tokens: opaque, rotating, good once.
//!
//! Claiming one is a single conditional UPDATE, so of two racing refreshes one wins. The other, like any later use of a used
//! token, means that the token is in two hands: the session ends for both.

use ids::SessionId;
use sha2::{Digest, Sha256};
use sqlx::Row;
use uuid::Uuid;

use crate::log_in::LoggedIn;
use crate::profile::Status;
use crate::{Players, PlayersError};

/// What is stored of a token.
pub(crate) fn hash_of(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

/// A token's text.
pub(crate) fn hex_of(bytes: &[u8; 32]) -> String {
    hex::encode(bytes)
}

impl Players {
    /// New tokens for a refresh token, which is used up.
    ///
    /// # Errors
    /// [`PlayersError::BadRefresh`], [`PlayersError::Blocked`], or trouble of ours.
    pub async fn refresh(&self, token: &str) -> Result<LoggedIn, PlayersError> {
        let claimed = sqlx::query(
            "UPDATE refresh_tokens SET used_ms = $2 WHERE hash = $1 AND used_ms IS NULL AND expires_ms > $2 \
             AND NOT EXISTS (SELECT 1 FROM revoked_sessions r WHERE r.session = refresh_tokens.session) \
             RETURNING session, player",
        )
        .bind(hash_of(token))
        .bind(self.now_signed())
        .fetch_optional(&self.pool)
        .await?;
        let Some(row) = claimed else {
            self.end_session_of_used(token).await?;
            return Err(PlayersError::BadRefresh);
        };
        let (session, player): (Uuid, Uuid) = (row.try_get("session")?, row.try_get("player")?);
        if self.profile(player.into()).await?.status == Status::Blocked {
            return Err(PlayersError::Blocked);
        }
        self.begin(player.into(), session.into()).await
    }

    /// Ends the session of a refresh token, if it is one.
    ///
    /// # Errors
    /// The database's trouble.
    pub async fn log_out(&self, token: &str) -> Result<(), PlayersError> {
        let session: Option<Uuid> = sqlx::query_scalar("SELECT session FROM refresh_tokens WHERE hash = $1")
            .bind(hash_of(token))
            .fetch_optional(&self.pool)
            .await?;
        match session {
            Some(session) => self.revoke(session.into()).await,
            None => Ok(()),
        }
    }

    /// Ends `session`: its refresh tokens are worth nothing, its access token lasts its 5 minutes at most.
    ///
    /// # Errors
    /// The database's trouble.
    pub async fn revoke(&self, session: SessionId) -> Result<(), PlayersError> {
        sqlx::query("INSERT INTO revoked_sessions (session, revoked_ms) VALUES ($1, $2) ON CONFLICT DO NOTHING")
            .bind(session.as_uuid())
            .bind(self.now_signed())
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    async fn end_session_of_used(&self, token: &str) -> Result<(), PlayersError> {
        let session: Option<Uuid> =
            sqlx::query_scalar("SELECT session FROM refresh_tokens WHERE hash = $1 AND used_ms IS NOT NULL")
                .bind(hash_of(token))
                .fetch_optional(&self.pool)
                .await?;
        match session {
            Some(session) => {
                tracing::warn!(%session, "a refresh token was used twice: its session ends");
                self.revoke(session.into()).await
            }
            None => Ok(()),
        }
    }
}
