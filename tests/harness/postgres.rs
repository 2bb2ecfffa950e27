//! A private Postgres: its own data folder, port and user, fsync on, nothing shared with a system's cluster.
//!
//! A cluster is initialised once (`.tools/postgres-template`) and copied for each new state folder, so a start takes a
//! second. Postgres refuses to run as root: then it runs as `postgres` or `nobody`, and its data lies where that user can
//! reach it. Loopback only, with a password from the template.
use crate::process::{DeathSignal, Process, Spec};
use crate::tools::{Tools, project_root};
use anyhow::{Context, Result, bail};
use rustix::process::Signal;
use sqlx::{Connection, PgConnection};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

const USER: &str = "house";
const DATABASE: &str = "house";
const START_LIMIT: Duration = Duration::from_secs(60);
const STOP_LIMIT: Duration = Duration::from_secs(30);
const POLL: Duration = Duration::from_millis(50);

/// A running cluster.
pub struct Postgres {
    process: Process,
    data: PathBuf,
    port: u16,
    password: String,
}

impl Postgres {
    /// Starts the cluster of `state`, made from the template when it is new.
    ///
    /// # Errors
    /// Postgres or a user for it is missing, or it doesn't come up; one line each.
    pub async fn start(tools: &Tools, state: &Path, port: u16) -> Result<Self> {
        let user = other_user()?;
        let data = data_folder(state, user.as_deref())?;
        let template = template(tools, user.as_deref()).context("a new Postgres cluster can't be made")?;
        if !data.join("PG_VERSION").exists() {
            run(Command::new("cp").arg("-a").arg(&template).arg(&data))?;
        }
        let password = std::fs::read_to_string(template.join("password"))?.trim().to_owned();
        let spec = spec(tools, state, &data, port, user);
        nobody_works_in(&data).await?;
        let process = Process::start(spec)?;
        let postgres = Self { process, data, port, password };
        postgres.wait().await?;
        postgres.create_database().await?;
        Ok(postgres)
    }

    /// The URL of the product's database.
    #[must_use]
    pub fn url(&self) -> String {
        self.url_of(DATABASE)
    }

    /// The URL of another database of this cluster.
    #[must_use]
    pub fn url_of(&self, database: &str) -> String {
        format!("postgres://{USER}:{}@127.0.0.1:{}/{database}", self.password, self.port)
    }

    /// The server's process.
    #[must_use]
    pub fn process(&self) -> &Process {
        &self.process
    }

    /// Waits until it answers a query.
    ///
    /// # Errors
    /// It ended, or does not answer in a minute.
    pub async fn wait(&self) -> Result<()> {
        let waiting = async {
            loop {
                if let Some(line) = self.process.crashed() {
                    bail!(line);
                }
                if let Ok(connection) = PgConnection::connect(&self.url_of("postgres")).await {
                    return Ok(connection.close().await?);
                }
                tokio::time::sleep(POLL).await;
            }
        };
        match tokio::time::timeout(START_LIMIT, waiting).await {
            Ok(ended) => ended,
            Err(_) => bail!("postgres does not answer on port {} [{}]", self.port, self.process.log().display()),
        }
    }

    /// Starts it again after a kill or a stop, and waits until it answers. A killed server's own children end a moment after it;
    /// Postgres refuses to start beside them, so they are waited for.
    ///
    /// # Errors
    /// It still runs, or does not come up.
    pub async fn restart(&self) -> Result<()> {
        nobody_works_in(&self.data).await?;
        self.process.restart()?;
        self.wait().await
    }

    /// Stops it without losing anything, quickly.
    ///
    /// # Errors
    /// It had to be killed.
    pub async fn stop(&self) -> Result<()> {
        self.process.stop(STOP_LIMIT).await
    }

    async fn create_database(&self) -> Result<()> {
        let mut connection = PgConnection::connect(&self.url_of("postgres")).await?;
        let known: Option<i32> = sqlx::query_scalar("SELECT 1 FROM pg_database WHERE datname = $1")
            .bind(DATABASE)
            .fetch_optional(&mut connection)
            .await?;
        if known.is_none() {
            sqlx::query("CREATE DATABASE house").execute(&mut connection).await?;
        }
        Ok(connection.close().await?)
    }
}

fn spec(tools: &Tools, state: &Path, data: &Path, port: u16, user: Option<String>) -> Spec {
    let settings = [
        format!("port={port}"),
        "listen_addresses=127.0.0.1".to_owned(),
        "unix_socket_directories=".to_owned(),
        "fsync=on".to_owned(),
        "synchronous_commit=on".to_owned(),
        "max_connections=200".to_owned(),
        "shared_buffers=256MB".to_owned(),
        "max_wal_size=4GB".to_owned(),
        "log_min_messages=warning".to_owned(),
        "timezone=UTC".to_owned(),
    ];
    let mut args = vec!["-D".to_owned(), data.display().to_string()];
    args.extend(settings.into_iter().flat_map(|setting| ["-c".to_owned(), setting]));
    let mut spec = Spec::new("postgres", tools.postgres("postgres"), state.join("log").join("postgres.log")).args(args);
    spec.user = user;
    // SIGINT is Postgres's fast shutdown: sessions end, a checkpoint is written.
    (spec.stop, spec.death) = (Signal::INT, DeathSignal::Quit);
    spec
}

/// Waits until no process has its working directory in a cluster's folder, as each of Postgres's processes does.
async fn nobody_works_in(data: &Path) -> Result<()> {
    let busy = || {
        let processes = std::fs::read_dir("/proc").into_iter().flatten().flatten();
        processes.filter_map(|entry| std::fs::read_link(entry.path().join("cwd")).ok()).any(|folder| folder == data)
    };
    let waiting = async {
        while busy() {
            tokio::time::sleep(POLL).await;
        }
    };
    let ended = tokio::time::timeout(STOP_LIMIT, waiting).await;
    ended.with_context(|| format!("another Postgres runs in {}", data.display()))
}

/// Who runs Postgres when we are root.
fn other_user() -> Result<Option<String>> {
    if !rustix::process::geteuid().is_root() {
        return Ok(None);
    }
    let known = |user: &&str| Command::new("id").arg(user).output().is_ok_and(|output| output.status.success());
    let user = ["postgres", "nobody"].into_iter().find(known);
    let user = user.context("Postgres refuses to run as root, and this machine has neither `postgres` nor `nobody`")?;
    Ok(Some(user.to_owned()))
}

/// `state/postgres`, or a folder beside other temporary files when the other user can't reach the state.
fn data_folder(state: &Path, user: Option<&str>) -> Result<PathBuf> {
    let inside = state.join("postgres");
    let data = match user {
        Some(_) if !reachable(&inside) => outside(state),
        _ => inside,
    };
    if let Some(parent) = data.parent() {
        std::fs::create_dir_all(parent)?;
    }
    Ok(data)
}

/// Where the data of a state lies that the other user can't reach; removed with it by [`forget`].
fn outside(state: &Path) -> PathBuf {
    let name = state.display().to_string().replace(|letter: char| !letter.is_ascii_alphanumeric(), "-");
    std::env::temp_dir().join(format!("house-edge-postgres{name}"))
}

/// Removes the cluster of a state folder. It must not be running.
///
/// # Errors
/// The folder can't be removed.
pub(crate) fn forget(state: &Path) -> Result<()> {
    for folder in [state.join("postgres"), outside(state)] {
        if folder.exists() {
            std::fs::remove_dir_all(&folder).with_context(|| folder.display().to_string())?;
        }
    }
    Ok(())
}

/// Whether every existing folder above lets others pass.
fn reachable(path: &Path) -> bool {
    path.ancestors()
        .skip(1)
        .filter(|folder| folder.is_dir())
        .all(|folder| std::fs::metadata(folder).is_ok_and(|about| about.permissions().mode() & 0o001 != 0))
}

/// An initialised cluster that nobody runs, made once.
fn template(tools: &Tools, user: Option<&str>) -> Result<PathBuf> {
    let version = Command::new(tools.postgres("postgres")).arg("--version").output().context("postgres")?;
    let version = String::from_utf8_lossy(&version.stdout).replace(|letter: char| !letter.is_ascii_alphanumeric(), "-");
    let tools_folder = project_root().join(".tools");
    let base = match user {
        Some(user) if !reachable(&tools_folder.join("x")) => {
            std::env::temp_dir().join(format!("house-edge-tools-{user}"))
        }
        _ => tools_folder,
    };
    std::fs::create_dir_all(&base)?;
    let lock = std::fs::OpenOptions::new().create(true).append(true).open(base.join("postgres-template.lock"))?;
    lock.lock().context("the template's lock")?;
    let template = base.join(format!("{}-{}", version.trim_matches('-'), user.unwrap_or("own")));
    if !template.join("password").exists() {
        initialise(tools, &template, user)?;
    }
    Ok(template)
}

fn initialise(tools: &Tools, template: &Path, user: Option<&str>) -> Result<()> {
    let making = template.with_extension("making");
    if making.exists() {
        std::fs::remove_dir_all(&making)?;
    }
    std::fs::create_dir_all(&making)?;
    let password_file = making.with_extension("password");
    std::fs::write(&password_file, crate::nats::random_secret()?)?;
    std::fs::set_permissions(&password_file, std::fs::Permissions::from_mode(0o600))?;
    if let Some(user) = user {
        run(Command::new("chown").arg("-R").arg(user).arg(&making).arg(&password_file))?;
    }
    let mut initdb = match user {
        Some(user) => {
            let mut command = Command::new("setpriv");
            command.args(["--reuid", user, "--regid", user_group(user)?.as_str(), "--clear-groups", "--"]);
            command.arg(tools.postgres("initdb")).current_dir("/");
            command
        }
        None => Command::new(tools.postgres("initdb")),
    };
    initdb.args(["--username", USER, "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "-D"]).arg(&making);
    run(initdb.arg("--pwfile").arg(&password_file))?;
    std::fs::rename(&password_file, making.join("password"))?;
    std::fs::rename(&making, template).context("the template can't be kept")
}

fn user_group(user: &str) -> Result<String> {
    let output = Command::new("id").args(["-g", user]).output()?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn run(command: &mut Command) -> Result<()> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.output().with_context(|| format!("`{program}` can't be started"))?;
    if !output.status.success() {
        bail!("`{program}` failed ({}): {}", output.status, String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn postgres_runs_as_another_user_than_root_and_keeps_what_was_committed_over_a_kill() {
        let folder = tempfile::tempdir().unwrap();
        let (tools, port) = (Tools::find().unwrap(), crate::free_port().unwrap());
        let postgres = Postgres::start(&tools, folder.path(), port).await.unwrap();
        let pid = postgres.process().pid().unwrap();
        let owner = std::os::unix::fs::MetadataExt::uid(&std::fs::metadata(format!("/proc/{pid}")).unwrap());
        assert_ne!(owner, 0, "Postgres must not run as root");
        let mut connection = PgConnection::connect(&postgres.url()).await.unwrap();
        sqlx::query("CREATE TABLE kept (n int)").execute(&mut connection).await.unwrap();
        sqlx::query("INSERT INTO kept VALUES (7)").execute(&mut connection).await.unwrap();
        postgres.process().kill();
        postgres.restart().await.unwrap();
        let mut connection = PgConnection::connect(&postgres.url()).await.unwrap();
        let n: i32 = sqlx::query_scalar("SELECT n FROM kept").fetch_one(&mut connection).await.unwrap();
        assert_eq!(n, 7);
        drop(connection);
        postgres.stop().await.unwrap();
        forget(folder.path()).unwrap();
    }
}
