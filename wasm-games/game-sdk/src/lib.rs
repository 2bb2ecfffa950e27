//! What a studio writes a game with.
//!
//! A game is a type that implements [`Game`]: pure functions from configuration, bets, state and draws to an
//! [`Outcome`]. Everything here compiles natively too, so rules are tested without a sandbox; `export_game!` turns the
//! same rules into a component of the world `studio-game`.
//!
//! Costs: no allocation to read a configuration, one string per event. May go wrong: a guest that needs more memory
//! than its arena traps, and the deal is void; size the arena for the largest `describe`.
#![cfg_attr(target_arch = "wasm32", no_std)]

extern crate alloc;

mod arena;
mod config;
mod draw;
mod event;
mod game;
mod manifest;
mod outcome;
mod recorded;
mod state;

#[cfg(target_arch = "wasm32")]
#[doc(hidden)]
pub mod component;
mod export;

pub use arena::Arena;
pub use config::ConfigReader;
pub use draw::{Draw, crash_centi, shuffle, weighted};
pub use event::ObjectWriter;
pub use game::{Fault, Game};
pub use manifest::{ActionSpec, Kind, Manifest, Spot, Volatility};
pub use outcome::{Action, Bet, Event, Offer, Outcome, Trigger};
pub use recorded::Recorded;
pub use state::{StateReader, StateWriter};
