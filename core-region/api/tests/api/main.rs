//! The pages through the router, over a real Postgres and a real nats-server.

#[cfg(test)]
mod accounts;
#[cfg(test)]
mod gates;
#[cfg(test)]
mod money;
#[cfg(test)]
mod operators;
#[cfg(test)]
mod proofs;
#[cfg(test)]
mod support;
