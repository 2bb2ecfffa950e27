//! What `/readyz` names when it is missing: `database`, `bus`, `ledger`, `seeds`, and `serving` until the start is complete.

use std::sync::Arc;

use bus::Bus;
use database::Pool;
use ledger::{Ledger, State};
use seeds::Seeds;
use sqlx::Connection;
use telemetry::{Flag, Readiness};
use tokio_util::sync::CancellationToken;

use crate::limits;

/// Asks the ledger, the seeds room and the bus whenever somebody asks us.
pub(crate) fn watch_rooms(readiness: &Readiness, bus: &Bus, ledger: &Ledger, seeds: &Arc<Seeds>) {
    let (bus, seeds, state) = (bus.clone(), Arc::clone(seeds), ledger.state());
    readiness.check("bus", move || bus.is_connected());
    readiness.check("ledger", move || *state.borrow() == State::Running);
    readiness.check("seeds", move || seeds.healthy().is_ok());
}

/// Asks the database for a sign of life now and then, until `cancel`.
pub(crate) async fn watch_database(pool: Pool, flag: Flag, cancel: CancellationToken) {
    loop {
        let probe = tokio::time::timeout(limits::DATABASE_PROBE, async { pool.acquire().await?.ping().await });
        match probe.await {
            Ok(Ok(())) => flag.up(),
            Ok(Err(_)) | Err(_) => flag.down(),
        }
        tokio::select! {
            () = cancel.cancelled() => return,
            () = tokio::time::sleep(limits::DATABASE_PROBE) => {}
        }
    }
}
