//! The seeds room: the only place where chance is made, and the only one that can open a lease's seed.
//!
//! Promises: each lease has a seed of its own (fairness.md section 1), committed to before the player picks his; a seed is
//! stored only encrypted; it leaves the room as a commitment, as a lease key sealed to one dealer, to settlement, or
//! revealed; every reseeding and every use is a row of `seed_log`, written in the statement or transaction that does it. A
//! source that fails its health test stops new seeds until the process is restarted and looked at.
//! Costs: making a seed is about a microsecond and one row; sealing a key about 100 us; a read is one statement.
//! What may go wrong: [`SeedsError`]. Losing the key-encryption key loses every live seed, and so every unsettled lease.
//!
//! This crate alone reads the system's randomness; other rooms take [`Randomness`].

mod audit;
mod envelope;
mod error;
mod generator;
mod key_file;
pub mod limits;
mod randomness;
mod repo;
mod room;
mod seal;
mod signer;
mod source;

pub use envelope::{KeyRing, SealedSeed};
pub use error::{KeyFileError, SeedsError};
pub use key_file::SecretFile;
pub use randomness::Randomness;
pub use repo::{Use, burn_in_tx, reveal_in_tx};
pub use room::{Options, Seeds};
pub use seal::seal_lease_key;
pub use signer::CoreSigner;
pub use source::Hardware;

/// The room's tables: versions 2001 and on.
pub static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!();
