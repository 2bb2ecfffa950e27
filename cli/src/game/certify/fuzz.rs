//! Hostile input: bets, actions, states and configurations that no honest host sends.
//!
//! Every answer must be a deal, a refusal or a void; a call that hangs is a fault. Bets and actions come from players, so a trap there
//! (which would put the game in quarantine) is a fault as well, and so is an action that is taken though it wasn't offered. States and
//! configurations come from the host: a trap is contained and counted.

use std::collections::BTreeMap;

use fairness::RoundKey;
use sandbox::{
    Action, Bet, Deal, DescribeError, Game, Manifest, Misbehaviour, NoDeal, RoundTotals, Table, Verdict, Void,
};
use serde_json::{Value, json};

use super::check::Check;
use super::hostile;
use super::watch::Most;
use crate::game::chance::{Chance, block_key};
use crate::game::course::Call;
use crate::game::seat::{self, Seat};

/// Deals of an honest round before its state is attacked.
const MOST_DEALS: u64 = 8;

/// Answers counted by their code.
#[derive(Default)]
struct Answers(BTreeMap<String, u64>);

impl Answers {
    fn count(&mut self, code: &str) {
        *self.0.entry(code.to_owned()).or_default() += 1;
    }

    /// Counts, and gives back the fault if the game is at fault for what a player can send.
    fn player(&mut self, verdict: &Verdict) -> Option<String> {
        self.host(verdict).or_else(|| match verdict {
            Err(NoDeal::Void(void @ Void::Misbehaved(_))) => Some(void.to_string()),
            _ => None,
        })
    }

    /// Counts; only a call without an end is a fault.
    fn host(&mut self, verdict: &Verdict) -> Option<String> {
        match verdict {
            Ok(_) => self.count("deal"),
            Err(NoDeal::Void(void)) => self.count(void.code()),
            Err(NoDeal::Infra(infra)) => return Some(infra.to_string()),
        }
        None
    }

    fn as_json(&self) -> Value {
        json!(self.0.iter().map(|(code, count)| (code.clone(), count.to_string())).collect::<BTreeMap<_, _>>())
    }
}

/// An open round.
struct Open {
    deal: Deal,
    totals: RoundTotals,
}

/// The check: `cases` of each of the four kinds; and the most that a deal took, with many bets at once as with few.
pub(super) fn check(game: &Game, table: &Table, seed: &str, cases: u64) -> (Check, Most) {
    let mut check = Check::new(
        "hostile input",
        "bets, actions, states and configurations of any shape are answered, refused or void",
    );
    let key = block_key(seed, u64::MAX);
    let mut chance = Chance::new(&key);
    check.find("cases of each kind", cases.to_string().into());
    let most = bets(&mut check, table, &mut chance, cases);
    actions_and_states(&mut check, table, &mut chance, cases);
    configurations(&mut check, game, table, &mut chance, cases);
    (check, most)
}

fn bets(check: &mut Check, table: &Table, chance: &mut Chance<'_>, cases: u64) -> Most {
    let (mut answers, mut most) = (Answers::default(), Most::default());
    for _ in 0..cases {
        let bets = hostile::bets(table.manifest(), chance);
        let verdict = Seat::play(&mut table.clone(), chance.key(), &bets);
        if let Some(fault) = answers.player(&verdict) {
            check.faults.push(format!("studio:game/game.play of {bets:?}: {fault}"));
            return most;
        }
        if let Ok(deal) = &verdict {
            most = most.max(Most::of(Call::Play, deal));
        }
    }
    check.find("bets", answers.as_json());
    most
}

fn actions_and_states(check: &mut Check, table: &Table, chance: &mut Chance<'_>, cases: u64) {
    let (mut on_actions, mut on_states) = (Answers::default(), Answers::default());
    for _ in 0..cases {
        let open = open(table, chance);
        let action = hostile::action(table.manifest(), chance);
        let state = open.as_ref().map(|open| open.deal.outcome.state.clone()).unwrap_or_default();
        let totals = open.as_ref().map(|open| open.totals).unwrap_or_default();
        if let Some(Open { deal, .. }) = &open {
            let offer = deal.outcome.offers.iter().find(|offer| offer.action == action.id);
            let stake_minor = totals.stake_minor.saturating_add(offer.map_or(0, |offer| offer.extra_minor));
            let verdict =
                Seat::act(&mut table.clone(), chance.key(), &state, action, RoundTotals { stake_minor, ..totals });
            check.expect(offer.is_some() || verdict.is_err(), || {
                format!("studio:game/game.act took action {} though it was not offered", action.id)
            });
            if let Some(fault) = on_actions.player(&verdict) {
                return check.faults.push(format!("studio:game/game.act of {action:?}: {fault}"));
            }
        }
        let state = hostile::bytes(&state, chance);
        if let Some(fault) = on_states.host(&Seat::act(&mut table.clone(), chance.key(), &state, action, totals)) {
            return check.faults.push(format!("studio:game/game.act on state {}: {fault}", hex::encode(&state)));
        }
    }
    check.find("actions", on_actions.as_json());
    check.find("states", on_states.as_json());
}

/// A round some deals long, or `None` when it was over before.
fn open(table: &Table, chance: &mut Chance<'_>) -> Option<Open> {
    let manifest: &Manifest = table.manifest();
    if manifest.actions.is_empty() {
        return None;
    }
    let bet = hostile::honest_bet(manifest, chance)?;
    let deal = Seat::play(&mut table.clone(), chance.key(), &[bet]).ok()?;
    let totals = RoundTotals { stake_minor: bet.stake_minor, win_minor: deal.outcome.win_minor, deals: 1 };
    let mut open = Open { deal, totals };
    for _ in 0..chance.choice(MOST_DEALS) {
        let next = go_on(table, chance, &open);
        open = next.unwrap_or(open);
        if open.deal.outcome.finished {
            return None;
        }
    }
    (!open.deal.outcome.finished).then_some(open)
}

fn go_on(table: &Table, chance: &mut Chance<'_>, open: &Open) -> Option<Open> {
    let offers = &open.deal.outcome.offers;
    let at = usize::try_from(chance.choice(u64::try_from(offers.len()).ok()?)).ok()?;
    let offer = offers.get(at)?;
    let spec = table.manifest().actions.iter().find(|spec| spec.id == offer.action)?;
    let span = spec.arg_max.abs_diff(spec.arg_min).saturating_add(1);
    let action = Action { id: spec.id, arg: spec.arg_min.saturating_add_unsigned(chance.choice(span)) };
    let stake_minor = open.totals.stake_minor.checked_add(offer.extra_minor)?;
    let totals = RoundTotals { stake_minor, ..open.totals };
    let deal = Seat::act(&mut table.clone(), chance.key(), &open.deal.outcome.state, action, totals).ok()?;
    let win_minor = totals.win_minor.checked_add(deal.outcome.win_minor)?;
    Some(Open { deal, totals: RoundTotals { win_minor, deals: totals.deals.saturating_add(1), ..totals } })
}

fn configurations(check: &mut Check, game: &Game, table: &Table, chance: &mut Chance<'_>, cases: u64) {
    let mut answers = Answers::default();
    for _ in 0..cases {
        let Some(config) = hostile::configuration(table.config().as_str(), chance) else {
            answers.count("no configuration");
            continue;
        };
        let text = config.as_str().to_owned();
        match seat::open(game, &config) {
            Ok(table) => {
                answers.count("accepted");
                if let Some(fault) = play_one(&table, chance.key()) {
                    return check.faults.push(format!("studio:game/game.play under {text}: {fault}"));
                }
            }
            Err(DescribeError::Refused(fault)) => answers.count(Void::Fault(fault).code()),
            Err(DescribeError::Manifest(_)) => answers.count("manifest not acceptable"),
            Err(DescribeError::Misbehaved(misbehaviour)) => answers.count(Misbehaviour::code(&misbehaviour)),
            Err(DescribeError::Infra(infra)) => {
                return check.faults.push(format!("studio:game/game.describe of {text}: {infra}"));
            }
        }
    }
    check.find("configurations", answers.as_json());
}

fn play_one(table: &Table, key: RoundKey) -> Option<String> {
    let spot = table.manifest().spots.first()?;
    let bet = Bet { spot: spot.id, stake_minor: spot.min_minor };
    Answers::default().host(&Seat::play(&mut table.clone(), key, &[bet]))
}
