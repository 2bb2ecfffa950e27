//! The backstop's clock: a thread that ticks the engines' epoch every 50 ms, so that a call stuck for more than a
//! quarter of a second (which fuel should make impossible) ends. It measures this machine, not the guest, hence its
//! verdict is [`crate::Infra::Deadline`] and never a void. The thread ends when the last user of the engines does.

use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::JoinHandle;

use wasmtime::Engine;

use crate::limits;

#[derive(Debug)]
pub(crate) struct Ticker {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Ticker {
    pub(crate) fn start<'a>(engines: impl Iterator<Item = &'a Engine>) -> std::io::Result<Self> {
        let engines: Vec<_> = engines.map(Engine::weak).collect();
        let (stop, stopped) = mpsc::channel::<()>();
        let thread = std::thread::Builder::new().name("sandbox-epoch".into()).spawn(move || {
            while let Err(RecvTimeoutError::Timeout) = stopped.recv_timeout(limits::EPOCH_TICK) {
                engines.iter().filter_map(wasmtime::EngineWeak::upgrade).for_each(|engine| engine.increment_epoch());
            }
        })?;
        Ok(Self { stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        self.stop.take();
        if let Some(thread) = self.thread.take() {
            // The thread can't panic; if it did, there is nothing left to stop.
            let _ = thread.join();
        }
    }
}
