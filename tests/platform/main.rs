//! Platform stories: the product's real programs, one module a promise.

#![cfg(test)]

mod drains;
mod kills;
mod leases;
mod refusals;
mod settles;
mod story;
mod traces;
