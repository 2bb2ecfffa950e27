//! The ledger against what it promises: a naive model, both stores, faults, a second writer, a hand in its tables.

#[cfg(test)]
mod answers;
#[cfg(test)]
mod conformance;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod model;
#[cfg(test)]
mod postgres;
#[cfg(test)]
mod riders;
#[cfg(test)]
mod support;
#[cfg(test)]
mod tampering;
