//! Millpond Lanterns: five reels of three, twenty lines, multiplying wilds, free spins with retrigger, a bonus buy.
//!
//! Promises: returns of 94, 95 or 96 % by configuration, exact and proven by enumerating every stop of the reels; no
//! win over the declared maximum, which some sequence of stops attains; integers only, no panic on any input. Costs:
//! five draws a spin, one a bonus bought. May go wrong: nothing beyond the typed refusals of [`game_sdk::Fault`].
#![cfg_attr(target_arch = "wasm32", no_std)]

extern crate alloc;

mod component;
mod free_spins;
mod lines;
mod manifest;
mod rules;
mod strips;
mod symbol;
mod variant;
mod window;

pub use component::SlotLines;
pub use symbol::Symbol;
pub use variant::Variant;
