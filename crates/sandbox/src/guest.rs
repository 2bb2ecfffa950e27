//! What a running guest can reach in the host: its draws and its memory, both counted. Host calls burn no fuel, so
//! the number of draws is bounded here.

use fairness::Draws;
use wasmtime::ResourceLimiter;

use crate::contract::entropy;
use crate::limits;
use crate::verdict::{Infra, Misbehaviour};

/// The data of one store.
pub(crate) struct Guest {
    chance: Option<Chance>,
}

/// The draws of one deal, and how many the game declared.
pub(crate) struct Chance {
    pub(crate) draws: Draws,
    pub(crate) max_draws: u32,
}

impl Guest {
    /// A guest that may not draw: `describe`, and a component's start functions.
    pub(crate) fn without_chance() -> Self {
        Self { chance: None }
    }

    /// Gives the guest the draws of the next deal, or none; returns what it had.
    pub(crate) fn set_chance(&mut self, chance: Option<Chance>) -> Option<Chance> {
        std::mem::replace(&mut self.chance, chance)
    }
}

impl entropy::Host for Guest {
    fn draw(&mut self, stream: u64, bound: u64) -> wasmtime::Result<u64> {
        let Some(chance) = self.chance.as_mut() else {
            return Err(Misbehaviour::DrawOutsideDeal.into());
        };
        if bound == 0 {
            return Err(Misbehaviour::BadDrawBound.into());
        }
        let limit = chance.max_draws;
        if u32::try_from(chance.draws.record().len()).map_or(true, |drawn| drawn >= limit) {
            return Err(Misbehaviour::DrawLimit { limit }.into());
        }
        // All that is left to refuse is fair1's own limit on draws, which is higher.
        chance.draws.below(stream, bound).map_err(|_| Misbehaviour::DrawLimit { limit }.into())
    }
}

impl ResourceLimiter for Guest {
    fn memory_growing(&mut self, _: usize, desired: usize, maximum: Option<usize>) -> wasmtime::Result<bool> {
        if desired > limits::MAX_MEMORY || maximum.is_some_and(|maximum| desired > maximum) {
            return Err(Misbehaviour::Memory.into());
        }
        Ok(true)
    }

    /// Growth was allowed and failed: either beyond what the memory's type can hold (the guest's doing), or the
    /// system had none to give (ours).
    fn memory_grow_failed(&mut self, error: wasmtime::Error) -> wasmtime::Result<()> {
        match error.downcast_ref::<rustix::io::Errno>() {
            Some(_) => Err(Infra::HostMemory.into()),
            None => Err(Misbehaviour::Memory.into()),
        }
    }

    fn table_growing(&mut self, _: usize, desired: usize, maximum: Option<usize>) -> wasmtime::Result<bool> {
        if desired > limits::MAX_TABLE || maximum.is_some_and(|maximum| desired > maximum) {
            return Err(Misbehaviour::Table.into());
        }
        Ok(true)
    }

    fn table_grow_failed(&mut self, error: wasmtime::Error) -> wasmtime::Result<()> {
        match error.downcast_ref::<rustix::io::Errno>() {
            Some(_) => Err(Infra::HostMemory.into()),
            None => Err(Misbehaviour::Table.into()),
        }
    }
}
