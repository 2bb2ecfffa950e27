//! The crate against a real Postgres.

#[cfg(test)]
mod transactions;
