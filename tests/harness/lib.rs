//! The harness: the product's real processes for tests, the demo and the benches. Nothing here is a mock: NATS servers,
//! Postgres, core, dealers and edges are the programs that ship, on loopback ports, in a state folder of their own.
//!
//! How to: [`Tools::find`], then [`NatsCluster`] or [`Postgres`] alone, or [`Stack`] for everything. Dropping what was
//! started ends it; if this process dies the kernel ends its children.
//! Cost: a NATS hub with two leafs is up in half a second, Postgres in one, the whole stack in a few.
//! What may go wrong: a tool is missing, a port is in use, a child crashes; each is one line that names it.

pub mod bench;
pub mod bots;
pub mod demo;
mod nats;
mod ports;
mod postgres;
mod probe;
mod process;
mod proxy;
mod stack;
mod tools;

pub use nats::{NatsCluster, NatsOptions, NatsServer, NatsUser, Region, random_secret};
pub use ports::{PortPlan, free_port};
pub use postgres::Postgres;
pub use probe::{get, wait_for_ok};
pub use process::{DeathSignal, Process, Spec};
pub use proxy::{Direction, Proxy};
pub use stack::{Endpoints, Part, Stack, StackOptions};
pub use tools::{Tools, project_root};
