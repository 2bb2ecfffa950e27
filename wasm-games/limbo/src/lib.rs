//! Limbo: one crash point against a target that the player names beforehand.
//!
//! Promises: one draw a deal, integers only, exact payments, no panic on any input. Costs: one event. May go wrong:
//! nothing beyond the typed refusals of [`game_sdk::Fault`].
#![cfg_attr(target_arch = "wasm32", no_std)]

extern crate alloc;

mod component;
mod edge;
mod manifest;
mod rules;
mod target;

pub use component::Limbo;
