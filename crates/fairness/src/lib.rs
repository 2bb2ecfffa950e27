//! fair1: commitments, keys, draws, links, verification. No IO, no clock, no chance of its own.
//!
//! Promise: every value of the fair1 page, byte for byte, from plain arguments. The seeds room, the dealer, the edge, settlement
//! and the verifiers all call these functions, so two of them can't disagree about a hash.
//! Cost: a few SHA-256 blocks a deal and one ChaCha20 block per eight draws of a stream; nothing is kept between calls but [`Draws`].
//! What may go wrong: only what the types say. Wrong inputs give other hashes, never a panic; the rules that a lease must also
//! keep (seed lengths, beacon, nonces) are separate checks, because vectors exercise the arithmetic alone.
#![forbid(unsafe_code)]

mod bet;
mod bundle;
mod chain;
mod commit;
mod draw;
mod drbg;
mod hash;
mod health;
mod hexed;
mod json;
mod keys;
mod link;
mod open;
mod problem;
mod sampler;
mod vector;
mod verify;

pub use bet::{Bet, bind_message, intent_message, payload_hash};
pub use bundle::{Bundle, BundleError, BundleOpen, Carried, Close, Deal, SPEC};
pub use chain::{ClientChain, nonce_follows, previous};
pub use commit::{commit, offer_message};
pub use draw::{Draw, DrawError, Draws, MAX_DRAWS, crash_centi, digest, raw_words};
pub use drbg::{Drbg, Entropy, RESEED_AFTER_MS, RESEED_AFTER_OUTPUTS, ReseedDue, lease_seed};
pub use hash::{Bytes16, Bytes32, mac, player_tag, sha256};
pub use health::{HealthError, SourceHealth};
pub use keys::{LeaseKey, RoundKey, Seed, lease_key, round_key};
pub use link::{Entry, blind, close_entry, deal_entry, leaf_hash, offer_entry, open_entry};
pub use open::{BeaconKind, ClientMode, Opening, OpeningError};
pub use problem::Problem;
pub use vector::{Vector, VectorError, VectorInputs};
pub use verify::verify;
