//! NATS as it is deployed: a hub, and one leaf server a region, from the templates of `nats/`, with a user of its own for
//! each role. The link of each region goes through a fault proxy when asked.
//!
//! Promise: when [`NatsCluster::start`] returns, every server is healthy and every leaf is linked. Streams are not made here.
mod config;
mod template;

use crate::ports::PortPlan;
use crate::process::{Process, Spec};
use crate::proxy::Proxy;
use crate::tools::Tools;
use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

const READY_LIMIT: Duration = Duration::from_secs(20);
const STOP_LIMIT: Duration = Duration::from_secs(10);
const POLL: Duration = Duration::from_millis(25);

/// An edge region.
#[derive(Clone, Debug)]
pub struct Region {
    /// `west`: also its JetStream domain.
    pub name: String,
    /// Its dealer's id.
    pub dealer: String,
    /// The ids of its edges.
    pub edges: Vec<String>,
}

/// What to start, and where.
#[derive(Clone, Debug)]
pub struct NatsOptions {
    /// Configuration, data, passwords and logs go below this folder.
    pub state: PathBuf,
    /// Fixed or free.
    pub ports: PortPlan,
    /// The regions.
    pub regions: Vec<Region>,
    /// The id of the core's own dealer.
    pub core_dealer: String,
    /// Whether each region's link goes through a fault proxy.
    pub proxied: bool,
}

/// A log-in: where, who, and the file with the password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NatsUser {
    /// `nats://127.0.0.1:PORT`
    pub url: String,
    /// The user; its answers come to `_INBOX_<user>.>`.
    pub user: String,
    /// The file that holds the password and nothing else.
    pub password_file: PathBuf,
}

impl NatsUser {
    /// The password.
    ///
    /// # Errors
    /// The file is gone.
    pub fn password(&self) -> Result<String> {
        std::fs::read_to_string(&self.password_file).with_context(|| self.password_file.display().to_string())
    }
}

/// One server.
pub struct NatsServer {
    process: Process,
    client_port: u16,
    monitor_port: u16,
    secrets: PathBuf,
}

impl NatsServer {
    /// Its process: kill it, restart it.
    #[must_use]
    pub fn process(&self) -> &Process {
        &self.process
    }

    /// Where clients connect.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.client_port
    }

    /// Its monitoring port: `/healthz`, `/leafz`, `/jsz`.
    #[must_use]
    pub fn monitor_port(&self) -> u16 {
        self.monitor_port
    }

    /// A user of this server.
    #[must_use]
    pub fn user(&self, user: &str) -> NatsUser {
        let url = format!("nats://127.0.0.1:{}", self.client_port);
        NatsUser { url, user: user.to_owned(), password_file: self.secrets.join(user) }
    }

    /// Waits until it is healthy.
    ///
    /// # Errors
    /// It ended or did not become so in 20 s.
    pub async fn wait(&self) -> Result<()> {
        crate::wait_for_ok(&self.process, self.monitor_port, "/healthz", READY_LIMIT).await
    }
}

/// The hub, the leafs and their links.
pub struct NatsCluster {
    hub: NatsServer,
    leafs: BTreeMap<String, NatsServer>,
    links: BTreeMap<String, Proxy>,
}

/// The ports of one server.
struct ServerPorts {
    client: u16,
    monitor: u16,
}

impl NatsCluster {
    /// Starts everything.
    ///
    /// # Errors
    /// A port in use, a server that does not come up or a leaf that is not linked, each in one line.
    pub async fn start(tools: &Tools, options: &NatsOptions) -> Result<Self> {
        let hub_ports = ports(options.ports, "the NATS hub", 0)?;
        let leaf_port = options.ports.port("the NATS hub's leaf links", 7422)?;
        let config = config::hub(options, &hub_ports, leaf_port)?;
        let hub = start_server(tools, options, "hub", hub_ports, &config)?;
        hub.wait().await?;
        let (mut leafs, mut links) = (BTreeMap::new(), BTreeMap::new());
        for (number, region) in (1_u16..).zip(&options.regions) {
            let link_port = if options.proxied {
                let port = options.ports.port(&format!("the link of {}", region.name), 7430 + number)?;
                let proxy = Proxy::start(port, leaf_port).await?;
                let port = proxy.port();
                links.insert(region.name.clone(), proxy);
                port
            } else {
                leaf_port
            };
            let ports = ports(options.ports, &format!("NATS of {}", region.name), number)?;
            let config = config::leaf(options, region, &ports, link_port)?;
            leafs.insert(region.name.clone(), start_server(tools, options, &region.name, ports, &config)?);
        }
        let cluster = Self { hub, leafs, links };
        for leaf in cluster.leafs.values() {
            leaf.wait().await?;
        }
        cluster.wait_linked(READY_LIMIT).await?;
        Ok(cluster)
    }

    /// The hub.
    #[must_use]
    pub fn hub(&self) -> &NatsServer {
        &self.hub
    }

    /// A region's server.
    ///
    /// # Errors
    /// There is no such region.
    pub fn leaf(&self, region: &str) -> Result<&NatsServer> {
        self.leafs.get(region).with_context(|| format!("no region {region}"))
    }

    /// All servers, the hub first.
    pub fn servers(&self) -> impl Iterator<Item = &NatsServer> {
        std::iter::once(&self.hub).chain(self.leafs.values())
    }

    /// The fault proxy of a region's link.
    ///
    /// # Errors
    /// Started without proxies, or no such region.
    pub fn link(&self, region: &str) -> Result<&Proxy> {
        self.links.get(region).with_context(|| format!("no fault proxy on the link of {region}"))
    }

    /// Waits until every leaf is linked to the hub.
    ///
    /// # Errors
    /// Not within `limit`.
    pub async fn wait_linked(&self, limit: Duration) -> Result<()> {
        let wanted = self.leafs.len();
        let waiting = async {
            while linked(self.hub.monitor_port).await != Some(wanted) {
                tokio::time::sleep(POLL).await;
            }
        };
        if tokio::time::timeout(limit, waiting).await.is_err() {
            bail!("not every region is linked to the NATS hub after {} s", limit.as_secs());
        }
        Ok(())
    }

    /// Stops the leafs, then the hub.
    ///
    /// # Errors
    /// The first that had to be killed; the others are stopped all the same.
    pub async fn stop(&self) -> Result<()> {
        let mut result = Ok(());
        for server in self.leafs.values().chain(std::iter::once(&self.hub)) {
            result = result.and(server.process.stop(STOP_LIMIT).await);
        }
        result
    }
}

/// The number of leafs that the hub sees.
async fn linked(monitor_port: u16) -> Option<usize> {
    let (_, body) = crate::get(monitor_port, "/leafz").await.ok()?;
    let value: serde_json::Value = serde_json::from_str(&body).ok()?;
    usize::try_from(value.get("leafnodes")?.as_u64()?).ok()
}

fn ports(plan: PortPlan, what: &str, number: u16) -> Result<ServerPorts> {
    Ok(ServerPorts {
        client: plan.port(what, 4222 + number)?,
        monitor: plan.port(&format!("{what} (monitoring)"), 8222 + number)?,
    })
}

fn start_server(
    tools: &Tools,
    options: &NatsOptions,
    name: &str,
    ports: ServerPorts,
    config: &Path,
) -> Result<NatsServer> {
    let log = options.state.join("log").join(format!("nats-{name}.log"));
    let spec = Spec::new(format!("nats-{name}"), &tools.nats_server, log);
    let process = Process::start(spec.args(["-c".to_owned(), config.display().to_string()]))?;
    Ok(NatsServer {
        process,
        client_port: ports.client,
        monitor_port: ports.monitor,
        secrets: config::secrets(options),
    })
}

/// 32 bytes of the kernel's, in hex: log-ins of this machine's servers.
///
/// # Errors
/// The kernel's random device can't be read.
pub fn random_secret() -> Result<String> {
    use std::io::Read;
    let mut bytes = [0_u8; 32];
    std::fs::File::open("/dev/urandom")?.read_exact(&mut bytes).context("the kernel's random device")?;
    Ok(hex::encode(bytes))
}

#[cfg(test)]
mod tests;
