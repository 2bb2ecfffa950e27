//! Log-in: a password for two tokens.

use ids::{PlayerId, SessionId};
use sqlx::Row;
use uuid::Uuid;

use crate::profile::Status;
use crate::refresh::{hash_of, hex_of};
use crate::{Players, PlayersError, limits};

/// A PHC string that no password has: what is verified when the name is unknown, so that both cost the same.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// A session's two tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoggedIn {
    /// Who.
    pub player: PlayerId,
    /// The session.
    pub session: SessionId,
    /// PASETO v4.public.
    pub access: String,
    /// When the access token ends.
    pub access_expires_ms: u64,
    /// Good once.
    pub refresh: String,
}

impl Players {
    /// Logs `name` in.
    ///
    /// # Errors
    /// [`PlayersError::WrongCredentials`], [`PlayersError::Blocked`], [`PlayersError::Busy`], or trouble of ours.
    pub async fn log_in(&self, name: &str, password: &str) -> Result<LoggedIn, PlayersError> {
        check_bounds(name, password)?;
        let row = sqlx::query("SELECT id, password_hash, status FROM players WHERE name = $1")
            .bind(name)
            .fetch_optional(&self.pool)
            .await?;
        let stored = row.as_ref().map_or(Ok(NOBODY.to_owned()), |row| row.try_get("password_hash"))?;
        let matches = self.matches(password.to_owned(), stored).await?;
        let (Some(row), true) = (row, matches) else { return Err(PlayersError::WrongCredentials) };
        if Status::parse(row.try_get("status")?)? == Status::Blocked {
            return Err(PlayersError::Blocked);
        }
        let player: Uuid = row.try_get("id")?;
        self.begin(player.into(), self.new_session()?).await
    }

    /// New tokens of `session`.
    pub(crate) async fn begin(&self, player: PlayerId, session: SessionId) -> Result<LoggedIn, PlayersError> {
        let refresh = hex_of(&self.random()?);
        let now_ms = self.clock.now_ms();
        let life_ms = u64::try_from(limits::REFRESH_LIFE.as_millis()).unwrap_or(u64::MAX);
        sqlx::query("INSERT INTO refresh_tokens (hash, session, player, expires_ms) VALUES ($1, $2, $3, $4)")
            .bind(hash_of(&refresh))
            .bind(session.as_uuid())
            .bind(player.as_uuid())
            .bind(i64::try_from(now_ms.saturating_add(life_ms)).unwrap_or(i64::MAX))
            .execute(&self.pool)
            .await?;
        let (access, access_expires_ms) = self.key.sign(player, session, now_ms)?;
        Ok(LoggedIn { player, session, access, access_expires_ms, refresh })
    }
}

/// A name or password that no player can have is wrong without a look at the database.
fn check_bounds(name: &str, password: &str) -> Result<(), PlayersError> {
    if name.len() > *limits::NAME_CHARS.end() || password.len() > *limits::PASSWORD_BYTES.end() {
        return Err(PlayersError::WrongCredentials);
    }
    Ok(())
}
