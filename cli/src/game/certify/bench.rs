//! What every check plays on: the component's bytes, its configuration, and the spots that stand for all.

use indicatif::ProgressBar;
use sandbox::{Backend, Bet, Host, HostOptions, Simulator, Spot, Table};

use super::watch::Watch;
use crate::game::course::{Course, Policy};
use crate::game::problem::Problem;
use crate::game::run::{Plan, bar, run};
use crate::game::seat;
use crate::game::tally::Tally;

/// Spots that are played, at most: the first of each kind (a name up to its colon).
const MOST_SPOTS: usize = 12;
/// Rounds that tell how many deals a round has.
const PROBE: u64 = 200;

/// The game under test.
pub(super) struct Bench<'a> {
    pub(super) wasm: &'a [u8],
    pub(super) path: &'a std::path::Path,
    pub(super) table: &'a Table,
    pub(super) seed: &'a str,
    /// Deals of each run over all spots, nearly: a round is played to its end.
    pub(super) deals: u64,
    pub(super) spots: Vec<Spot>,
}

/// Whether each deal gets an instance of its own.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Instances {
    Fresh,
    Reused,
}

impl<'a> Bench<'a> {
    pub(super) fn new(wasm: &'a [u8], path: &'a std::path::Path, table: &'a Table, seed: &'a str, deals: u64) -> Self {
        let mut spots: Vec<Spot> = Vec::new();
        for spot in &table.manifest().spots {
            if spots.len() < MOST_SPOTS && spots.iter().all(|other| kind(&other.name) != kind(&spot.name)) {
                spots.push(spot.clone());
            }
        }
        Self { wasm, path, table, seed, deals, spots }
    }

    /// The same game on another backend.
    pub(super) fn on(&self, backend: Backend) -> Result<Table, Problem> {
        let host = Host::new(HostOptions { backend, ..HostOptions::default() })?;
        let load = |error| Problem::Load { path: self.path.to_owned(), error };
        let config = self.table.config();
        let described = |error| Problem::Describe { config: config.as_str().to_owned(), error };
        seat::open(&host.load(self.wasm).map_err(load)?, config).map_err(described)
    }

    /// Rounds of one bet: its spot's part of the deals, by the deals that a few rounds of it have.
    fn rounds(&self, course: Course<'_>) -> u64 {
        let part = self.deals.div_ceil(u64::try_from(self.spots.len()).unwrap_or(1).max(1));
        let plan = Plan { seed: self.seed, rounds: PROBE, threads: std::num::NonZero::<usize>::MIN };
        let probe: Result<Tally, Problem> = run(course, plan, &ProgressBar::hidden(), self.table, Simulator::new);
        // A game that can't be probed can't be run either; the run says why.
        let deals = probe.ok().and_then(|tally| u64::try_from(tally.deals).ok()).unwrap_or(PROBE);
        let rounds = u128::from(part).saturating_mul(PROBE.into()).div_ceil(deals.max(1).into());
        u64::try_from(rounds).unwrap_or(part)
    }

    /// Plays one bet over and over, any offer with any argument.
    pub(super) fn run(
        &self,
        table: &Table,
        bet: Bet,
        instances: Instances,
        threads: std::num::NonZero<usize>,
    ) -> Result<Watch, Problem> {
        let course = Course { manifest: table.manifest(), bets: &[bet], policy: Policy::Random };
        // Spots are measured independently; the stakes of one spot are played with the same keys.
        let seed = format!("{}/{}", self.seed, bet.spot);
        let plan = Plan { seed: &seed, rounds: self.rounds(course), threads };
        let progress = bar(plan.rounds, "certifying");
        let watch = match instances {
            Instances::Fresh => run(course, plan, &progress, table, |table| table),
            Instances::Reused => run(course, plan, &progress, table, Simulator::new),
        };
        progress.finish_and_clear();
        watch
    }
}

/// `even:red` is of the kind `even`.
pub(super) fn kind(name: &str) -> &str {
    name.split_once(':').map_or(name, |(kind, _)| kind)
}
