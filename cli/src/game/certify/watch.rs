//! What is remembered of the deals of one run: a chain over outcomes, one over draws, one over fuel; the most of everything that a
//! game declares; what rounds paid, and what they paid after a paying round and after a losing one.

use std::collections::BTreeMap;

use fairness::sha256;
use sandbox::Deal;

use crate::game::course::{Call, Round};
use crate::game::run::Record;
use crate::game::tally::Tally;

/// Chains of one block, or of a whole run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Chains {
    /// Over outcomes and draws: all that a player sees.
    pub(super) outcomes: [u8; 32],
    pub(super) draws: [u8; 32],
    pub(super) fuel: [u8; 32],
}

/// The most that any deal took, and any round.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Most {
    pub(super) fuel_play: u64,
    pub(super) fuel_act: u64,
    pub(super) draws: u64,
    pub(super) state_bytes: u64,
    pub(super) event_bytes: u64,
    pub(super) deals: u64,
    /// Thousandths of the round's whole stake, rounded up.
    pub(super) win_milli: u64,
}

/// A run's memory.
#[derive(Default)]
pub(super) struct Watch {
    blocks: BTreeMap<u64, Chains>,
    now: u64,
    pub(super) most: Most,
    pub(super) tally: Tally,
    /// Rounds that follow a paying one, and rounds that follow a losing one.
    pub(super) after: [Tally; 2],
    last_paid: Option<bool>,
}

impl Watch {
    /// The whole run's chains: the blocks' in order.
    pub(super) fn chains(&self) -> Chains {
        self.blocks.values().fold(Chains::default(), |sum, block| Chains {
            outcomes: sha256(&[&sum.outcomes, &block.outcomes]),
            draws: sha256(&[&sum.draws, &block.draws]),
            fuel: sha256(&[&sum.fuel, &block.fuel]),
        })
    }
}

impl Most {
    pub(super) fn max(self, other: Self) -> Self {
        Self {
            fuel_play: self.fuel_play.max(other.fuel_play),
            fuel_act: self.fuel_act.max(other.fuel_act),
            draws: self.draws.max(other.draws),
            state_bytes: self.state_bytes.max(other.state_bytes),
            event_bytes: self.event_bytes.max(other.event_bytes),
            deals: self.deals.max(other.deals),
            win_milli: self.win_milli.max(other.win_milli),
        }
    }

    pub(super) fn of(call: Call, deal: &Deal) -> Self {
        let outcome = &deal.outcome;
        let events = outcome.events.iter().map(|event| event.name.len().saturating_add(event.data.len())).sum();
        let (fuel_play, fuel_act) = match call {
            Call::Play => (deal.fuel_used, 0),
            Call::Act => (0, deal.fuel_used),
        };
        let (draws, state_bytes) = (size(deal.draws.len()), size(outcome.state.len()));
        Self { fuel_play, fuel_act, draws, state_bytes, event_bytes: size(events), ..Self::default() }
    }
}

fn size(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

impl Record for Watch {
    fn block(&mut self, number: u64) {
        self.blocks.insert(number, Chains::default());
        self.now = number;
        self.last_paid = None;
    }

    fn deal(&mut self, call: Call, deal: &Deal) {
        if let Some(chains) = self.blocks.get_mut(&self.now) {
            chains.outcomes = sha256(&[&chains.outcomes, &deal.draws_digest, &deal.outcome.to_bytes()]);
            chains.draws = sha256(&[&chains.draws, &deal.draws_digest]);
            chains.fuel = sha256(&[&chains.fuel, &deal.fuel_used.to_be_bytes()]);
        }
        self.most = self.most.max(Most::of(call, deal));
    }

    fn round(&mut self, round: &Round) {
        self.tally.add(round);
        let win_milli = u128::from(round.win_minor).saturating_mul(1000).div_ceil(u128::from(round.stake_minor.max(1)));
        let win_milli = u64::try_from(win_milli).unwrap_or(u64::MAX);
        self.most = self.most.max(Most { deals: round.deals.into(), win_milli, ..Most::default() });
        if let Some(paid) = self.last_paid
            && let Some(tally) = self.after.get_mut(usize::from(paid))
        {
            tally.add(round);
        }
        self.last_paid = Some(round.win_minor > 0);
    }

    fn merge(&mut self, other: Self) {
        self.blocks.extend(other.blocks);
        self.most = self.most.max(other.most);
        self.tally.merge(&other.tally);
        self.after.iter_mut().zip(&other.after).for_each(|(mine, theirs)| mine.merge(theirs));
    }
}
