//! The same key, bets and actions give the same outcome, draws and fuel: on a fresh instance and a reused one, on one thread and
//! several, compiled with and without optimisation, and interpreted.
//!
//! Fuel is compared between fresh instances only: a guest's first call may pay for its start-up, so a reused one burns a little less.

use std::num::NonZero;

use sandbox::{Backend, Bet};
use serde_json::json;

use super::bench::{Bench, Instances};
use super::check::Check;
use super::watch::{Chains, Most, Watch};
use crate::game::problem::Problem;

const ONE: NonZero<usize> = NonZero::<usize>::MIN;
const TWO: NonZero<usize> = match NonZero::new(2) {
    Some(two) => two,
    None => ONE,
};

struct Mode {
    name: &'static str,
    backend: Backend,
    instances: Instances,
    threads: NonZero<usize>,
}

const MODES: [Mode; 5] = [
    Mode { name: "fresh, 1 thread", backend: Backend::Cranelift, instances: Instances::Fresh, threads: ONE },
    Mode { name: "fresh, 2 threads", backend: Backend::Cranelift, instances: Instances::Fresh, threads: TWO },
    Mode { name: "reused, 2 threads", backend: Backend::Cranelift, instances: Instances::Reused, threads: TWO },
    Mode { name: "fresh, unoptimised", backend: Backend::CraneliftNoOpt, instances: Instances::Fresh, threads: TWO },
    Mode { name: "fresh, interpreted", backend: Backend::Pulley, instances: Instances::Fresh, threads: TWO },
];

/// The check, and the most of everything that was seen.
pub(super) fn check(bench: &Bench<'_>) -> (Check, Option<Most>) {
    let mut check = Check::new("determinism", "equal outcomes, draws and fuel however and wherever a deal is run");
    let mut reference: Option<(Vec<Chains>, Most, u128)> = None;
    for mode in &MODES {
        let Some(watches) = check.take(mode.name, play(bench, mode)) else { continue };
        let chains: Vec<Chains> = watches.iter().map(Watch::chains).collect();
        let deals: u128 = watches.iter().map(|watch| watch.tally.deals).sum();
        check.find(mode.name, json!({"deals": deals.to_string(), "outcomes": digest(&chains)}));
        match &reference {
            None => {
                let most = watches.iter().fold(Most::default(), |most, watch| watch.most.max(most));
                reference = Some((chains, most, deals));
            }
            Some((first, ..)) => compare(&mut check, bench, mode, first, &chains),
        }
    }
    (check, reference.map(|(_, most, _)| most))
}

fn play(bench: &Bench<'_>, mode: &Mode) -> Result<Vec<Watch>, Problem> {
    let table = bench.on(mode.backend)?;
    let bet = |spot: &sandbox::Spot| Bet { spot: spot.id, stake_minor: spot.min_minor };
    bench.spots.iter().map(|spot| bench.run(&table, bet(spot), mode.instances, mode.threads)).collect()
}

fn compare(check: &mut Check, bench: &Bench<'_>, mode: &Mode, first: &[Chains], chains: &[Chains]) {
    for ((one, other), spot) in first.iter().zip(chains).zip(&bench.spots) {
        check.expect(one.outcomes == other.outcomes, || {
            format!("{}: outcomes or draws on spot {} differ from those of {}", mode.name, spot.name, MODES[0].name)
        });
        check.expect(mode.instances == Instances::Reused || one.fuel == other.fuel, || {
            format!("{}: fuel on spot {} differs from that of {}", mode.name, spot.name, MODES[0].name)
        });
    }
}

fn digest(chains: &[Chains]) -> String {
    hex::encode(fairness::sha256(&chains.iter().map(|chains| chains.outcomes.as_slice()).collect::<Vec<_>>()))
}
