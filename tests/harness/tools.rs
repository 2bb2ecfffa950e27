//! Where the programs are. `cargo xtask tools` finds or fetches them and writes `.tools/tools.json`; this only reads it.
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};

/// Programs that the project runs and does not build.
#[derive(Clone, Debug, serde::Deserialize)]
pub struct Tools {
    /// `nats-server`, 2.15.1 or newer.
    pub nats_server: PathBuf,
    /// The folder of `initdb`, `postgres`, `pg_ctl`.
    pub postgres_bin: PathBuf,
}

/// The checkout that these tests were built in.
#[must_use]
pub fn project_root() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests.parent().unwrap_or(tests).to_path_buf()
}

impl Tools {
    /// What `cargo xtask tools` found.
    ///
    /// # Errors
    /// It has not run, or what it found is gone.
    pub fn find() -> Result<Self> {
        let path = project_root().join(".tools").join("tools.json");
        let text =
            std::fs::read_to_string(&path).context("nats-server and PostgreSQL: run `cargo xtask tools` first")?;
        let tools: Self = serde_json::from_str(&text).context(".tools/tools.json: run `cargo xtask tools` again")?;
        let missing = |path: &Path| path.components().count() > 1 && !path.exists();
        if missing(&tools.nats_server) || missing(&tools.postgres_bin) {
            bail!("nats-server or PostgreSQL is gone from where it was: run `cargo xtask tools` again");
        }
        Ok(tools)
    }

    /// One of PostgreSQL's programs.
    #[must_use]
    pub fn postgres(&self, program: &str) -> PathBuf {
        self.postgres_bin.join(program)
    }
}

/// A program of ours, built with the same profile as the one that asks.
///
/// # Errors
/// It isn't built; the sentence says how.
pub(crate) fn built(program: &str, package: &str) -> Result<PathBuf> {
    let own = std::env::current_exe().context("this process doesn't know its own program")?;
    let folder = own.parent().context("a program without a folder")?;
    let folder = if folder.ends_with("deps") { folder.parent().unwrap_or(folder) } else { folder };
    let path = folder.join(program);
    if !path.exists() {
        bail!("{program} isn't built: run `cargo build -p {package} --bins`");
    }
    Ok(path)
}
