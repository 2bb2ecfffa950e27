//! The games at hand: the core's catalogue as it changes, and the loaded components by digest.
//!
//! Components come from the core's object store once and are kept on disk; every use checks their SHA-256. A lease plays the
//! bytes that it pins, whatever the catalogue says later; only a quarantined component is not played at all.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use bus::{Bus, BusError};
use execution::{HostError, HostOptions, Table, TableError, Tables};
use ids::{Digest, GameId};
use parking_lot::RwLock;
use wire::v1::catalogue::{CatalogueEntry, GameStatus};
use wire::v1::lease::PinnedGame;

use crate::bind::Backoff;
use crate::components::{Components, FetchError};
use crate::limits;
use crate::shelf::Shelf;

/// The core's bucket of catalogue entries, key = game.
const BUCKET: &str = "GAMES";

/// Why a game is not at hand.
#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    /// Its bytes could not be fetched or are not what the digest names.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// The bytes are no game, or it does not take the pinned configuration.
    #[error("game {game}: {source}")]
    Table {
        /// The component.
        game: Digest,
        /// Why.
        source: TableError,
    },
    /// The task that compiles was cut off.
    #[error("loading was cut off")]
    CutOff,
}

#[derive(Default)]
struct Inner {
    entries: BTreeMap<GameId, CatalogueEntry>,
    blocked: BTreeSet<Digest>,
}

/// All of it. One a process.
pub struct Catalogue {
    tables: Arc<Tables>,
    components: Components,
    shelf: Shelf,
    inner: RwLock<Inner>,
}

impl std::fmt::Debug for Catalogue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let inner = self.inner.read();
        f.debug_struct("Catalogue").field("games", &inner.entries.len()).finish_non_exhaustive()
    }
}

impl Catalogue {
    /// The catalogue as it was when this edge last heard of it: components, compiled games and entries are under `cache_dir`.
    ///
    /// # Errors
    /// [`HostError`] when this machine can't run components.
    pub fn open(options: HostOptions, cache_dir: &Path) -> Result<Self, HostError> {
        let tables = Arc::new(Tables::new(options, Some(cache_dir.join("compiled")))?);
        let (components, shelf) = (Components::new(cache_dir.join("components")), Shelf::new(cache_dir));
        let catalogue = Self { tables, components, shelf, inner: RwLock::default() };
        for entry in catalogue.shelf.read() {
            catalogue.note(&entry);
        }
        Ok(catalogue)
    }

    /// Every game that the core names.
    #[must_use]
    pub fn entries(&self) -> Vec<CatalogueEntry> {
        self.inner.read().entries.values().cloned().collect()
    }

    /// Whether the catalogue has been heard, and all enabled games are loaded.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        let inner = self.inner.read();
        let mut enabled = inner.entries.values().filter(|entry| entry.status == GameStatus::Enabled).peekable();
        enabled.peek().is_some() && enabled.all(|entry| self.tables.opened(entry.digest, entry.params).is_some())
    }

    /// Whether the component may not be played: quarantined by the core, or seen to break its bounds here.
    pub(crate) fn is_blocked(&self, digest: &Digest) -> bool {
        self.inner.read().blocked.contains(digest)
    }

    pub(crate) fn block(&self, digest: Digest) {
        self.inner.write().blocked.insert(digest);
    }

    /// The pinned game, if it is loaded.
    pub(crate) fn loaded(&self, game: &PinnedGame) -> Option<Table> {
        self.tables.opened(game.digest, game.params)
    }

    /// Loads the pinned game: from memory, from disk, from the core.
    ///
    /// # Errors
    /// [`CatalogueError`].
    pub(crate) async fn load(&self, bus: &Bus, hub_domain: &str, game: &PinnedGame) -> Result<Table, CatalogueError> {
        if let Some(table) = self.loaded(game) {
            return Ok(table);
        }
        let digest = game.digest;
        let wasm = self.components.get(bus, hub_domain, digest).await?;
        let (tables, game) = (Arc::clone(&self.tables), game.clone());
        let opened = tokio::task::spawn_blocking(move || {
            tables.load(digest, &wasm)?;
            tables.open(&game)
        });
        let opened = opened.await.map_err(|_| CatalogueError::CutOff)?;
        opened.map_err(|source| CatalogueError::Table { game: digest, source })
    }

    /// Follows the core's catalogue for ever.
    pub(crate) async fn follow(&self, bus: &Bus, hub_domain: &str) {
        // What was known before is at hand even when the core is not.
        for entry in self.entries() {
            self.take(bus, hub_domain, entry).await;
        }
        let mut backoff = Backoff::new();
        loop {
            match self.watch(bus, hub_domain).await {
                Ok(()) => backoff = Backoff::new(),
                Err(error) => tracing::warn!(%error, "the catalogue can't be watched"),
            }
            backoff.pause().await;
        }
    }

    async fn watch(&self, bus: &Bus, hub_domain: &str) -> Result<(), BusError> {
        let mut watch = bus.kv(Some(hub_domain), BUCKET).await?.watch_all().await?;
        while let Ok(Some(change)) = tokio::time::timeout(limits::CATALOGUE_REWATCH, watch.next()).await {
            let change = change?;
            let Some(value) = change.value else {
                tracing::info!(game = change.key, "game removed from the catalogue");
                if let Ok(game) = change.key.parse::<GameId>() {
                    self.inner.write().entries.remove(&game);
                }
                continue;
            };
            match wire::decode::<CatalogueEntry>(&value) {
                Ok(entry) => {
                    self.take(bus, hub_domain, entry).await;
                    self.shelf.write(&self.entries()).await;
                }
                Err(error) => tracing::error!(game = change.key, %error, "unreadable catalogue entry"),
            }
        }
        Ok(())
    }

    async fn take(&self, bus: &Bus, hub_domain: &str, entry: CatalogueEntry) {
        let pinned = self.note(&entry);
        if entry.status != GameStatus::Enabled {
            return;
        }
        // A failure here is tried again when a lease pins the game.
        if let Err(error) = self.load(bus, hub_domain, &pinned).await {
            tracing::error!(game = %entry.game, %error, "game is not loaded");
        }
    }

    /// Writes the entry down. A digest that was quarantined stays so until the core enables that very digest again.
    fn note(&self, entry: &CatalogueEntry) -> PinnedGame {
        let mut inner = self.inner.write();
        let known = inner.entries.insert(entry.game.clone(), entry.clone());
        let changed = known.as_ref() != Some(entry);
        match entry.status {
            GameStatus::Quarantined => {
                inner.blocked.insert(entry.digest);
            }
            // An entry that is merely read again says nothing new about a game that broke here in between.
            GameStatus::Enabled if changed => {
                inner.blocked.remove(&entry.digest);
            }
            GameStatus::Enabled | GameStatus::Disabled => {}
        }
        drop(inner);
        if changed {
            tracing::info!(game = %entry.game, digest = %entry.digest, status = ?entry.status, "catalogue entry");
        }
        entry.pin()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(status: GameStatus) -> CatalogueEntry {
        CatalogueEntry {
            game: "coin".parse().unwrap(),
            title: "Coin".into(),
            digest: Digest::from_bytes([1; 32]),
            params: Digest::from_bytes([2; 32]),
            config: "{}".into(),
            min_cycle_ms: 0,
            status,
        }
    }

    #[test]
    fn a_quarantined_component_stays_blocked_until_the_core_enables_it_again() {
        let options = HostOptions { slots: 1, ..HostOptions::default() };
        let catalogue = Catalogue::open(options, Path::new("no/such/directory")).unwrap();
        let digest = Digest::from_bytes([1; 32]);
        catalogue.note(&entry(GameStatus::Enabled));
        assert!(!catalogue.is_blocked(&digest) && !catalogue.is_ready(), "known, not loaded");
        catalogue.block(digest);
        catalogue.note(&entry(GameStatus::Enabled));
        assert!(catalogue.is_blocked(&digest), "the same entry read again");
        catalogue.note(&entry(GameStatus::Quarantined));
        assert!(catalogue.is_blocked(&digest));
        catalogue.note(&CatalogueEntry { digest: Digest::from_bytes([3; 32]), ..entry(GameStatus::Enabled) });
        assert!(catalogue.is_blocked(&digest), "another version was enabled");
        catalogue.note(&entry(GameStatus::Enabled));
        assert!(!catalogue.is_blocked(&digest));
    }
}
