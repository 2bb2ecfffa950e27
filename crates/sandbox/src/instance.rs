//! One live instance: a store with its limits, and a typed call. Fresh for every deal, except in [`crate::Simulator`].

use std::sync::Arc;

use wasmtime::Store;
use wasmtime::component::{ComponentNamedList, Instance, Lift, Lower};

use crate::classify::{self, Broken};
use crate::game::GameCode;
use crate::guest::{Chance, Guest};
use crate::lane::Ready;
use crate::limits;

/// A function of the contract.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Export {
    Describe,
    Play,
    Act,
}

pub(crate) struct Live {
    store: Store<Guest>,
    instance: Instance,
    ready: Arc<Ready>,
}

impl Live {
    /// An instance straight from the component's bytes. It can't draw before it is given draws.
    pub(crate) fn start(code: &GameCode) -> Result<Self, Broken> {
        let ready = Arc::clone(code.here().map_err(Broken::Infra)?);
        let mut store = Store::new(&ready.engine, Guest::without_chance());
        store.limiter(|guest| guest);
        store.set_hostcall_fuel(limits::HOSTCALL_FUEL);
        arm(&mut store, limits::START_FUEL).map_err(|error| classify::instantiated(&error))?;
        let instance = ready.pre.instantiate(&mut store).map_err(|error| classify::instantiated(&error))?;
        Ok(Self { store, instance, ready })
    }

    /// Calls an export with `fuel` to burn. Returns its result and the fuel it took.
    pub(crate) fn call<P, R>(&mut self, export: Export, fuel: u64, params: P) -> Result<(R, u64), Broken>
    where
        P: ComponentNamedList + Lower,
        R: ComponentNamedList + Lift,
    {
        self.try_call(export, fuel, params).map_err(|error| classify::called(&error))
    }

    fn try_call<P, R>(&mut self, export: Export, fuel: u64, params: P) -> wasmtime::Result<(R, u64)>
    where
        P: ComponentNamedList + Lower,
        R: ComponentNamedList + Lift,
    {
        let export = match export {
            Export::Describe => &self.ready.describe,
            Export::Play => &self.ready.play,
            Export::Act => &self.ready.act,
        };
        let call = self.instance.get_typed_func::<P, R>(&mut self.store, export)?;
        arm(&mut self.store, fuel)?;
        let result = call.call(&mut self.store, params)?;
        let left = self.store.get_fuel()?;
        Ok((result, fuel.saturating_sub(left)))
    }

    /// Hands over the draws of the next call, and takes those of the last.
    pub(crate) fn exchange(&mut self, chance: Option<Chance>) -> Option<Chance> {
        self.store.data_mut().set_chance(chance)
    }
}

fn arm(store: &mut Store<Guest>, fuel: u64) -> wasmtime::Result<()> {
    store.set_epoch_deadline(limits::EPOCH_DEADLINE);
    store.set_fuel(fuel)
}

#[cfg(test)]
#[path = "../tests/guests.rs"]
mod guests;

#[cfg(test)]
mod tests {
    use super::guests::Guest;
    use super::*;
    use crate::contract::{Bet, Fault, Outcome};
    use crate::verdict::Infra;
    use crate::{Host, HostOptions};

    #[test]
    fn a_call_that_no_fuel_ends_is_ended_by_the_backstop_and_is_no_verdict() {
        let host = Host::new(HostOptions { slots: 1, ..HostOptions::default() }).unwrap();
        let guest = Guest::playing("(loop $again (br $again)) (unreachable)");
        let game = host.load(&guest.build()).unwrap();
        let mut live = Live::start(game.code()).unwrap();
        let params = ("{}", &[Bet { spot: 1, stake_minor: 10 }][..]);
        let ended = live.call::<_, (Result<Outcome, Fault>,)>(Export::Play, u64::MAX, params);
        assert!(matches!(ended, Err(Broken::Infra(Infra::Deadline))), "{ended:?}");
    }
}
