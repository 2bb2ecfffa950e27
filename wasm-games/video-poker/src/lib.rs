//! Tin Roof Draw: Jacks or Better video poker. Five cards, hold any of them, draw the rest once.
//!
//! Promises: two deals a round, one deck without replacement, pays by the table alone, integers only, no panic on any
//! input. Costs: five draws, then at most five more. May go wrong: nothing beyond the typed refusals of
//! [`game_sdk::Fault`].
#![cfg_attr(target_arch = "wasm32", no_std)]

extern crate alloc;

mod card;
mod component;
mod hand;
mod manifest;
mod paytable;
mod round;
mod rules;

pub use component::VideoPoker;
pub use hand::{Rank, rank};
pub use paytable::{Paytable, Royal, Table};
