//! Baccarat: punto banco from a shoe that is freshly shuffled for every round; all bets in one deal.
//!
//! Promises: cards without replacement, the third-card tableau, exact payouts, integers only, no panic on any input.
//! Costs: four to six draws a deal. May go wrong: nothing beyond the typed refusals of [`game_sdk::Fault`].
#![cfg_attr(target_arch = "wasm32", no_std)]

extern crate alloc;

mod component;
mod coup;
mod manifest;
mod rules;
mod shoe;
mod spot;
mod table;

pub use component::Baccarat;
pub use table::{BankerPays, Table};
