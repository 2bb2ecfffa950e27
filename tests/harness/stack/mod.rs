//! The whole product on one machine: NATS hub and leafs, Postgres, the core, its dealer, a dealer and an edge a region.
//! Every part is the program that ships, started with a configuration file and key files of its own in the state folder.
//!
//! Promise: [`Stack::start`] returns when every part says it is ready, or with one line that names what did not come up;
//! [`Stack::stop`] ends all of it in order, and dropping it leaves nothing behind. Parts are killed and restarted by name.
//! Cost: a few seconds, most of them Postgres's and the core's migrations on an empty state folder.
mod keys;
mod layout;
mod parts;
mod programs;

pub use layout::{Endpoints, StackOptions};
pub use parts::Part;

use crate::nats::NatsCluster;
use crate::postgres::{self, Postgres};
use crate::process::Process;
use crate::proxy::Proxy;
use crate::tools::{Tools, project_root};
use anyhow::{Context, Result};
use layout::Layout;
use std::collections::BTreeMap;
use std::time::Duration;

const READY_LIMIT: Duration = Duration::from_secs(60);
const STOP_LIMIT: Duration = Duration::from_secs(30);

/// A running product.
pub struct Stack {
    // Dropped in this order: programs before what they lean on.
    programs: BTreeMap<Part, Process>,
    nats: NatsCluster,
    postgres: Postgres,
    layout: Layout,
    endpoints: Endpoints,
}

impl Stack {
    /// Starts everything and waits until all of it is ready.
    ///
    /// # Errors
    /// A tool or program that is missing, a port in use, a part that does not become ready: one line each.
    pub async fn start(options: StackOptions) -> Result<Self> {
        let tools = Tools::find()?;
        let layout = Layout::plan(options)?;
        keys::ensure(&layout)?;
        let nats_options = layout.nats_options();
        let (nats, postgres) = tokio::try_join!(
            NatsCluster::start(&tools, &nats_options),
            Postgres::start(&tools, layout.state(), layout.postgres_port())
        )?;
        provision(&nats, &layout).await?;
        let endpoints = layout.endpoints(&postgres)?;
        let mut stack = Self { programs: BTreeMap::new(), nats, postgres, layout, endpoints };
        for wave in stack.layout.waves() {
            for part in &wave {
                let spec = programs::spec(&stack.layout, &stack.nats, &stack.postgres, part)?;
                stack.programs.insert(part.clone(), Process::start(spec)?);
            }
            for part in &wave {
                stack.wait(part).await?;
            }
        }
        Ok(stack)
    }

    /// Where everything is.
    #[must_use]
    pub fn endpoints(&self) -> Endpoints {
        self.endpoints.clone()
    }

    /// The NATS servers, for tests that look behind the product.
    #[must_use]
    pub fn nats(&self) -> &NatsCluster {
        &self.nats
    }

    /// The database, for tests that look behind the product.
    #[must_use]
    pub fn postgres(&self) -> &Postgres {
        &self.postgres
    }

    /// The fault proxy of a region's link to the core.
    ///
    /// # Errors
    /// Started without proxies, or no such region.
    pub fn link(&self, region: &str) -> Result<&Proxy> {
        self.nats.link(region)
    }

    /// The first part that ended without being told to, in one line.
    #[must_use]
    pub fn crashed(&self) -> Option<String> {
        let servers = self.nats.servers().map(crate::NatsServer::process);
        let all = servers.chain([self.postgres.process()]).chain(self.programs.values());
        all.into_iter().find_map(Process::crashed)
    }

    /// The process of a part.
    ///
    /// # Errors
    /// There is no such part.
    pub fn process(&self, part: &Part) -> Result<&Process> {
        match part {
            Part::Hub => Ok(self.nats.hub().process()),
            Part::Leaf(region) => Ok(self.nats.leaf(region)?.process()),
            Part::Postgres => Ok(self.postgres.process()),
            program => self.programs.get(program).with_context(|| format!("no part {program}")),
        }
    }

    /// Kill -9.
    ///
    /// # Errors
    /// There is no such part.
    pub fn kill(&self, part: &Part) -> Result<()> {
        self.process(part)?.kill();
        Ok(())
    }

    /// Starts a part again that was killed or stopped, and waits until it is ready.
    ///
    /// # Errors
    /// There is no such part, it still runs, or it does not become ready.
    pub async fn restart(&self, part: &Part) -> Result<()> {
        if *part == Part::Postgres {
            return self.postgres.restart().await;
        }
        self.process(part)?.restart()?;
        self.wait(part).await
    }

    /// SIGTERM: the part finishes what it has in hand.
    ///
    /// # Errors
    /// There is no such part, or it had to be killed.
    pub async fn drain(&self, part: &Part) -> Result<()> {
        self.process(part)?.stop(STOP_LIMIT).await
    }

    /// Waits until a part is ready.
    ///
    /// # Errors
    /// It ended, or is not ready in a minute.
    pub async fn wait(&self, part: &Part) -> Result<()> {
        match part {
            Part::Hub => self.nats.hub().wait().await,
            Part::Leaf(region) => self.nats.leaf(region)?.wait().await,
            Part::Postgres => self.postgres.wait().await,
            program => {
                let port = self.layout.ops_port(program)?;
                crate::wait_for_ok(self.process(program)?, port, "/readyz", READY_LIMIT).await
            }
        }
    }

    /// Ends everything in order: edges, dealers, core, NATS, Postgres.
    ///
    /// # Errors
    /// The first part that had to be killed; the others are stopped all the same.
    pub async fn stop(self) -> Result<()> {
        let mut result = Ok(());
        for wave in self.layout.waves().into_iter().rev() {
            let stops = wave.iter().filter_map(|part| self.programs.get(part)).map(|process| process.stop(STOP_LIMIT));
            for stopped in futures::future::join_all(stops).await {
                result = result.and(stopped);
            }
        }
        let (nats, postgres) = tokio::join!(self.nats.stop(), self.postgres.stop());
        result.and(nats).and(postgres)
    }

    /// Forgets everything that an earlier stack left in a state folder. It must not be running.
    ///
    /// # Errors
    /// The folder can't be removed.
    pub fn forget(state: &std::path::Path) -> Result<()> {
        postgres::forget(state)?;
        if state.exists() {
            std::fs::remove_dir_all(state).with_context(|| state.display().to_string())?;
        }
        Ok(())
    }
}

/// Makes the streams of every server from `nats/streams.toml`, regions first: the hub sources what they have.
async fn provision(nats: &NatsCluster, layout: &Layout) -> Result<()> {
    let path = project_root().join("nats").join("streams.toml");
    let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    let file = bus::StreamsFile::parse(&text)?;
    for region in layout.regions() {
        let site = bus::Site::Region(region.parse()?);
        provision_one(nats.leaf(region)?, &file, &site).await?;
    }
    let regions = layout.regions().map(str::parse).collect::<Result<Vec<_>, _>>()?;
    provision_one(nats.hub(), &file, &bus::Site::Hub { own: "core".parse()?, regions }).await
}

async fn provision_one(server: &crate::NatsServer, file: &bus::StreamsFile, site: &bus::Site) -> Result<()> {
    let user = server.user("provision");
    let settings = bus::Settings { url: user.url, user: Some(user.user), password_file: Some(user.password_file) };
    let bus = bus::Bus::connect(settings.options("provision")?).await?;
    bus::provision(&bus, file, site).await?;
    Ok(bus.drain().await?)
}
