//! A player as others see one.

use ids::PlayerId;
use sqlx::Row;

use crate::{Players, PlayersError};

/// Whether a player may play.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// May.
    Active,
    /// May not log in or open a lease.
    Blocked,
}

impl Status {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Blocked => "blocked",
        }
    }

    pub(crate) fn parse(text: &str) -> Result<Self, PlayersError> {
        match text {
            "active" => Ok(Self::Active),
            "blocked" => Ok(Self::Blocked),
            _ => Err(PlayersError::Internal("a stored status can't be read")),
        }
    }
}

/// A player.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Who.
    pub player: PlayerId,
    /// The name.
    pub name: String,
    /// Whether the player may play.
    pub status: Status,
    /// When registered.
    pub created_ms: u64,
}

impl Players {
    /// The profile of `player`.
    ///
    /// # Errors
    /// [`PlayersError::Unknown`], or the database's trouble.
    pub async fn profile(&self, player: PlayerId) -> Result<Profile, PlayersError> {
        let row = sqlx::query("SELECT name, status, created_ms FROM players WHERE id = $1")
            .bind(player.as_uuid())
            .fetch_optional(&self.pool)
            .await?
            .ok_or(PlayersError::Unknown)?;
        let created: i64 = row.try_get("created_ms")?;
        Ok(Profile {
            player,
            name: row.try_get("name")?,
            status: Status::parse(row.try_get("status")?)?,
            created_ms: u64::try_from(created).map_err(|_| PlayersError::Internal("a stored time can't be read"))?,
        })
    }

    /// Lets `player` play, or not. A blocked player's sessions end with their access tokens.
    ///
    /// # Errors
    /// [`PlayersError::Unknown`], or the database's trouble.
    pub async fn set_status(&self, player: PlayerId, status: Status) -> Result<(), PlayersError> {
        let updated = sqlx::query("UPDATE players SET status = $2 WHERE id = $1")
            .bind(player.as_uuid())
            .bind(status.as_str())
            .execute(&self.pool)
            .await?;
        if updated.rows_affected() == 1 { Ok(()) } else { Err(PlayersError::Unknown) }
    }
}
