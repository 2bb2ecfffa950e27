//! The one Wasm host. The edge plays with it, settlement and the verifier replay with it: same bytes, same key, same
//! stakes give the same outcome, draws and fuel on every machine and backend.
//!
//! ```text
//! Host::new(options)          settings of the engine, a pool of instances, the epoch ticker
//!   .load(wasm)               import allow-list, compile            -> Game   (identity: SHA-256 of the bytes)
//!   .load_cached(wasm, dir)   the same, compiled once a machine
//! Game::open(config)          runs `describe`, checks the manifest  -> Table
//! Table::play(key, bets)      one deal in a fresh instance          -> Deal | Void | Infra
//! Table::act(key, ...)        the next deal of the same round
//! ```
//!
//! **Promise.** No guest can hang, exhaust or corrupt the host, keep state between deals, draw more than it declared,
//! or pay more than it declared. A guest's fault is a typed, deterministic [`Void`]; a fault of this machine is
//! [`Infra`], which says nothing about the deal and is answered by trying again.
//!
//! **Cost.** A fresh instance a deal: microseconds, no system call in steady state. A call blocks its thread for as
//! long as its fuel lasts (at most [`limits::MAX_FUEL`]); run it inline.
//!
//! **What may go wrong.** Where a native stack overflows depends on the backend's frames, so a guest that recurses to
//! within a hair of the limit may be void on one backend and not on another; same backend and version always agree.
//! Edge and core therefore run the same backend; the others exist for audits and tests.

mod artifact;
mod cache;
pub mod canonical;
mod classify;
mod contract;
mod engine;
mod epoch;
mod game;
mod guest;
mod host;
mod inspect;
mod instance;
mod judge;
mod lane;
pub mod limits;
mod manifest;
mod outcome;
mod params;
mod simulator;
mod stakes;
mod table;
mod verdict;

pub use cache::CacheUse;
pub use contract::{Action, ActionSpec, Bet, Event, Fault, Kind, Manifest, Offer, Outcome, Spot, Trigger, Volatility};
pub use engine::{Backend, EngineId, HostError, HostOptions};
pub use fairness::Draw;
pub use fairness::RoundKey;
pub use game::{DescribeError, Game};
pub use host::{Host, LoadError};
pub use manifest::{ManifestError, check_manifest};
pub use params::{Config, ConfigError, canonical_config, params_hash};
pub use simulator::Simulator;
pub use stakes::{ActionError, BetError, check_action, check_stakes};
pub use table::Table;
pub use verdict::{Deal, Infra, Misbehaviour, NoDeal, RoundTotals, Verdict, Void};
