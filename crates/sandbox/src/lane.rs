//! Lanes: one engine with a pool of its own for each processor, so that deals on different processors share nothing.
//!
//! One engine for all makes every deal touch the same reference counts, and hands a memory that is warm in one
//! processor's cache to the other: two threads then play 1.2 times the deals of one; with lanes 1.9 times. A lane's
//! code is made from the game's compiled bytes at the lane's first deal (a fifth of a millisecond), then kept.

use std::sync::{Arc, OnceLock};

use wasmtime::Engine;
use wasmtime::component::{Component, ComponentExportIndex, HasSelf, InstancePre, Linker};

use crate::artifact::Artifact;
use crate::contract::{GAME, StudioGame, StudioGameIndices};
use crate::engine::{self, HostError, HostOptions};
use crate::guest::Guest;
use crate::verdict::Infra;

/// An engine and what the contract lets a guest import.
pub(crate) struct Lane {
    pub(crate) engine: Engine,
    linker: Linker<Guest>,
}

impl Lane {
    pub(crate) fn new(options: HostOptions) -> Result<Self, HostError> {
        let engine = engine::build(options)?;
        let mut linker = Linker::new(&engine);
        StudioGame::add_to_linker::<_, HasSelf<Guest>>(&mut linker, |guest| guest)
            .map_err(|error| HostError::Engine(error.into_boxed_dyn_error()))?;
        Ok(Self { engine, linker })
    }

    /// Checks the component's exports against the contract, and looks up all that can be before a deal.
    pub(crate) fn link(&self, component: &Component) -> wasmtime::Result<Ready> {
        let pre = self.linker.instantiate_pre(component)?;
        StudioGameIndices::new(&pre)?;
        let game = component.get_export_index(None, GAME);
        let find = |name: &str| {
            component
                .get_export_index(game.as_ref(), name)
                .ok_or_else(|| wasmtime::Error::msg(format!("{GAME} has no function {name}")))
        };
        let (describe, play, act) = (find("describe")?, find("play")?, find("act")?);
        Ok(Ready { engine: self.engine.clone(), pre, describe, play, act })
    }

    fn ready(&self, artifact: &Artifact) -> Result<Ready, Infra> {
        let failed = |reason: String| Infra::Instantiate { reason };
        let component = artifact.load(&self.engine).ok_or_else(|| failed("the compiled code does not load".into()))?;
        self.link(&component).map_err(|error| failed(format!("{error:#}")))
    }
}

/// A game on one lane, ready for deals.
pub(crate) struct Ready {
    pub(crate) engine: Engine,
    pub(crate) pre: InstancePre<Guest>,
    pub(crate) describe: ComponentExportIndex,
    pub(crate) play: ComponentExportIndex,
    pub(crate) act: ComponentExportIndex,
}

/// A game on all lanes.
pub(crate) struct Readies {
    artifact: Artifact,
    each: Box<[OnceLock<Arc<Ready>>]>,
}

impl Readies {
    /// `first` is the game on lane 0.
    pub(crate) fn new(lanes: usize, artifact: Artifact, first: Ready) -> Self {
        let each: Box<[OnceLock<_>]> = (0..lanes).map(|_| OnceLock::new()).collect();
        if let Some(lane) = each.first() {
            lane.get_or_init(|| Arc::new(first));
        }
        Self { artifact, each }
    }

    /// The game on the lane of the processor that runs this.
    pub(crate) fn here(&self, lanes: &[Lane]) -> Result<&Arc<Ready>, Infra> {
        let at = processor().checked_rem(self.each.len()).unwrap_or(0);
        let no_lane = || Infra::Instantiate { reason: "the host has no lane".into() };
        let (slot, lane) = self.each.get(at).zip(lanes.get(at)).ok_or_else(no_lane)?;
        if let Some(ready) = slot.get() {
            return Ok(ready);
        }
        let made = Arc::new(lane.ready(&self.artifact)?);
        // Another thread may have been faster; both are equal.
        Ok(slot.get_or_init(|| made))
    }
}

/// Where this thread runs now. It may move at any time: then it plays on another's lane, which is slower, not wrong.
#[cfg(target_os = "linux")]
fn processor() -> usize {
    rustix::thread::sched_getcpu()
}

#[cfg(not(target_os = "linux"))]
fn processor() -> usize {
    use std::cell::Cell;
    use std::sync::atomic::{AtomicUsize, Ordering};
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    thread_local!(static OWN: Cell<usize> = Cell::new(NEXT.fetch_add(1, Ordering::Relaxed)));
    OWN.get()
}
