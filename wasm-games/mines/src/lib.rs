//! Mines: twenty-five cells, some of them mined; each safe pick raises the price, a mine ends the round.
//!
//! Promises: no mine is placed before the deal that shows it, with the same odds as a board laid in advance; integers
//! only; prices rounded down as the README states; no panic on any input. Costs: at most 25 draws and three events a deal.
//! May go wrong: nothing beyond the typed refusals of [`game_sdk::Fault`].
#![cfg_attr(target_arch = "wasm32", no_std)]

extern crate alloc;

mod board;
mod component;
mod field;
mod manifest;
mod round;
mod rules;

pub use component::Mines;
