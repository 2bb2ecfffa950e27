//! Where things are: the root, its folders, the cargo that started us. One struct, no environment reads elsewhere.
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The checkout this xtask was built in.
pub(crate) struct Project {
    root: PathBuf,
}

impl Project {
    /// The folder above xtask's own manifest.
    ///
    /// # Errors
    /// When the manifest has no parent, which is a broken checkout.
    pub(crate) fn find() -> Result<Self> {
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = manifest.parent().context("xtask lies outside a workspace")?.to_path_buf();
        Ok(Self { root })
    }

    /// A project at any folder: for tests of the checkers.
    #[cfg(test)]
    pub(crate) fn at(root: &Path) -> Self {
        Self { root: root.to_path_buf() }
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn join(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    /// Downloaded tools and what was found, never committed.
    pub(crate) fn tools_dir(&self) -> PathBuf {
        self.root.join(".tools")
    }

    pub(crate) fn games_dir(&self) -> PathBuf {
        self.root.join("wasm-games")
    }

    /// `cargo` of the toolchain that runs us, in the root.
    pub(crate) fn cargo(&self) -> Command {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = Command::new(cargo);
        command.current_dir(&self.root);
        command
    }

    /// Where cargo puts the workspace's binaries.
    ///
    /// # Errors
    /// When `cargo metadata` can't be run or read.
    pub(crate) fn target_dir(&self) -> Result<PathBuf> {
        let mut command = self.cargo();
        command.args(["metadata", "--no-deps", "--format-version", "1"]);
        let text = crate::process::text_of(&mut command)?;
        let value: serde_json::Value = serde_json::from_str(&text).context("cargo metadata is not JSON")?;
        let target = value.get("target_directory").and_then(serde_json::Value::as_str);
        Ok(PathBuf::from(target.context("cargo metadata names no target directory")?))
    }
}
