//! Version 1 of every message. Frozen: `fixtures/v1/*.json` must read and write back unchanged.

pub mod catalogue;
pub mod client;
pub mod core;
pub mod dealer;
pub mod hex;
pub mod intent;
pub mod key;
pub mod lease;
pub mod payload;
pub mod record;
pub mod refusal;
pub mod reply;
pub mod told;
pub mod wallet;

pub use hex::{Hex, HexBytes};
pub use key::{ClientKey, Signature};
pub use refusal::{Refusal, RefusalCode};
pub use reply::Reply;
