//! Player connections over WebSocket: who is it, what did it ask, what was it told last.
//!
//! Promise: a client's frames are worked off in order, each is answered or refused with its number, every frame that leaves
//! carries the cursor after it, and nothing that a client sends or fails to read makes the edge hold more than the bounds of
//! limits.rs. Cost: one task a connection, a JSON parse and a JSON write a frame.
//! What may go wrong ends the connection with a close code; the client comes back with its cursor, here or elsewhere.

mod accept;
mod backpressure;
mod cursor;
mod frames;
mod limits;
mod rate;
mod seats;
mod seen;
mod server;
mod session;
mod token;
mod work;

pub use server::{Gateway, Options};
pub use token::{TokenError, TokenKey};
