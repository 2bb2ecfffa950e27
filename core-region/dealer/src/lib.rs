//! The dealer: holds lease keys, is the round log's only writer, and shows a deal's key once its bet is durably bound.
//!
//! One action, one file: open.rs, bind.rs, renew.rs, topup.rs, close.rs, recover.rs. Each takes the lease's lock, asks the pure
//! machine in lease.rs for the next record, lets log.rs append it under the fence of the subject's last sequence, and only
//! then answers. So:
//! - a key is shown only for a bet that stands in the log, and two intents never stand for one deal;
//! - two dealers that believe they hold one lease can't fork its log: the fence lets one of them append, the other reads and
//!   sees what stands;
//! - a restarted dealer gives the same answers, since all it knows of a lease is its key (from the core, sealed to this
//!   dealer) and the log.
//!
//! Cost of a deal: one signature check, one durable append, one signature. Memory: about 100 bytes a bound deal.
//! What may go wrong: a broken link to the log leaves an append unknown; then the lease is read back before anything else is
//! decided. A log that does not fold (forked, rewritten) stops its lease and alarms, and no other.
#![forbid(unsafe_code)]

mod answer;
mod bind;
mod check;
mod close;
pub mod config;
mod entry;
mod error;
mod key_file;
pub mod keygen;
mod keys;
mod lease;
pub mod limits;
mod log;
mod open;
mod recover;
mod registry;
mod renew;
mod rpc;
mod service;
mod sync;
mod topup;

pub use error::{Denied, KeyError, LogError, LogFault};
pub use keys::DealerKeys;
pub use lease::{Bind, DealerLease, Decision};
pub use rpc::serve;
pub use service::Dealer;
pub use sync::sync;
