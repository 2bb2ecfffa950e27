//! The games on offer: stored, shown to edges, pinned into leases, switched off.
//!
//! Promise: a quarantine is durable before anything else happens to it, and holds for the component whatever it is called.
//! Edges learn of changes through the bucket GAMES; a change that could not be published is published by the next
//! [`Catalogue::publish_pending`]. Cost: a lease's pins are copied from memory.

use std::collections::{BTreeMap, BTreeSet};

use bus::{Bus, BusError, Kv, Objects};
use bytes::Bytes;
use clock::SharedClock;
use database::{DbError, Pool, run_tx};
use ids::{Digest, GameId};
use parking_lot::{Mutex, RwLock};
use sqlx::PgConnection;
use telemetry::names;
use wire::v1::catalogue::{CatalogueEntry, GameStatus};
use wire::v1::lease::PinnedGame;

use crate::error::LeasesError;
use crate::limits;
use crate::release::Release;
use crate::repo::column_ms;

/// Where edges find the catalogue.
#[derive(Clone, Debug)]
pub struct Shelf {
    /// The bucket GAMES.
    games: Kv,
    /// The object store COMPONENTS.
    components: Objects,
}

impl Shelf {
    /// The bucket and the store in `domain`.
    ///
    /// # Errors
    /// [`BusError`] when they don't exist or can't be reached.
    pub async fn open(bus: &Bus, domain: Option<&str>) -> Result<Self, BusError> {
        Ok(Self { games: bus.kv(domain, "GAMES").await?, components: bus.objects(domain, "COMPONENTS").await? })
    }
}

/// The catalogue.
#[derive(Debug)]
pub struct Catalogue {
    pool: Pool,
    clock: SharedClock,
    shelf: Option<Shelf>,
    components: BTreeMap<Digest, Bytes>,
    entries: RwLock<BTreeMap<GameId, CatalogueEntry>>,
    unpublished: Mutex<BTreeSet<GameId>>,
}

impl Catalogue {
    /// Stores what `releases` bring, keeps what operators and quarantines have switched off, and publishes all of it.
    ///
    /// # Errors
    /// [`LeasesError::Database`], [`LeasesError::Bus`], or [`LeasesError::BrokenTable`] for two games of one name, or
    /// more than [`limits::PINS_BYTES`] of games.
    pub async fn open(
        pool: Pool,
        releases: Vec<Release>,
        shelf: Option<Shelf>,
        clock: SharedClock,
    ) -> Result<Self, LeasesError> {
        let (now_ms, given) = (clock.now_ms(), releases.len());
        let stored = releases.clone();
        let statuses = run_tx(&pool, "store_releases", async move |tx| store_all(tx, &stored, now_ms).await).await?;
        let mut entries = BTreeMap::new();
        let mut components = BTreeMap::new();
        for (release, status) in releases.into_iter().zip(statuses) {
            components.insert(release.digest, release.component.clone());
            entries.insert(release.game.clone(), entry(release, status));
        }
        if entries.len() != given {
            return Err(LeasesError::BrokenTable("two games have one name"));
        }
        let pins: Vec<PinnedGame> = entries.values().map(CatalogueEntry::pin).collect();
        if wire::encode(&pins).len() > limits::PINS_BYTES {
            return Err(LeasesError::BrokenTable("more games than a lease can pin"));
        }
        let unpublished = Mutex::new(entries.keys().cloned().collect());
        let catalogue = Self { pool, clock, shelf, components, entries: RwLock::new(entries), unpublished };
        catalogue.publish_components().await?;
        catalogue.publish_pending().await?;
        Ok(catalogue)
    }

    /// All games.
    #[must_use]
    pub fn entries(&self) -> Vec<CatalogueEntry> {
        self.entries.read().values().cloned().collect()
    }

    /// The bytes of a component: of this catalogue, or of an older one through the object store.
    ///
    /// # Errors
    /// [`LeasesError::Bus`] when neither has it.
    pub async fn component(&self, digest: Digest) -> Result<Bytes, LeasesError> {
        if let Some(component) = self.components.get(&digest) {
            return Ok(component.clone());
        }
        let Some(shelf) = &self.shelf else { return Err(BusError::NotFound(format!("component {digest}")).into()) };
        let component = shelf.components.get(&digest.to_string()).await?;
        if fairness::sha256(&[&component]) != digest.to_bytes() {
            return Err(LeasesError::BrokenTable("a component is not what its name says"));
        }
        Ok(component)
    }

    /// The components of every release that was ever on offer: leases and carried rounds may still need them.
    ///
    /// # Errors
    /// [`LeasesError::Database`] or [`LeasesError::BrokenTable`].
    pub async fn released(&self) -> Result<BTreeSet<Digest>, LeasesError> {
        let rows: Vec<Vec<u8>> = sqlx::query_scalar("SELECT DISTINCT digest FROM game_releases")
            .fetch_all(&self.pool)
            .await
            .map_err(DbError::from)?;
        let digest = |bytes: Vec<u8>| bytes.try_into().map(Digest::from_bytes);
        let digests: Result<_, _> = rows.into_iter().map(digest).collect();
        digests.map_err(|_| LeasesError::BrokenTable("a release's digest has another length"))
    }

    /// Switches a component off for ever, under all its names, and alarms. Doing it again changes nothing.
    ///
    /// # Errors
    /// [`LeasesError::Database`]; what can't be published now is published later.
    pub async fn quarantine(&self, digest: Digest, cause: &str) -> Result<(), LeasesError> {
        let added = sqlx::query(
            "INSERT INTO quarantined_components (digest, cause, at_ms) VALUES ($1, $2, $3) ON CONFLICT (digest) DO NOTHING",
        )
        .bind(digest.as_bytes().as_slice())
        .bind(cause)
        .bind(column_ms(self.clock.now_ms()))
        .execute(&self.pool)
        .await
        .map_err(DbError::from)?;
        if added.rows_affected() == 1 {
            metrics::counter!(names::GAMES_QUARANTINED).increment(1);
            tracing::error!(%digest, cause, "component quarantined: it trapped or broke a bound that it declared");
        }
        self.change(|entry| (entry.digest == digest).then_some(GameStatus::Quarantined));
        self.publish_or_wait().await;
        Ok(())
    }

    /// Lets a game be played that an operator had switched off. A quarantine stays.
    ///
    /// # Errors
    /// [`LeasesError::Database`].
    pub async fn enable(&self, game: &GameId) -> Result<(), LeasesError> {
        self.switch(game, true, GameStatus::Enabled).await
    }

    /// Lets no new lease pin a game.
    ///
    /// # Errors
    /// [`LeasesError::Database`].
    pub async fn disable(&self, game: &GameId) -> Result<(), LeasesError> {
        self.switch(game, false, GameStatus::Disabled).await
    }

    async fn switch(&self, game: &GameId, enabled: bool, status: GameStatus) -> Result<(), LeasesError> {
        sqlx::query("UPDATE games SET enabled = $2, changed_ms = $3 WHERE game = $1")
            .bind(game.as_str())
            .bind(enabled)
            .bind(column_ms(self.clock.now_ms()))
            .execute(&self.pool)
            .await
            .map_err(DbError::from)?;
        self.change(|entry| (entry.game == *game && entry.status != GameStatus::Quarantined).then_some(status));
        self.publish_or_wait().await;
        Ok(())
    }

    fn change(&self, decide: impl Fn(&CatalogueEntry) -> Option<GameStatus>) {
        for entry in self.entries.write().values_mut() {
            if let Some(status) = decide(entry).filter(|status| *status != entry.status) {
                entry.status = status;
                self.unpublished.lock().insert(entry.game.clone());
            }
        }
    }

    async fn publish_or_wait(&self) {
        if let Err(error) = self.publish_pending().await {
            tracing::warn!(%error, "a change of the catalogue is not published yet");
        }
    }

    /// Publishes the changes that are not published yet.
    ///
    /// # Errors
    /// [`LeasesError::Bus`]; the rest stays for the next time.
    pub async fn publish_pending(&self) -> Result<(), LeasesError> {
        let Some(shelf) = &self.shelf else { return Ok(()) };
        let games: Vec<GameId> = self.unpublished.lock().iter().cloned().collect();
        for game in games {
            // Taken off the list first: a change in between puts it on again.
            self.unpublished.lock().remove(&game);
            let Some(entry) = self.entries.read().get(&game).cloned() else { continue };
            if let Err(error) = shelf.games.put(game.as_str(), wire::encode(&entry).into()).await {
                self.unpublished.lock().insert(game);
                return Err(error.into());
            }
        }
        Ok(())
    }

    async fn publish_components(&self) -> Result<(), LeasesError> {
        let Some(shelf) = &self.shelf else { return Ok(()) };
        for (digest, component) in &self.components {
            shelf.components.put(&digest.to_string(), component).await?;
        }
        Ok(())
    }

    /// What a new lease may play.
    pub(crate) fn pins(&self) -> Vec<PinnedGame> {
        let entries = self.entries.read();
        entries.values().filter(|entry| entry.status == GameStatus::Enabled).map(CatalogueEntry::pin).collect()
    }
}

/// The release of those digests, however old.
pub(crate) async fn release_in_tx(
    connection: &mut PgConnection,
    digest: Digest,
    params: Digest,
) -> Result<Option<PinnedGame>, LeasesError> {
    let found: Option<(String, String, i64)> = sqlx::query_as(
        "SELECT game, config, min_cycle_ms FROM game_releases WHERE digest = $1 AND params = $2 ORDER BY first_ms LIMIT 1",
    )
    .bind(digest.as_bytes().as_slice())
    .bind(params.as_bytes().as_slice())
    .fetch_optional(connection)
    .await
    .map_err(DbError::from)?;
    let Some((game, config, min_cycle_ms)) = found else { return Ok(None) };
    let game = game.parse().map_err(|_| LeasesError::BrokenTable("a game's name is none"))?;
    Ok(Some(PinnedGame { game, digest, params, config, min_cycle_ms: u64::try_from(min_cycle_ms).unwrap_or(0) }))
}

async fn store_all(
    connection: &mut PgConnection,
    releases: &[Release],
    now_ms: u64,
) -> Result<Vec<GameStatus>, LeasesError> {
    let mut statuses = Vec::new();
    for release in releases {
        statuses.push(store(connection, release, now_ms).await?);
    }
    Ok(statuses)
}

async fn store(connection: &mut PgConnection, release: &Release, now_ms: u64) -> Result<GameStatus, LeasesError> {
    sqlx::query(
        "INSERT INTO game_releases (digest, params, game, config, min_cycle_ms, first_ms) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (digest, params, game) DO UPDATE SET min_cycle_ms = EXCLUDED.min_cycle_ms",
    )
    .bind(release.digest.as_bytes().as_slice())
    .bind(release.params.as_bytes().as_slice())
    .bind(release.game.as_str())
    .bind(&release.config)
    .bind(column_ms(release.min_cycle_ms))
    .bind(column_ms(now_ms))
    .execute(&mut *connection)
    .await
    .map_err(DbError::from)?;
    let enabled: bool = sqlx::query_scalar(
        "INSERT INTO games (game, digest, params, title, enabled, changed_ms) VALUES ($1, $2, $3, $4, true, $5)
         ON CONFLICT (game) DO UPDATE SET digest = EXCLUDED.digest, params = EXCLUDED.params, title = EXCLUDED.title
         RETURNING enabled",
    )
    .bind(release.game.as_str())
    .bind(release.digest.as_bytes().as_slice())
    .bind(release.params.as_bytes().as_slice())
    .bind(&release.title)
    .bind(column_ms(now_ms))
    .fetch_one(&mut *connection)
    .await
    .map_err(DbError::from)?;
    let quarantined: bool = sqlx::query_scalar("SELECT EXISTS (SELECT FROM quarantined_components WHERE digest = $1)")
        .bind(release.digest.as_bytes().as_slice())
        .fetch_one(connection)
        .await
        .map_err(DbError::from)?;
    Ok(match (quarantined, enabled) {
        (true, _) => GameStatus::Quarantined,
        (false, true) => GameStatus::Enabled,
        (false, false) => GameStatus::Disabled,
    })
}

fn entry(release: Release, status: GameStatus) -> CatalogueEntry {
    let Release { game, title, digest, params, config, min_cycle_ms, .. } = release;
    CatalogueEntry { game, title, digest, params, config, min_cycle_ms, status }
}
