//! A player's own pages: account, sessions, money, history, and where to play. One file an endpoint.

pub(crate) mod balances;
pub(crate) mod deposit;
pub(crate) mod edges;
pub(crate) mod games;
pub(crate) mod history;
pub(crate) mod leases;
pub(crate) mod log_in;
pub(crate) mod log_out;
pub(crate) mod me;
mod order;
pub(crate) mod refresh;
pub(crate) mod register;
mod session;
pub(crate) mod withdraw;
