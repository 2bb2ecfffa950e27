//! How a story begins: the whole product in a folder of its own.

use std::collections::BTreeMap;

use anyhow::Result;
use harness::bots::{Api, Player};
use harness::{Stack, StackOptions};

/// A running product and how to reach it.
pub(crate) struct Story {
    pub(crate) stack: Stack,
    pub(crate) api: Api,
    pub(crate) edges: BTreeMap<String, String>,
    folder: tempfile::TempDir,
}

impl Story {
    pub(crate) async fn begin() -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("house-edge-story-").tempdir()?;
        let stack = Stack::start(StackOptions::free(folder.path())).await?;
        let endpoints = stack.endpoints();
        Ok(Self { api: Api::at(&endpoints.core)?, edges: endpoints.edges, stack, folder })
    }

    pub(crate) fn edge(&self, name: &str) -> &str {
        self.edges.get(name).map_or("", String::as_str)
    }

    pub(crate) async fn player(&self, name: &str, deposit: i64) -> Result<Player> {
        Player::join(&self.api, name, deposit).await
    }

    /// The text of a program's log.
    pub(crate) fn log(&self, program: &str) -> String {
        let path = self.folder.path().join("log").join(format!("{program}.log"));
        std::fs::read_to_string(path).unwrap_or_default()
    }

    pub(crate) async fn database(&self) -> Result<sqlx::PgPool> {
        Ok(sqlx::PgPool::connect(&self.stack.endpoints().database).await?)
    }

    pub(crate) async fn end(self) -> Result<()> {
        self.stack.stop().await?;
        // Postgres keeps part of its state outside of the folder when it may not run as root.
        Stack::forget(self.folder.path())
    }
}
