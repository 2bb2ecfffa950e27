//! Hilo: higher, lower or the same? Card after card, at a price that grows; stop in time.
//!
//! Promises: one draw a guess, made after the guess is bound; integers only; prices rounded down as the README states; no
//! panic on any input. Costs: at most two events a deal. May go wrong: nothing beyond the typed refusals of
//! [`game_sdk::Fault`].
#![cfg_attr(target_arch = "wasm32", no_std)]

extern crate alloc;

mod component;
mod edge;
mod guess;
mod history;
mod manifest;
mod rules;

pub use component::Hilo;
