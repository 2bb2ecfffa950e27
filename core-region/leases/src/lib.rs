//! Leases: a slice of a player's money, for one session at one edge, with its limits and its committed seed.
//!
//! How to: build a [`Leases`] from its [`Parts`], [`Leases::serve`] the edges and dealers on the bus, and let
//! [`Leases::run_reaper`] drive forward whatever a lost answer left standing.
//!
//! **Promises.** A player has one offer or running lease at a time. Money goes into a lease once, under an id derived from
//! the lease ([`transfer_id`]), and comes back only through settlement of a closed log, or through a top-up that the closed
//! log provably does not hold. A lease's terms are fixed before any money moves. Every step is a conditional update of one
//! row, and every request to the ledger and to a dealer may be repeated: whoever dies in between, the reaper goes on.
//! **States** are [`Status`]: offered, granted, open, closing, closed, settled; or refused, with its seed burnt.
//! **Costs.** An opening is two transactions, one ledger batch and one request to the dealer; a heartbeat is one statement
//! for all leases of an edge.
//! **What may go wrong.** [`LeasesError`]: a refusal is the player's to see, everything else is repeated.

mod carried;
mod catalogue;
mod close;
mod dealers;
mod edges;
mod entity;
mod error;
mod heartbeat;
mod leases;
pub mod limits;
mod money_moves;
mod offer;
mod open;
mod operator;
mod reaper;
mod release;
mod repo;
mod resume;
mod rpc;
mod rules;
mod settling;
mod sync;
mod topup;
mod transfer_id;
mod wallet;

pub use catalogue::{Catalogue, Shelf};
pub use dealers::{BusDealers, DealerError, DealerPort};
pub use edges::Edges;
pub use entity::{BadStep, Lease, Status, Step};
pub use error::LeasesError;
pub use leases::{Leases, Parts};
pub use operator::Census;
pub use reaper::Pass;
pub use release::{GameFile, Release, ReleaseError};
pub use resume::{Replays, ReplaysError};
pub use rules::{CurrencyRules, DealerIdentity, Place, Rules};
pub use settling::{settled_in_tx, terms_of};
pub use transfer_id::{Movement, transfer_id};

/// The room's tables: versions 4001 and on.
pub static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!();
