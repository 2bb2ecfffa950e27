//! The core's HTTP interface: players' accounts and money, the proofs of their leases, and the operator's view.
//!
//! How to: build an [`Api`] from its [`Parts`], serve [`player_router`] to the world and [`operator_router`] on a private
//! listener, and let [`Api::upkeep`] run beside them.
//!
//! ```text
//! layers.rs   trace, panics, CORS, time, size, who asks, how often      (outermost first)
//! player/     one file an endpoint: accounts, sessions, money, history
//! fairness/   bundles and commitments of one's own leases
//! operator/   summary, leases, games; a bearer token of its own
//! problem.rs  every error, as RFC 9457 with a stable code
//! openapi.rs  the document, generated from the handlers; `docs/openapi.json` is this document
//! ```
//! Promises: every answer that is no success is `application/problem+json` with a stable code and the trace id; money is a
//! decimal string of minor units; an order of money has an id of the client's, and the same order gets the same answer.
//! Costs: one signature check a request, and what the room behind it costs. What may go wrong is a [`Code`].

mod auth;
mod body;
mod fairness;
mod layers;

pub mod limits;
mod openapi;
mod operator;
mod player;
mod problem;
mod rate;
mod responses;
mod shown_lease;
mod state;

pub use layers::{operator_router, player_router};
pub use openapi::document;
pub use operator::{OperatorToken, TokenTooShort};
pub use problem::{Code, Problem};
pub use state::{Api, Options, Parts};
