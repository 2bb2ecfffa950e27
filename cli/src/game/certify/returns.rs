//! What each kind of bet returns, by the trusted host loop, against what is declared and what an evaluator knows.
//!
//! A game without choices must agree with the evaluator's figure within [`SIGMAS`] standard errors; without an evaluator no spot may
//! return less than declared and the lowest must agree with it. Where players choose, random play may return anything up to the
//! optimum: only too much is a fault. The largest stake is used, where rounding matters least.

use exact::Figure;
use num_rational::BigRational;
use num_traits::One;
use sandbox::{Bet, Spot};
use serde_json::{Value, json};

use super::bench::{Bench, Instances, kind};
use super::check::Check;
use super::watch::Watch;
use crate::game::estimate::{Estimate, agrees, digits, ratio};
use crate::game::run::all_cores;

/// One false alarm in some 150,000 comparisons.
pub(super) const SIGMAS: u32 = 5;

/// One spot, measured.
pub(super) struct Measured {
    pub(super) spot: Spot,
    pub(super) watch: Watch,
    pub(super) estimate: Estimate,
    pub(super) figure: Option<Figure>,
}

/// The check, and what was measured, for the report.
pub(super) fn check(bench: &Bench<'_>) -> (Check, Vec<Measured>) {
    let mut check =
        Check::new("return", "what is declared is what is returned, by the host's own loop over play and act");
    let figures = figures(bench);
    let mut all = Vec::new();
    for spot in &bench.spots {
        let bet = Bet {
            spot: spot.id,
            stake_minor: spot.max_minor - spot.max_minor.checked_rem(spot.step_minor).unwrap_or(0),
        };
        let run = bench.run(bench.table, bet, Instances::Reused, all_cores());
        let Some(watch) = check.take(&spot.name, run) else { continue };
        let Some(estimate) = Estimate::of(&watch.tally) else { continue };
        let figure = figures.iter().find(|figure| figure.bet == kind(&spot.name)).cloned();
        let figure = figure.or_else(|| figures.iter().find(|figure| figure.bet == "main").cloned());
        all.push(Measured { spot: spot.clone(), watch, estimate, figure });
    }
    judge(&mut check, bench, &all);
    for one in &all {
        check.find(&one.spot.name, describe(one));
    }
    check.find("declared", digits(&declared(bench)).into());
    (check, all)
}

fn figures(bench: &Bench<'_>) -> Vec<Figure> {
    let params: Value = serde_json::from_str(bench.table.config().as_str()).unwrap_or(Value::Null);
    exact::figures(&bench.table.manifest().id, &params, &[]).unwrap_or_default()
}

fn declared(bench: &Bench<'_>) -> BigRational {
    ratio(bench.table.manifest().return_ppm.into(), 1_000_000)
}

fn judge(check: &mut Check, bench: &Bench<'_>, all: &[Measured]) {
    let (declared, ppm) = (declared(bench), ratio(1, 1_000_000));
    let has_choices = all.iter().any(|one| one.watch.tally.choices > 0);
    let mut meets_declared = all.is_empty() || has_choices;
    for one in all {
        let (found, name) = (&one.estimate.returns, &one.spot.name);
        let spread = one
            .figure
            .as_ref()
            .map_or_else(|| one.estimate.error_square(), |figure| &figure.variance / &one.estimate.rounds);
        let agrees_with = |expected: &BigRational| agrees(found, expected, &spread, SIGMAS, &ppm);
        let most = one.figure.as_ref().map_or_else(BigRational::one, |figure| figure.returns.clone());
        check.expect(found <= &most || agrees_with(&most), || {
            format!("{name} returns {}, over {}", digits(found), digits(&most))
        });
        if has_choices {
            continue;
        }
        if let Some(figure) = &one.figure {
            check.expect(agrees_with(&figure.returns), || {
                format!("{name} returns {}, but {} by evaluation", digits(found), digits(&figure.returns))
            });
            meets_declared |= figure.returns >= declared && &figure.returns - &declared < ppm;
        } else {
            meets_declared |= agrees_with(&declared);
        }
        check.expect(found >= &declared || agrees_with(&declared), || {
            format!("{name} returns {}, less than the declared {}", digits(found), digits(&declared))
        });
    }
    check.expect(meets_declared || all.iter().any(|one| one.figure.is_some()), || {
        format!("no spot returns as little as the declared {}", digits(&declared))
    });
}

fn describe(one: &Measured) -> Value {
    let (low, high) = one.estimate.interval();
    json!({
        "ci95": [digits(&low), digits(&high)],
        "exact": one.figure.as_ref().map(|figure| digits(&figure.returns)),
        "hit_rate": digits(&one.estimate.hit_rate),
        "largest_win_minor": one.watch.tally.largest_win_minor,
        "player_chooses": one.watch.tally.choices > 0,
        "return": digits(&one.estimate.returns),
        "rounds": one.watch.tally.rounds.to_string(),
        "sd": one.estimate.deviation(),
    })
}
