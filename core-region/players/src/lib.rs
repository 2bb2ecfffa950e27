//! Players: who they are, and how they prove it.
//!
//! A password is kept as Argon2id (PHC string). A log-in gives two tokens: an access token (PASETO v4.public, 5 minutes), which
//! edges verify offline with the public key, and an opaque refresh token, good once. A refresh token that is used twice was
//! stolen from somebody: its whole session ends.
//!
//! Costs: a log-in is one Argon2id of 19 MiB (about 20 ms of a core), so at most [`limits::HASHES_AT_ONCE`] run at a time; a
//! refresh is one conditional UPDATE. What may go wrong is a [`PlayersError`]; a wrong name and a wrong password look alike, and
//! cost the same.

mod error;
pub mod limits;
mod log_in;
mod password;
mod profile;
mod refresh;
mod register;
mod room;
mod token;

pub use error::PlayersError;
pub use log_in::LoggedIn;
pub use profile::{Profile, Status};
pub use register::{check_name, check_password};
pub use room::{Players, Random};
pub use token::{AccessKey, TokenError};

/// This room's migrations, versions 3001 and up.
pub static MIGRATOR: sqlx::migrate::Migrator = sqlx::migrate!("./migrations");
