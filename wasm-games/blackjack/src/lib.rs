//! Quarry Lane Twenty-One: blackjack with up to four hands, from an infinite deck or a freshly shuffled shoe.
//!
//! Promises: every decision is a deal, and no card is drawn before the decision that needs it is bound: not even the
//! dealer's hole card, whose chances are those of a card that lies there. Integers only, exact payouts, no panic on any
//! input. Costs: a draw a card, and one for the peek. May go wrong: nothing beyond the typed refusals of
//! [`game_sdk::Fault`].
#![cfg_attr(target_arch = "wasm32", no_std)]

extern crate alloc;

mod card;
mod component;
mod dealer;
mod hand;
mod manifest;
mod offers;
mod play;
mod returns;
mod round;
mod settle;
mod shoe;
mod show;
mod state;
mod table;

pub use component::Blackjack;
pub use table::{Doubles, Table};
