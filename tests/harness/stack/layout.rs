//! Who is where: regions, ids, ports, folders. Planned once, before anything starts, so that a port in use is named first.
use super::Part;
use crate::nats::{NatsOptions, Region};
use crate::ports::PortPlan;
use crate::postgres::Postgres;
use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The core's own dealer.
pub(super) const CORE_DEALER: &str = "dealer-core";
const REGIONS: [&str; 2] = ["west", "east"];

/// What to start, and where.
#[derive(Clone, Debug)]
pub struct StackOptions {
    /// Everything that the stack writes goes below this folder.
    pub state: PathBuf,
    /// Fixed or free.
    pub ports: PortPlan,
    /// Whether each region's link to the core goes through a fault proxy.
    pub proxied: bool,
    /// A filter such as `info` or `info,bus=debug`, for every program.
    pub log_level: String,
}

impl StackOptions {
    /// For `cargo xtask up`: the documented ports, a state that stays.
    #[must_use]
    pub fn fixed(state: impl Into<PathBuf>) -> Self {
        Self { state: state.into(), ports: PortPlan::Fixed, proxied: false, log_level: "info".to_owned() }
    }

    /// For tests, demo and benches: free ports, links that can be spoilt.
    #[must_use]
    pub fn free(state: impl Into<PathBuf>) -> Self {
        Self { state: state.into(), ports: PortPlan::Free, proxied: true, log_level: "info".to_owned() }
    }
}

/// Where a running stack is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoints {
    /// The core's HTTP interface.
    pub core: String,
    /// The core's operator pages.
    pub operator: String,
    /// What to show there, as `Authorization: Bearer`.
    pub operator_token: String,
    /// Each edge's WebSocket address, by its id.
    pub edges: BTreeMap<String, String>,
    /// Each program's operator address (`/livez /readyz /metrics /version`), by its name.
    pub ops: BTreeMap<String, String>,
    /// The product's database, with its log-in.
    pub database: String,
    /// The state folder.
    pub state: PathBuf,
}

/// Where one program listens.
#[derive(Clone, Copy, Debug)]
struct Ports {
    /// Its public listener; a dealer has none.
    public: Option<u16>,
    ops: u16,
}

/// The plan.
pub(super) struct Layout {
    options: StackOptions,
    regions: Vec<Region>,
    ports: BTreeMap<Part, Ports>,
    postgres: u16,
    operator: u16,
}

impl Layout {
    pub(super) fn plan(options: StackOptions) -> Result<Self> {
        std::fs::create_dir_all(&options.state).with_context(|| options.state.display().to_string())?;
        let regions = REGIONS.map(|name| Region {
            name: name.to_owned(),
            dealer: format!("dealer-{name}"),
            edges: vec![format!("{name}-1")],
        });
        let mut layout = Self {
            postgres: options.ports.port("Postgres", 5433)?,
            operator: options.ports.port("the core's operator pages", 8081)?,
            options,
            regions: regions.into(),
            ports: BTreeMap::new(),
        };
        layout.give_ports(Part::Core, Some(8080), 9080)?;
        layout.give_ports(Part::Dealer(CORE_DEALER.to_owned()), None, 9300)?;
        for (number, region) in (1_u16..).zip(layout.regions.clone()) {
            layout.give_ports(Part::Dealer(region.dealer), None, 9300 + number)?;
            for (edge, id) in (0_u16..).zip(region.edges) {
                layout.give_ports(Part::Edge(id), Some(8000 + 100 * number + edge), 9000 + 100 * number + edge)?;
            }
        }
        Ok(layout)
    }

    fn give_ports(&mut self, part: Part, public: Option<u16>, ops: u16) -> Result<()> {
        let plan = self.options.ports;
        let public = public.map(|fixed| plan.port(&part.to_string(), fixed)).transpose()?;
        let ops = plan.port(&format!("{part} (operator)"), ops)?;
        let given: Vec<u16> =
            self.ports.values().flat_map(|ports| ports.public.into_iter().chain([ports.ops])).collect();
        if let Some(twice) = public.iter().chain([&ops]).find(|port| given.contains(port)) {
            bail!("port {twice} is planned for {part} and for another part");
        }
        self.ports.insert(part, Ports { public, ops });
        Ok(())
    }

    /// Programs in the order in which they start: the core, the dealers, the edges.
    pub(super) fn waves(&self) -> [Vec<Part>; 3] {
        let of = |wanted: fn(&Part) -> bool| self.ports.keys().filter(|part| wanted(part)).cloned().collect();
        [
            of(|part| matches!(part, Part::Core)),
            of(|part| matches!(part, Part::Dealer(_))),
            of(|part| matches!(part, Part::Edge(_))),
        ]
    }

    pub(super) fn state(&self) -> &Path {
        &self.options.state
    }

    pub(super) fn log_level(&self) -> &str {
        &self.options.log_level
    }

    pub(super) fn postgres_port(&self) -> u16 {
        self.postgres
    }

    pub(super) fn operator_port(&self) -> u16 {
        self.operator
    }

    pub(super) fn regions(&self) -> impl Iterator<Item = &str> {
        self.regions.iter().map(|region| region.name.as_str())
    }

    pub(super) fn nats_options(&self) -> NatsOptions {
        NatsOptions {
            state: self.options.state.clone(),
            ports: self.options.ports,
            regions: self.regions.clone(),
            core_dealer: CORE_DEALER.to_owned(),
            proxied: self.options.proxied,
        }
    }

    /// The ids of all dealers with the region whose log they write, the core's first.
    pub(super) fn dealers(&self) -> Vec<(String, String)> {
        let regional = self.regions.iter().map(|region| (region.dealer.clone(), region.name.clone()));
        std::iter::once((CORE_DEALER.to_owned(), "core".to_owned())).chain(regional).collect()
    }

    /// The ids of all edges with their region.
    pub(super) fn edges(&self) -> Vec<(String, Region)> {
        let of = |region: &Region| region.edges.iter().map(|edge| (edge.clone(), region.clone())).collect::<Vec<_>>();
        self.regions.iter().flat_map(of).collect()
    }

    pub(super) fn ops_port(&self, part: &Part) -> Result<u16> {
        self.ports.get(part).map(|ports| ports.ops).with_context(|| format!("no part {part}"))
    }

    pub(super) fn public_port(&self, part: &Part) -> Result<u16> {
        let ports = self.ports.get(part).with_context(|| format!("no part {part}"))?;
        ports.public.with_context(|| format!("{part} has no public port"))
    }

    /// Where an edge's players connect.
    pub(super) fn play_url(&self, edge: &str) -> Result<String> {
        let port = self.public_port(&Part::Edge(edge.to_owned()))?;
        Ok(format!("ws://127.0.0.1:{port}/v1/play"))
    }

    /// The addresses of a stack whose key files are there.
    pub(super) fn endpoints(&self, postgres: &Postgres) -> Result<Endpoints> {
        let play = |edge: String| self.play_url(&edge).map(|url| (edge, url)).ok();
        let ops = |(part, ports): (&Part, &Ports)| (part.to_string(), format!("http://127.0.0.1:{}", ports.ops));
        let core = self.public_port(&Part::Core).unwrap_or_default();
        let token_file = super::keys::operator_token(self);
        let operator_token = std::fs::read_to_string(&token_file).with_context(|| token_file.display().to_string())?;
        Ok(Endpoints {
            core: format!("http://127.0.0.1:{core}"),
            operator: format!("http://127.0.0.1:{}", self.operator),
            operator_token: operator_token.trim().to_owned(),
            edges: self.edges().into_iter().filter_map(|(edge, _)| play(edge)).collect(),
            ops: self.ports.iter().map(ops).collect(),
            database: postgres.url(),
            state: self.options.state.clone(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_has_a_port_for_every_listener_and_none_twice() {
        let folder = tempfile::tempdir().unwrap();
        let layout = Layout::plan(StackOptions::free(folder.path())).unwrap();
        let mut ports: Vec<u16> =
            layout.ports.values().flat_map(|ports| ports.public.into_iter().chain([ports.ops])).collect();
        ports.extend([layout.postgres, layout.operator]);
        let count = ports.len();
        ports.sort_unstable();
        ports.dedup();
        assert_eq!((ports.len(), count), (11, 11));
        assert_eq!(layout.waves().map(|wave| wave.len()), [1, 3, 2]);
    }
}
