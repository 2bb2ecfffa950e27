//! Dice: a roll from 0.00 to 99.99, over or under a line of the player's choice.
//!
//! Promises: one draw a deal, integers only, multipliers rounded down as the README states, no panic on any input.
//! Costs: one event. May go wrong: nothing beyond the typed refusals of [`game_sdk::Fault`].
#![cfg_attr(target_arch = "wasm32", no_std)]

extern crate alloc;

mod component;
mod edge;
mod manifest;
mod rules;
mod target;

pub use component::Dice;
