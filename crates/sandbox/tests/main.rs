//! The host against real components: honest ones, hostile ones, and the house's own games.
//! The modules are `cfg(test)` so that clippy sees their functions as tests, where unwrapping is allowed.

#[cfg(test)]
mod cache;
#[cfg(test)]
mod determinism;
#[cfg(test)]
mod guests;
#[cfg(test)]
mod honest;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod loading;
#[cfg(test)]
mod real_games;
#[cfg(test)]
mod setup;

use guests::Guest;
use sandbox::{ActionSpec, Kind, Manifest, Spot, Volatility};
use setup::{at_once, config, host, host_on, in_two, key, open};
