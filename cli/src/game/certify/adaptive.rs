//! No adaptive behaviour: neither the stake nor what went before may move the odds.
//!
//! The same keys are played at the least, a middle and the largest stake: the draws must be the same to the last one, and returns may
//! differ by rounding alone. Rounds that follow a paying round must return what those return that follow a losing one, on instances
//! that are reused, where a game could remember.

use num_rational::BigRational;
use num_traits::Zero;
use sandbox::{Bet, Spot};
use serde_json::json;

use super::bench::{Bench, Instances};
use super::check::Check;
use super::returns::{Measured, SIGMAS};
use crate::game::estimate::{Estimate, agrees, digits};
use crate::game::run::all_cores;

/// Fewer rounds say nothing about history.
const LEAST_ROUNDS: u128 = 1_000;

/// Both checks; `measured` holds the runs at the largest stake.
pub(super) fn check(bench: &Bench<'_>, measured: &[Measured]) -> [Check; 2] {
    let mut stake = Check::new("stake", "the stake moves neither draws nor return");
    let mut history = Check::new("history", "what went before does not move the return");
    for check in [&mut stake, &mut history] {
        check.expect(!measured.is_empty(), || "nothing was measured: the runs before this check failed".to_owned());
    }
    for one in measured {
        by_stake(&mut stake, bench, one);
        by_history(&mut history, one);
    }
    [stake, history]
}

fn levels(spot: &Spot) -> [u64; 2] {
    let half = (spot.max_minor - spot.min_minor) / 2;
    let middle = spot.min_minor.saturating_add(half - half.checked_rem(spot.step_minor).unwrap_or(0));
    [spot.min_minor, middle]
}

fn by_stake(check: &mut Check, bench: &Bench<'_>, largest: &Measured) {
    let (spot, draws) = (&largest.spot, largest.watch.chains().draws);
    let mut found = vec![json!({"return": digits(&largest.estimate.returns), "stake_minor": spot.max_minor})];
    for stake_minor in levels(spot) {
        let run = bench.run(bench.table, Bet { spot: spot.id, stake_minor }, Instances::Reused, all_cores());
        let Some(watch) = check.take(&spot.name, run) else { continue };
        let Some(estimate) = Estimate::of(&watch.tally) else { continue };
        check.expect(watch.chains().draws == draws, || {
            format!("{}: at a stake of {stake_minor} other draws are made than at {}", spot.name, spot.max_minor)
        });
        // A deal's pay is rounded by less than one minor unit.
        let deals = BigRational::new(watch.tally.deals.into(), watch.tally.rounds.max(1).into());
        let rounding = deals / BigRational::from_integer(stake_minor.into());
        let same = agrees(&estimate.returns, &largest.estimate.returns, &BigRational::zero(), SIGMAS, &rounding);
        check.expect(same, || {
            let (low, high) = (digits(&estimate.returns), digits(&largest.estimate.returns));
            format!("{}: the same keys return {low} at {stake_minor}, {high} at {}", spot.name, spot.max_minor)
        });
        found.push(json!({"return": digits(&estimate.returns), "stake_minor": stake_minor}));
    }
    check.find(&spot.name, found.into());
}

fn by_history(check: &mut Check, one: &Measured) {
    let [lost, paid] =
        one.watch.after.each_ref().map(|tally| Estimate::of(tally).filter(|_| tally.rounds >= LEAST_ROUNDS));
    let Some((lost, paid)) = lost.zip(paid) else {
        return check.find(&one.spot.name, "too few rounds of one kind".into());
    };
    let spread = lost.error_square() + paid.error_square();
    let same = agrees(&lost.returns, &paid.returns, &spread, SIGMAS, &BigRational::zero());
    let (after_loss, after_win) = (digits(&lost.returns), digits(&paid.returns));
    check.expect(same, || format!("{}: {after_loss} is returned after a loss, {after_win} after a win", one.spot.name));
    check.find(&one.spot.name, json!({"after_loss": after_loss, "after_win": after_win}));
}
