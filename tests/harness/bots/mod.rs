//! Bots: players over the real protocols, HTTP to the core and signed intents over the edges' WebSocket.
//!
//! A bot keeps its own books from what it is told, deal by deal, so that at the end its balance can be held against the
//! ledger's. It survives what players survive: a lost connection, a dead edge, a core that is away for a while.

mod book;
mod bot;
mod http;
mod lease;
mod player;
mod settle_up;
mod signing;
mod socket;
mod wager;

pub use book::{Book, LeaseBook};
pub use bot::{Bot, BotOptions, BotReport};
pub use http::{Answer, Api};
pub use lease::Held;
pub use player::Player;
pub use signing::SessionKey;
pub use socket::{Lost, Socket};
