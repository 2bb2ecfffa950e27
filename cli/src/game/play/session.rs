//! A player's rounds, one after the other, deals numbered as in a lease.

use fairness::{LeaseKey, Seed, lease_key, round_key, sha256};
use sandbox::{Action, Deal, Manifest, RoundTotals, Table};
use serde_json::{Value, json};

use super::line::Line;
use crate::game::bets;
use crate::game::problem::Problem;
use crate::game::seat::Seat;

/// Why a line is not played.
#[derive(Debug, thiserror::Error)]
pub(super) enum Refusal {
    #[error(transparent)]
    Problem(#[from] Problem),
    #[error("the round is open: take one of {0}")]
    RoundOpen(String),
    #[error("no round is open: `bet SPOT=STAKE` opens one")]
    NoRound,
    #[error("`{name}` is not offered: take one of {offered}")]
    NotOffered { name: String, offered: String },
    #[error("`{0}` is no whole number")]
    Argument(String),
}

struct Open {
    deal: Deal,
    totals: RoundTotals,
}

/// One seat at one table.
pub(super) struct Session {
    table: Table,
    lease: LeaseKey,
    deals: u64,
    open: Option<Open>,
}

impl Session {
    pub(super) fn new(table: Table, seed: &str) -> Self {
        let lease = lease_key(&Seed::from_bytes(sha256(&[seed.as_bytes()])), &sha256(&[b"house game play"]));
        Self { table, lease, deals: 0, open: None }
    }

    pub(super) fn manifest(&self) -> &Manifest {
        self.table.manifest()
    }

    /// What can be done now.
    pub(super) fn prompt(&self) -> String {
        self.open.as_ref().map_or_else(|| "bet".to_owned(), |open| self.offered(&open.deal))
    }

    fn offered(&self, deal: &Deal) -> String {
        let offer = |offer: &sandbox::Offer| match offer.extra_minor {
            0 => self.action_name(offer.action).to_owned(),
            extra => format!("{} (+{extra})", self.action_name(offer.action)),
        };
        deal.outcome.offers.iter().map(offer).collect::<Vec<_>>().join(", ")
    }

    fn action_name(&self, id: u32) -> &str {
        self.manifest().actions.iter().find(|spec| spec.id == id).map_or("", |spec| &spec.name)
    }

    /// Plays a line of bets or an action; gives back the deal as JSON. A refused line changes nothing.
    pub(super) fn take(&mut self, line: &Line<'_>) -> Result<Value, Refusal> {
        let number = self.deals.saturating_add(1);
        let key = round_key(&self.lease, number, &[0; 32], &[0; 32], &[0; 32]);
        let (deal, totals) = match (line, &self.open) {
            (Line::Bets(_), Some(open)) => return Err(Refusal::RoundOpen(self.offered(&open.deal))),
            (Line::Bets(texts), None) => {
                let bets = bets::parse(self.manifest(), texts)?;
                let stake_minor = bets.iter().try_fold(0_u64, |sum, bet| sum.checked_add(bet.stake_minor));
                let stake_minor = stake_minor.ok_or(Problem::Overflow)?;
                let deal = Seat::play(&mut self.table.clone(), key, &bets).map_err(Problem::Play)?;
                (deal, RoundTotals { stake_minor, win_minor: 0, deals: 0 })
            }
            (Line::Action { name, argument }, Some(open)) => {
                let (action, extra_minor) = self.action(&open.deal, name, *argument)?;
                let stake_minor = open.totals.stake_minor.checked_add(extra_minor).ok_or(Problem::Overflow)?;
                let totals = RoundTotals { stake_minor, ..open.totals };
                (
                    Seat::act(&mut self.table.clone(), key, &open.deal.outcome.state, action, totals)
                        .map_err(Problem::Act)?,
                    totals,
                )
            }
            _ => return Err(Refusal::NoRound),
        };
        let win_minor = totals.win_minor.checked_add(deal.outcome.win_minor).ok_or(Problem::Overflow)?;
        let totals = RoundTotals { win_minor, deals: totals.deals.saturating_add(1), ..totals };
        self.deals = number;
        let shown = self.as_json(number, &deal, totals);
        self.open = (!deal.outcome.finished).then_some(Open { deal, totals });
        Ok(shown)
    }

    fn action(&self, before: &Deal, name: &str, argument: Option<&str>) -> Result<(Action, u64), Refusal> {
        let mut specs = self.manifest().actions.iter();
        let spec = specs.find(|spec| spec.name == name || Ok(spec.id) == name.parse());
        let offer = spec.and_then(|spec| before.outcome.offers.iter().find(|offer| offer.action == spec.id));
        let not_offered = || Refusal::NotOffered { name: name.to_owned(), offered: self.offered(before) };
        let (spec, offer) = spec.zip(offer).ok_or_else(not_offered)?;
        let arg = match argument {
            None => spec.arg_min,
            Some(text) => text.parse().map_err(|_| Refusal::Argument(text.to_owned()))?,
        };
        Ok((Action { id: spec.id, arg }, offer.extra_minor))
    }

    fn as_json(&self, number: u64, deal: &Deal, totals: RoundTotals) -> Value {
        let outcome = &deal.outcome;
        let draws: Vec<Value> = deal.draws.iter().map(|draw| json!([draw.stream, draw.bound, draw.value])).collect();
        let data = |text: &str| serde_json::from_str(text).unwrap_or(Value::Null);
        let events: Vec<Value> =
            outcome.events.iter().map(|event| json!({"data": data(&event.data), "name": event.name})).collect();
        let offers: Vec<Value> = outcome
            .offers
            .iter()
            .map(|offer| {
                json!({"action": offer.action, "extra_minor": offer.extra_minor, "name": self.action_name(offer.action)})
            })
            .collect();
        json!({
            "deal": number,
            "draws": draws,
            "events": events,
            "finished": outcome.finished,
            "fuel": deal.fuel_used,
            "offers": offers,
            "outcome": hex::encode(outcome.hash()),
            "round_stake_minor": totals.stake_minor,
            "round_win_minor": totals.win_minor,
            "state": hex::encode(&outcome.state),
            "win_minor": outcome.win_minor,
        })
    }
}
