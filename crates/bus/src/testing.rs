//! A real nats-server for tests, on a free loopback port with its own folder, ended with its owner. Never a mock.
//!
//! For tests only. Starting takes about 50 ms. `sync_interval: always`, as in production, so latencies are honest.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::{Bus, BusError, BusOptions};

/// How long a server may take to start.
const START_WITHIN: Duration = Duration::from_secs(20);

/// Why a test has no server.
#[derive(Debug, thiserror::Error)]
pub enum TestingError {
    /// No nats-server on this machine.
    #[error("no nats-server found: run `cargo xtask tools`, or name one in HOUSE_NATS_SERVER")]
    NoServer,
    /// It did not start; its log says why.
    #[error("nats-server did not start: {log}")]
    DidNotStart {
        /// The end of its log.
        log: String,
    },
    /// Files or processes failed.
    #[error("{doing}: {source}")]
    Io {
        /// What was tried.
        doing: &'static str,
        /// Why it failed.
        source: io::Error,
    },
}

/// A running server.
#[derive(Debug)]
pub struct NatsServer {
    folder: tempfile::TempDir,
    config: PathBuf,
    child: Option<Child>,
    port: u16,
}

fn io_error(doing: &'static str) -> impl FnOnce(io::Error) -> TestingError {
    move |source| TestingError::Io { doing, source }
}

/// The nats-server of `HOUSE_NATS_SERVER`, of the workspace's tools, or of the path.
#[expect(clippy::disallowed_methods, reason = "tests have no configuration file; this is their one setting")]
fn binary() -> Result<PathBuf, TestingError> {
    if let Ok(named) = std::env::var("HOUSE_NATS_SERVER") {
        return Ok(PathBuf::from(named));
    }
    let tools = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.tools/bin/nats-server");
    if tools.is_file() {
        return Ok(tools);
    }
    let path = std::env::var("PATH").unwrap_or_default();
    let found = path.split(':').map(|folder| Path::new(folder).join("nats-server")).find(|file| file.is_file());
    found.ok_or(TestingError::NoServer)
}

impl NatsServer {
    /// A server with JetStream in the domain `domain`, open to every user, with a `max_payload` of 256 KB.
    ///
    /// # Errors
    /// [`TestingError`].
    pub async fn start(domain: &str) -> Result<Self, TestingError> {
        Self::start_with(domain, "").await
    }

    /// The same with more lines of configuration.
    ///
    /// # Errors
    /// [`TestingError`].
    pub async fn start_with(domain: &str, more: &str) -> Result<Self, TestingError> {
        let folder = tempfile::tempdir().map_err(io_error("making a folder"))?;
        let config = folder.path().join("nats.conf");
        let store = folder.path().join("store");
        // The streams reserve their `max_bytes`, which must not depend on how full this machine's disk is.
        let jetstream = format!(
            "domain: {domain}, store_dir: {store:?}, sync_interval: always, max_file_store: 64GB, max_memory_store: 64MB"
        );
        let text = format!("server_name: {domain}\nmax_payload: 256KB\njetstream {{ {jetstream} }}\n{more}\n");
        fs::write(&config, text).map_err(io_error("writing the configuration"))?;
        let mut server = Self { folder, config, child: None, port: 0 };
        server.launch().await?;
        Ok(server)
    }

    async fn launch(&mut self) -> Result<(), TestingError> {
        let log = self.folder.path().join("log");
        let output = File::create(&log).map_err(io_error("making the log"))?;
        let errors = output.try_clone().map_err(io_error("making the log"))?;
        let port = if self.port == 0 { "-1".to_owned() } else { self.port.to_string() };
        let child = Command::new(binary()?)
            .args(["-a", "127.0.0.1", "-p", &port, "-c"])
            .arg(&self.config)
            .arg("--ports_file_dir")
            .arg(self.folder.path())
            .stdin(Stdio::null())
            .stdout(output)
            .stderr(errors)
            .spawn()
            .map_err(io_error("starting nats-server"))?;
        let ports = self.folder.path().join(format!("nats-server_{}.ports", child.id()));
        self.child = Some(child);
        let started = tokio::time::timeout(START_WITHIN, async {
            loop {
                if let Some(port) = read_port(&ports) {
                    return port;
                }
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        });
        match started.await {
            Ok(port) => self.port = port,
            Err(_) => return Err(TestingError::DidNotStart { log: fs::read_to_string(&log).unwrap_or_default() }),
        }
        Ok(())
    }

    /// The server's address for clients.
    #[must_use]
    pub fn url(&self) -> String {
        format!("nats://127.0.0.1:{}", self.port)
    }

    /// A connection to it called `name`.
    ///
    /// # Errors
    /// [`BusError`].
    pub async fn connect(&self, name: &str) -> Result<Bus, BusError> {
        Bus::connect(BusOptions::new(self.url(), name)).await
    }

    /// Ends it at once, as kill -9 does. Its files stay.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            let killed = child.kill().and_then(|()| child.wait());
            if let Err(error) = killed {
                tracing::warn!(%error, "nats-server could not be ended");
            }
        }
    }

    /// Starts it again after [`Self::kill`], on the same port with the same files.
    ///
    /// # Errors
    /// [`TestingError`].
    pub async fn restart(&mut self) -> Result<(), TestingError> {
        self.kill();
        self.launch().await
    }
}

impl Drop for NatsServer {
    fn drop(&mut self) {
        self.kill();
    }
}

/// The port in the file that the server writes once it listens.
fn read_port(file: &Path) -> Option<u16> {
    let text = fs::read_to_string(file).ok()?;
    let ports: serde_json::Value = serde_json::from_str(&text).ok()?;
    ports.get("nats")?.get(0)?.as_str()?.rsplit(':').next()?.parse().ok()
}
