//! NATS as the platform uses it: requests, a journal with a fence, durable consumption, KV, objects. The only user of async-nats.
//!
//! How to: [`Bus::connect`], then [`Bus::request`] and [`Bus::serve`] for questions and answers, [`Bus::journal`] to append
//! and read back, [`Bus::consume`] to work a stream off exactly in order, [`Bus::kv`] and [`Bus::objects`] for the catalogue.
//!
//! Promises. An append that is answered [`Appended`] is on disk at every replica that the stream asks for. A consumer never
//! hands out a message before all earlier ones, whatever was lost on the way. Nothing here ever deletes or recreates a stream.
//! Cost: one round trip to the server for a request, an append or a read; see limits.rs for every bound.
//! What may go wrong: [`BusError`] and [`AppendError`]. An append without an answer is *unknown*: it may stand already or may
//! still arrive, because the client sends what it has queued when it reconnects. The caller sends the same message id with the same
//! expected sequence again, and believes only what stands in the log.

mod connection;
mod consume;
mod error;
mod header;
mod journal;
mod kv;
pub mod limits;
mod objects;
mod provision;
mod read;
mod request;
mod serve;
mod settings;
mod streams;
mod subscribe;
pub mod testing;

pub use connection::{Bus, BusOptions};
pub use consume::{Batch, ConsumeOptions, Consumer};
pub use error::{AppendError, BusError};
pub use journal::{Append, Appended, Journal, Stored};
pub use kv::{Change, Entry, Kv, Watch};
pub use objects::Objects;
pub use provision::{Site, provision};
pub use serve::{Incoming, ServeOptions, reply};
pub use settings::{Settings, SettingsError};
pub use streams::{StreamsError, StreamsFile};
pub use subscribe::Subscription;
