//! Databases cloned from a template that holds the migrations' result.
//!
//! The template's name is a hash of the migrations, so an edited migration makes a new one. It is built under another name
//! and renamed when whole: a test that dies in between leaves no half template.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::str::FromStr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use sqlx::migrate::Migrator;
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection};

use super::{TestingError, cluster};
use crate::{DbError, Options, Pool, connect, migrate};

/// One lock for all who build templates on a server.
const TEMPLATE_LOCK: i64 = 0x686f_7573_6500;
static NEXT: AtomicU32 = AtomicU32::new(0);

/// A database of its own for one test; dropped, with whoever is connected, when this is.
#[derive(Debug)]
pub struct TestDatabase {
    pool: Pool,
    server: String,
    url: String,
    name: String,
}

impl TestDatabase {
    /// A fresh database with all migrations of `migrators` applied.
    ///
    /// # Errors
    /// [`TestingError`] when there is no server, or a migration fails.
    pub async fn create(migrators: &[&'static Migrator]) -> Result<Self, TestingError> {
        let server = cluster::server_url().await?;
        let mut admin = admin(&server).await?;
        let template = ensure_template(&server, &mut admin, migrators).await?;
        let name = format!("house_test_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        run(&mut admin, format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await?;
        run(&mut admin, format!("CREATE DATABASE {name} TEMPLATE {template}")).await?;
        admin.close().await?;
        let url = url_of(&server, &name)?;
        let pool = connect(&url, &Options::default()).await?;
        Ok(Self { pool, server, url, name })
    }

    /// A pool on it.
    #[must_use]
    pub fn pool(&self) -> &Pool {
        &self.pool
    }

    /// Where it is, for a program under test.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let (server, name) = (self.server.clone(), self.name.clone());
        let dropper = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            let dropped = runtime.map(|runtime| {
                runtime.block_on(async {
                    let mut admin = admin(&server).await?;
                    run(&mut admin, format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await
                })
            });
            if !matches!(dropped, Ok(Ok(()))) {
                tracing::warn!(name, "a test's database is left behind");
            }
        });
        if dropper.join().is_err() {
            tracing::warn!("a test's database is left behind");
        }
    }
}

async fn admin(server: &str) -> Result<PgConnection, TestingError> {
    Ok(PgConnectOptions::from_str(server)?.connect().await?)
}

fn url_of(server: &str, name: &str) -> Result<String, TestingError> {
    Ok(PgConnectOptions::from_str(server)?.database(name).to_url_lossy().to_string())
}

/// Runs a statement whose only variable part is a database name made here of digits and letters.
async fn run(admin: &mut PgConnection, statement: String) -> Result<(), TestingError> {
    sqlx::query(AssertSqlSafe(statement)).persistent(false).execute(admin).await?;
    Ok(())
}

async fn ensure_template(
    server: &str,
    admin: &mut PgConnection,
    migrators: &[&'static Migrator],
) -> Result<String, TestingError> {
    let mut hasher = DefaultHasher::new();
    for migration in migrators.iter().flat_map(|migrator| migrator.iter()) {
        (migration.version, &migration.checksum).hash(&mut hasher);
    }
    let template = format!("house_template_{:016x}", hasher.finish());
    sqlx::query("SELECT pg_advisory_lock($1)").bind(TEMPLATE_LOCK).execute(&mut *admin).await?;
    let built = build_once(server, admin, migrators, &template).await;
    sqlx::query("SELECT pg_advisory_unlock($1)").bind(TEMPLATE_LOCK).execute(&mut *admin).await?;
    built.map(|()| template)
}

async fn build_once(
    server: &str,
    admin: &mut PgConnection,
    migrators: &[&'static Migrator],
    template: &str,
) -> Result<(), TestingError> {
    let exists: bool = sqlx::query_scalar("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)")
        .bind(template)
        .fetch_one(&mut *admin)
        .await?;
    if exists {
        return Ok(());
    }
    let building = format!("{template}_building");
    run(admin, format!("DROP DATABASE IF EXISTS {building} WITH (FORCE)")).await?;
    run(admin, format!("CREATE DATABASE {building}")).await?;
    let pool = connect(&url_of(server, &building)?, &Options { max_connections: 2, ..Options::default() }).await?;
    for migrator in migrators {
        migrate(&pool, migrator).await?;
    }
    pool.close().await;
    rename(admin, &building, template).await
}

/// A closed session's process may live on for a moment and hold the database: asked again for two seconds.
async fn rename(admin: &mut PgConnection, from: &str, to: &str) -> Result<(), TestingError> {
    for _ in 0..40 {
        match run(admin, format!("ALTER DATABASE {from} RENAME TO {to}")).await {
            Err(TestingError::Database(DbError::Other { .. })) => tokio::time::sleep(Duration::from_millis(50)).await,
            other => return other,
        }
    }
    run(admin, format!("ALTER DATABASE {from} RENAME TO {to}")).await
}
