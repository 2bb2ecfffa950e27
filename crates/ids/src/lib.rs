//! Identifiers: one newtype for each thing that has a name.
//!
//! Three shapes: [`mod@uuid`] ids are time-ordered 128-bit values made by whoever creates the thing; [`slug`] ids are short
//! names that operators choose and that are safe in a NATS subject; [`digest`] is the SHA-256 of some bytes.
//! No id is made from a clock or from chance in here: both are arguments.

mod digest;
mod slug;
mod uuid;

pub use digest::{Digest, DigestError};
pub use slug::{DealerId, EdgeId, GameId, RegionId, SlugError};
pub use uuid::{IdError, LeaseId, PlayerId, SessionId, TransferId};
