//! The games: what is on offer from files, what older leases still need from the object store, all compiled before anything
//! serves.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use execution::{HostOptions, Tables};
use ids::Digest;
use leases::{Catalogue, GameFile, Release};

/// No game yet.
pub(crate) fn no_tables(cache: &Path) -> anyhow::Result<Arc<Tables>> {
    let tables = Tables::new(HostOptions::default(), Some(cache.to_owned())).context("the Wasm host")?;
    Ok(Arc::new(tables))
}

/// The releases of the configuration's files, compiled and accepting their configurations.
pub(crate) async fn releases(files: Vec<GameFile>, tables: &Arc<Tables>) -> anyhow::Result<Vec<Release>> {
    let tables = Arc::clone(tables);
    let work = move || {
        let read = |file: GameFile| {
            let release = file.read()?;
            let named = || format!("game {}", release.game);
            tables.load(release.digest, &release.component).with_context(named)?;
            tables.open(&release.pin()).with_context(named)?;
            tracing::info!(game = %release.game, digest = %release.digest, "game ready");
            Ok(release)
        };
        files.into_iter().map(read).collect()
    };
    tokio::task::spawn_blocking(work).await?
}

/// Loads what is not on offer any more, but may be pinned in leases and rounds that go on. One that can't be had alarms: its
/// leases wait, the others go on.
pub(crate) async fn load_older(catalogue: &Catalogue, tables: &Arc<Tables>) -> anyhow::Result<()> {
    for digest in catalogue.released().await.context("the catalogue")? {
        if tables.has(digest) {
            continue;
        }
        if let Err(error) = load_one(catalogue, tables, digest).await {
            tracing::error!(%digest, %error, "ALARM a component of older leases can't be loaded: they can't be settled");
        }
    }
    Ok(())
}

async fn load_one(catalogue: &Catalogue, tables: &Arc<Tables>, digest: Digest) -> anyhow::Result<()> {
    let component = catalogue.component(digest).await?;
    let tables = Arc::clone(tables);
    tokio::task::spawn_blocking(move || tables.load(digest, &component)).await??;
    Ok(())
}
