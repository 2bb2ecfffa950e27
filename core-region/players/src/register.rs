//! A new player.

use ids::PlayerId;

use crate::profile::Status;
use crate::{Players, PlayersError, limits};

/// Whether `name` may be a name. Names are lowercase, so that two never differ by case alone.
///
/// # Errors
/// [`PlayersError::BadName`].
pub fn check_name(name: &str) -> Result<(), PlayersError> {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-';
    if limits::NAME_CHARS.contains(&name.len()) && name.chars().all(allowed) {
        Ok(())
    } else {
        Err(PlayersError::BadName)
    }
}

/// Whether `password` may be a password.
///
/// # Errors
/// [`PlayersError::BadPassword`].
pub fn check_password(password: &str) -> Result<(), PlayersError> {
    if limits::PASSWORD_BYTES.contains(&password.len()) { Ok(()) } else { Err(PlayersError::BadPassword) }
}

impl Players {
    /// Registers `name`.
    ///
    /// # Errors
    /// [`PlayersError`] for a bad or taken name, a bad password, or trouble of ours.
    pub async fn register(&self, name: &str, password: &str) -> Result<PlayerId, PlayersError> {
        check_name(name)?;
        check_password(password)?;
        let hash = self.hash(password.to_owned()).await?;
        let player = self.new_player()?;
        let inserted = sqlx::query(
            "INSERT INTO players (id, name, password_hash, status, created_ms) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (name) DO NOTHING",
        )
        .bind(player.as_uuid())
        .bind(name)
        .bind(hash)
        .bind(Status::Active.as_str())
        .bind(self.now_signed())
        .execute(&self.pool)
        .await?;
        if inserted.rows_affected() == 1 { Ok(player) } else { Err(PlayersError::NameTaken) }
    }
}
