//! The catalogue's entries on disk, so that an edge that starts while the core is away knows its games.
//!
//! Only a memory: whatever the core says replaces it. A file that can't be read or written costs nothing but that memory.

use std::io;
use std::path::{Path, PathBuf};

use wire::v1::catalogue::CatalogueEntry;

#[derive(Debug)]
pub(crate) struct Shelf {
    path: PathBuf,
}

impl Shelf {
    pub(crate) fn new(cache_dir: &Path) -> Self {
        Self { path: cache_dir.join("catalogue.json") }
    }

    pub(crate) fn read(&self) -> Vec<CatalogueEntry> {
        let bytes = match std::fs::read(&self.path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Vec::new(),
            Err(error) => {
                tracing::warn!(path = %self.path.display(), %error, "the kept catalogue can't be read");
                return Vec::new();
            }
        };
        serde_json::from_slice(&bytes).unwrap_or_else(|error| {
            tracing::warn!(path = %self.path.display(), %error, "the kept catalogue is damaged");
            Vec::new()
        })
    }

    pub(crate) async fn write(&self, entries: &[CatalogueEntry]) {
        if let Err(error) = self.try_write(entries).await {
            tracing::warn!(path = %self.path.display(), %error, "the catalogue can't be kept");
        }
    }

    async fn try_write(&self, entries: &[CatalogueEntry]) -> io::Result<()> {
        let unfinished = self.path.with_extension(format!("part-{}", std::process::id()));
        tokio::fs::write(&unfinished, serde_json::to_vec(entries)?).await?;
        tokio::fs::rename(&unfinished, &self.path).await
    }
}

#[cfg(test)]
mod tests {
    use ids::Digest;
    use wire::v1::catalogue::GameStatus;

    use super::*;

    #[tokio::test]
    async fn entries_come_back_and_a_damaged_file_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let shelf = Shelf::new(folder.path());
        assert!(shelf.read().is_empty());
        let entry = CatalogueEntry {
            game: "coin".parse().unwrap(),
            title: "Coin".into(),
            digest: Digest::from_bytes([1; 32]),
            params: Digest::from_bytes([2; 32]),
            config: "{}".into(),
            min_cycle_ms: 0,
            status: GameStatus::Quarantined,
        };
        shelf.write(std::slice::from_ref(&entry)).await;
        assert_eq!(shelf.read(), [entry]);
        std::fs::write(folder.path().join("catalogue.json"), b"{").unwrap();
        assert!(shelf.read().is_empty());
    }
}
