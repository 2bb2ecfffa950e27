//! What may go wrong in this room.

use database::{AsDbError, DbError};

/// Why a player is not registered, not logged in, not found.
#[derive(Debug, thiserror::Error)]
pub enum PlayersError {
    /// 3 to 32 of `a-z 0-9 _ -`.
    #[error("a name is 3 to 32 of a-z, 0-9, _ and -")]
    BadName,
    /// 8 to 256 bytes.
    #[error("a password has 8 to 256 bytes")]
    BadPassword,
    /// Somebody has that name.
    #[error("the name is taken")]
    NameTaken,
    /// Name or password is wrong; which one is nobody's business.
    #[error("name or password is wrong")]
    WrongCredentials,
    /// The player may not log in.
    #[error("the player is blocked")]
    Blocked,
    /// The refresh token is unknown, used, too old, or of a session that ended.
    #[error("the refresh token is not good")]
    BadRefresh,
    /// No such player.
    #[error("no such player")]
    Unknown,
    /// Too many log-ins at this moment.
    #[error("too many log-ins at this moment")]
    Busy,
    /// The generator gives no random bytes.
    #[error("no randomness")]
    NoRandomness,
    /// The database.
    #[error(transparent)]
    Database(#[from] DbError),
    /// A library refused what it should take; nothing was changed.
    #[error("{0}")]
    Internal(&'static str),
}

impl AsDbError for PlayersError {
    fn as_db_error(&self) -> Option<&DbError> {
        match self {
            Self::Database(error) => Some(error),
            _ => None,
        }
    }
}

impl From<sqlx::Error> for PlayersError {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error.into())
    }
}
