//! Compiled games on disk: compiled once a machine (30-45 ms), then loaded in well under a millisecond.
//!
//! Two files an entry, `<key>.cwasm` and `<key>.sha256`; the key is SHA-256 over the component's digest and all that
//! decides whether the code fits (wasmtime version, settings, target, processor features). Both are written aside and
//! renamed, code first: a crash leaves an entry that doesn't verify and is compiled again. The directory must be this
//! user's and writable by nobody else, or it is refused: see [`crate::artifact`] for what that protects.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use sha2::{Digest, Sha256};
use wasmtime::Engine;
use wasmtime::component::Component;

use crate::artifact::Artifact;
use crate::engine;
use crate::host::LoadError;

/// What the cache did for one load.
#[derive(Debug)]
pub enum CacheUse {
    /// The compiled code was there and verified.
    Hit,
    /// Compiled now, and stored for the next time.
    Stored,
    /// Compiled now, but not stored: the game runs, the next start is slow. Worth a warning.
    NotStored(io::Error),
}

pub(crate) struct Cache<'a> {
    engine: &'a Engine,
    dir: &'a Path,
}

impl<'a> Cache<'a> {
    /// Makes the directory if it is missing. Refuses one that others could write.
    pub(crate) fn open(engine: &'a Engine, dir: &'a Path) -> Result<Self, LoadError> {
        let failed = |source| LoadError::Cache { dir: dir.to_owned(), source };
        DirBuilder::new().recursive(true).mode(0o700).create(dir).map_err(failed)?;
        let meta = std::fs::metadata(dir).map_err(failed)?;
        if meta.uid() != rustix::process::geteuid().as_raw() || meta.mode() & 0o022 != 0 {
            return Err(LoadError::UnsafeCache { dir: dir.to_owned() });
        }
        Ok(Self { engine, dir })
    }

    pub(crate) fn load(&self, wasm: &[u8], digest: &[u8; 32]) -> Result<(Compiled, CacheUse), LoadError> {
        let entry = self.entry(digest);
        if let Some(compiled) = self.find(&entry) {
            return Ok((compiled, CacheUse::Hit));
        }
        let compiled = compile(self.engine, wasm)?;
        let done = match store(&entry, compiled.artifact.bytes()) {
            Ok(()) => CacheUse::Stored,
            Err(error) => CacheUse::NotStored(error),
        };
        Ok((compiled, done))
    }

    fn entry(&self, digest: &[u8; 32]) -> Entry {
        let key = Sha256::new()
            .chain_update(b"sandbox.cwasm.1\0")
            .chain_update(digest)
            .chain_update(engine::compatibility(self.engine))
            .finalize();
        let stem = self.dir.join(hex::encode(key));
        Entry { code: stem.with_extension("cwasm"), sum: stem.with_extension("sha256") }
    }

    fn find(&self, entry: &Entry) -> Option<Compiled> {
        let mut recorded = [0_u8; 32];
        hex::decode_to_slice(std::fs::read(&entry.sum).ok()?, &mut recorded).ok()?;
        let artifact = Artifact::verified(std::fs::read(&entry.code).ok()?, &recorded)?;
        Some(Compiled { component: artifact.load(self.engine)?, artifact })
    }
}

/// A component on one engine, and what makes it on another.
pub(crate) struct Compiled {
    pub(crate) component: Component,
    pub(crate) artifact: Artifact,
}

pub(crate) fn compile(engine: &Engine, wasm: &[u8]) -> Result<Compiled, LoadError> {
    let invalid = |error: wasmtime::Error| LoadError::Invalid { reason: format!("{error:#}") };
    let component = Component::from_binary(engine, wasm).map_err(invalid)?;
    let artifact = Artifact::compiled(&component).map_err(invalid)?;
    Ok(Compiled { component, artifact })
}

struct Entry {
    code: PathBuf,
    sum: PathBuf,
}

fn store(entry: &Entry, code: &[u8]) -> io::Result<()> {
    replace(&entry.code, code)?;
    replace(&entry.sum, hex::encode(Sha256::digest(code)).as_bytes())
}

/// Writes aside, flushes, renames: a reader sees the old file or the new one, never a part.
fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let unique = NEXT.fetch_add(1, Ordering::Relaxed);
    let aside = path.with_extension(format!("{}-{unique}.part", std::process::id()));
    let written = write_new(&aside, bytes).and_then(|()| std::fs::rename(&aside, path));
    if written.is_err() {
        // The first error is the one to report; a part left behind is never read.
        let _ = std::fs::remove_file(&aside);
    }
    written
}

fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file: File = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}
