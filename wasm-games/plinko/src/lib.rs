//! Plinko: a ball falls through rows of pins into a pocket; the rows and the risk say what pockets pay.
//!
//! Promises: one draw a deal, integers only, exact payments, no panic on any input. Costs: one event. May go wrong:
//! nothing beyond the typed refusals of [`game_sdk::Fault`].
#![cfg_attr(target_arch = "wasm32", no_std)]

extern crate alloc;

mod board;
mod component;
mod manifest;
mod rules;
mod tables;

pub use component::Plinko;
