//! Games' bytes by digest: from disk, else from the core's object store. What does not hash to its name is never given out.

use std::io;
use std::path::{Path, PathBuf};

use bus::{Bus, BusError};
use ids::Digest;

/// The core's object store; an object's name is its digest.
const STORE: &str = "COMPONENTS";

/// Why the bytes are not here.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The core's store can't be reached, or does not have them.
    #[error("component {digest}: {source}")]
    Store {
        /// Which.
        digest: Digest,
        /// Why.
        source: BusError,
    },
    /// The store gave other bytes.
    #[error("component {0} has other bytes in the store")]
    OtherBytes(Digest),
}

/// The directory and the store behind it.
#[derive(Debug)]
pub(crate) struct Components {
    dir: PathBuf,
}

impl Components {
    pub(crate) fn new(dir: PathBuf) -> Self {
        Self { dir }
    }

    /// The component's bytes.
    ///
    /// # Errors
    /// [`FetchError`]. A disk that can't be used is no error: the bytes are then fetched each time.
    pub(crate) async fn get(&self, bus: &Bus, hub_domain: &str, digest: Digest) -> Result<Vec<u8>, FetchError> {
        if let Some(bytes) = self.kept(digest).await {
            return Ok(bytes);
        }
        let failed = |source| FetchError::Store { digest, source };
        let objects = bus.objects(Some(hub_domain), STORE).await.map_err(failed)?;
        let bytes = objects.get(&digest.to_string()).await.map_err(failed)?.to_vec();
        if !names(digest, &bytes) {
            return Err(FetchError::OtherBytes(digest));
        }
        if let Err(error) = self.keep(digest, &bytes).await {
            tracing::warn!(%digest, %error, dir = %self.dir.display(), "component is not kept on disk");
        }
        Ok(bytes)
    }

    async fn kept(&self, digest: Digest) -> Option<Vec<u8>> {
        let bytes = tokio::fs::read(self.path(digest)).await.ok()?;
        names(digest, &bytes).then_some(bytes)
    }

    /// Whole or not at all: written beside its place and then moved there.
    async fn keep(&self, digest: Digest, bytes: &[u8]) -> io::Result<()> {
        make_private(&self.dir).await?;
        let path = self.path(digest);
        let unfinished = path.with_extension(format!("part-{}", std::process::id()));
        tokio::fs::write(&unfinished, bytes).await?;
        tokio::fs::rename(&unfinished, &path).await
    }

    fn path(&self, digest: Digest) -> PathBuf {
        self.dir.join(format!("{digest}.wasm"))
    }
}

async fn make_private(dir: &Path) -> io::Result<()> {
    let mut builder = tokio::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    builder.mode(0o700);
    builder.create(dir).await
}

fn names(digest: Digest, bytes: &[u8]) -> bool {
    fairness::sha256(&[bytes]) == digest.to_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_was_damaged_on_disk_is_not_given_out() {
        let folder = tempfile::tempdir().unwrap();
        let components = Components::new(folder.path().join("components"));
        let bytes = b"a game".to_vec();
        let digest = Digest::from_bytes(fairness::sha256(&[&bytes]));
        assert_eq!(components.kept(digest).await, None);
        components.keep(digest, &bytes).await.unwrap();
        assert_eq!(components.kept(digest).await, Some(bytes));
        std::fs::write(components.path(digest), b"another game").unwrap();
        assert_eq!(components.kept(digest).await, None);
    }
}
