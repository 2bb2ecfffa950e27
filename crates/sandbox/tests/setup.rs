//! What every test here starts from: a host, the honest guest on a table, keys and bets.

use sandbox::{Backend, Bet, Config, Host, HostOptions, RoundKey, Table};

use crate::guests::Guest;

/// A key for the n-th deal of a test.
pub(crate) fn key(n: u64) -> RoundKey {
    let mut bytes = [7; 32];
    bytes[..8].copy_from_slice(&n.to_be_bytes());
    RoundKey::from_bytes(bytes)
}

pub(crate) fn host() -> Host {
    host_on(Backend::Cranelift)
}

pub(crate) fn host_on(backend: Backend) -> Host {
    Host::new(HostOptions { backend, slots: 8, ..HostOptions::default() }).unwrap()
}

pub(crate) fn config() -> Config {
    Config::exactly("{}").unwrap()
}

pub(crate) fn open(host: &Host, guest: &Guest) -> Table {
    host.load(&guest.build()).unwrap().open(config()).unwrap()
}

/// A bet on the spot of the honest guest that pays at once.
pub(crate) fn at_once(stake_minor: u64) -> Vec<Bet> {
    vec![Bet { spot: 1, stake_minor }]
}

/// A bet on the spot of the honest guest that opens a round of two deals.
pub(crate) fn in_two(stake_minor: u64) -> Vec<Bet> {
    vec![Bet { spot: 2, stake_minor }]
}
