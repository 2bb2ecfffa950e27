//! The shell around execution and bus: the leases that this edge holds, and their deals.
//!
//! The edge is trusted with nothing: the dealer binds bets and shows draws, the core decides what is true. What this crate
//! promises is to its players: a deal's result once and in order, no deal lost to a broken connection or a restart, a refusal
//! that costs nothing. Flow of one deal: `deal` checks, `bind` asks the dealer, `take` folds the records with `execution`, and
//! the result goes to the connection that watches the lease (`lease`, `outlet`).
//!
//! Cost of a deal beside the dealer's answer: one signature check and one execution. What may go wrong is a refusal with a
//! stable code; `unavailable` means that the same message may be sent again.

mod bind;
mod catalogue;
mod close;
mod components;
mod deal;
mod drain;
mod error;
mod heartbeat;
mod held;
mod lease;
mod limits;
mod open;
mod order;
mod outlet;
mod play;
mod recover;
mod resume;
mod ring;
#[cfg(test)]
mod sample;
mod shelf;
mod take;
mod told;
mod topup;
mod wallet;

pub use catalogue::{Catalogue, CatalogueError};
pub use components::FetchError;
pub use error::PlayError;
pub use outlet::{Asker, Moves, Outlet, Push};
pub use play::{Options, Play};
