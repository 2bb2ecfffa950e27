//! Roulette: the full table on a single-zero or double-zero wheel, with or without la partage; all bets in one deal.
//!
//! Promises: one draw a deal, integers only, exact payouts, no panic on any input. Costs: one pass over the bets, no
//! allocation but the events. May go wrong: nothing beyond the typed refusals of [`game_sdk::Fault`].
#![cfg_attr(target_arch = "wasm32", no_std)]

extern crate alloc;

mod component;
mod layout;
mod manifest;
mod rules;
mod table;

pub use component::Roulette;
pub use layout::{Kind, Place, place, places};
pub use table::{Table, Wheel};
