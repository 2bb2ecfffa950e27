//! The database and the ledger in it, checked before anything leans on them.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use clock::SharedClock;
use database::{DbError, Options, Pool};
use ledger::{Ledger, Postgres, Store};

use crate::config::Config;
use crate::limits;

/// The one shard of this version.
const SHARD: u16 = 0;

/// A migrated database. One that does not answer is tried for [`limits::DATABASE_WITHIN`].
pub(crate) async fn database(config: &Config) -> anyhow::Result<Pool> {
    let url = read_url(&config.database_url_file)?;
    let options = Options {
        max_connections: config.database_connections,
        application_name: "house-core".to_owned(),
        ..Options::default()
    };
    let tries = limits::DATABASE_WITHIN.as_millis() / limits::DATABASE_PAUSE.as_millis().max(1);
    let pool = connect(&url, &options, tries, limits::DATABASE_PAUSE).await?;
    let rooms = [
        ("ledger", &ledger::MIGRATOR),
        ("seeds", &seeds::MIGRATIONS),
        ("players", &players::MIGRATOR),
        ("leases", &leases::MIGRATIONS),
        ("settlement", &settlement::MIGRATOR),
    ];
    for (room, migrator) in rooms {
        database::migrate(&pool, migrator).await.with_context(|| format!("the database: tables of {room}"))?;
    }
    Ok(pool)
}

fn read_url(path: &Path) -> anyhow::Result<String> {
    let text = std::fs::read_to_string(path).with_context(|| format!("the database's URL: {}", path.display()))?;
    Ok(text.trim().to_owned())
}

async fn connect(url: &str, options: &Options, tries: u128, pause: Duration) -> anyhow::Result<Pool> {
    for left in (0..tries).rev() {
        match database::connect(url, options).await {
            Ok(pool) => return Ok(pool),
            Err(error @ (DbError::Unavailable { .. } | DbError::NoConnection)) if left > 0 => {
                tracing::warn!(%error, "the database does not answer yet");
                tokio::time::sleep(pause).await;
            }
            Err(error) => return Err(error).context("the database"),
        }
    }
    bail!("the database does not answer")
}

/// The ledger, once its whole chain is verified. Also whether it is empty.
pub(crate) async fn ledger(pool: &Pool, clock: SharedClock) -> anyhow::Result<(Ledger, bool)> {
    let store: Arc<dyn Store> = Arc::new(Postgres::new(pool.clone(), SHARD));
    let timer = telemetry::Timer::start();
    let report = ledger::verify::replay(store.as_ref())
        .await
        .context("the ledger's stored chain does not verify: refusing to start")?;
    let took_ms = u64::try_from(timer.elapsed().as_millis()).unwrap_or(u64::MAX);
    tracing::info!(batches = report.batches, transfers = report.transfers, took_ms, "the ledger's chain verifies");
    let ledger = Ledger::open(store, clock, ledger::Options::default()).await.context("the ledger")?;
    Ok((ledger, report.batches == 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_database_that_is_not_there_is_tried_a_while_and_a_wrong_url_is_not() {
        let options = Options { acquire_timeout: Duration::from_millis(200), ..Options::default() };
        let pause = Duration::from_millis(10);
        let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let error = connect(&format!("postgres://house@{nobody}/house"), &options, 3, pause).await.unwrap_err();
        assert!(error.to_string().contains("the database"), "{error:#}");
        let timer = telemetry::Timer::start();
        assert!(connect("no url", &options, 1_000, Duration::from_secs(1)).await.is_err());
        assert!(timer.elapsed() < Duration::from_secs(1));
    }
}
