//! The way out: pages first, then the rooms, then the ledger, then what tells the world of its last batch.
//!
//! Bounded at each step. What does not end in time is cut off, and nothing is lost by it: whatever a room has half done is
//! done again from the log, the outbox or the database at the next start.

use std::time::Duration;

use ledger::{Halt, State};
use tokio_util::task::TaskTracker;

use crate::compose::{Running, Stops};
use crate::limits;

impl Running {
    /// Returns when the ledger has halted by itself: the process can't go on, and is to be started anew.
    pub async fn halted(&self) -> Halt {
        let mut state = self.ledger.state();
        loop {
            if let State::Halted(why) = &*state.borrow_and_update() {
                return why.clone();
            }
            if state.changed().await.is_err() {
                return Halt::Closed;
            }
        }
    }

    /// Ends everything in order.
    pub async fn stop(self) {
        let Self { ledger, bus, pool, serving, stops, .. } = self;
        let Stops { pages, rooms, tasks, late, late_tasks } = stops;
        serving.down();
        pages.cancel();
        rooms.cancel();
        tracing::info!("stopping");
        ended("the rooms", &tasks, limits::ROOMS_END_WITHIN).await;
        ledger.close().await;
        late.cancel();
        ended("the relay", &late_tasks, limits::RELAY_ENDS_WITHIN).await;
        if let Err(error) = bus.flush().await {
            tracing::warn!(%error, "the last messages may not have gone out");
        }
        pool.close().await;
        tracing::info!("stopped");
    }
}

async fn ended(what: &str, tasks: &TaskTracker, within: Duration) {
    tasks.close();
    if tokio::time::timeout(within, tasks.wait()).await.is_err() {
        tracing::warn!(what, "did not end in time, and is cut off");
    }
}
