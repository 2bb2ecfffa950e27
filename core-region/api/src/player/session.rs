//! A session's tokens, as log-in and refresh give them.

use ids::{PlayerId, SessionId};
use players::LoggedIn;
use serde::Serialize;
use utoipa::ToSchema;

/// A session.
#[derive(Serialize, ToSchema)]
pub(crate) struct Session {
    /// The player.
    #[schema(value_type = String, format = "uuid")]
    player: PlayerId,
    /// The session.
    #[schema(value_type = String, format = "uuid")]
    session: SessionId,
    /// PASETO v4.public: for `Authorization: Bearer` here, and for `hello` at an edge.
    access_token: String,
    /// When the access token ends, Unix milliseconds.
    access_expires_ms: u64,
    /// Good once, for the next tokens.
    refresh_token: String,
}

impl From<LoggedIn> for Session {
    fn from(logged_in: LoggedIn) -> Self {
        let LoggedIn { player, session, access, access_expires_ms, refresh } = logged_in;
        Self { player, session, access_token: access, access_expires_ms, refresh_token: refresh }
    }
}
