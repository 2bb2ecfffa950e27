//! One whole round, from its bets to its last deal, by a policy. The trusted host loop: the game only ever answers `play` and `act`.
//!
//! Promise: an offered action is taken at its price; an argument that the game refuses as `bad-action` is replaced by the next one,
//! a bounded number of times. What may go wrong: any void, as a typed problem that names the function.

use clap::ValueEnum;
use sandbox::{Action, ActionSpec, Bet, Deal, Fault, Manifest, NoDeal, Offer, RoundTotals, Void};

use super::chance::Chance;
use super::problem::Problem;
use super::seat::Seat;

/// Arguments tried of one offer before the next offer is.
const MOST_TRIES: u64 = 256;

/// How the player decides where a game leaves a choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Policy {
    /// Always the first offer, with the least argument that the game takes.
    First,
    /// Any offer, any argument, with equal chances.
    Random,
}

/// What the rounds of one run have in common.
#[derive(Clone, Copy)]
pub(crate) struct Course<'a> {
    pub(crate) manifest: &'a Manifest,
    pub(crate) bets: &'a [Bet],
    pub(crate) policy: Policy,
}

/// The function that was called for a deal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Call {
    Play,
    Act,
}

/// A round that is over. Minor units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Round {
    /// The bets that opened it.
    pub(crate) base_minor: u64,
    /// The bets and the price of every action.
    pub(crate) stake_minor: u64,
    pub(crate) win_minor: u64,
    pub(crate) deals: u32,
    /// True when the game ever left more than one thing to do.
    pub(crate) had_choice: bool,
}

impl Course<'_> {
    /// Plays one round to its end.
    pub(crate) fn round(
        &self,
        seat: &mut impl Seat,
        chance: &mut Chance<'_>,
        mut seen: impl FnMut(Call, &Deal),
    ) -> Result<Round, Problem> {
        let base_minor = self.bets.iter().try_fold(0_u64, |sum, bet| sum.checked_add(bet.stake_minor));
        let base_minor = base_minor.ok_or(Problem::Overflow)?;
        let mut deal = seat.play(chance.key(), self.bets).map_err(Problem::Play)?;
        seen(Call::Play, &deal);
        let mut totals = RoundTotals { stake_minor: base_minor, win_minor: deal.outcome.win_minor, deals: 1 };
        let mut had_choice = false;
        while !deal.outcome.finished {
            had_choice |= self.is_choice(&deal.outcome.offers);
            deal = self.next(seat, chance, &deal, &mut totals)?;
            seen(Call::Act, &deal);
        }
        let RoundTotals { stake_minor, win_minor, deals } = totals;
        Ok(Round { base_minor, stake_minor, win_minor, deals, had_choice })
    }

    fn is_choice(&self, offers: &[Offer]) -> bool {
        let free = |offer: &Offer| self.spec(offer).is_some_and(|spec| spec.arg_min < spec.arg_max);
        offers.len() > 1 || offers.iter().any(free)
    }

    fn spec(&self, offer: &Offer) -> Option<&ActionSpec> {
        self.manifest.actions.iter().find(|spec| spec.id == offer.action)
    }

    fn next(
        &self,
        seat: &mut impl Seat,
        chance: &mut Chance<'_>,
        before: &Deal,
        totals: &mut RoundTotals,
    ) -> Result<Deal, Problem> {
        let offers = &before.outcome.offers;
        let key = chance.key();
        let start = self.pick(chance, u64::try_from(offers.len()).unwrap_or(0));
        let turned = offers.iter().cycle().skip(usize::try_from(start).unwrap_or(0)).take(offers.len());
        for offer in turned {
            let Some(spec) = self.spec(offer) else { continue };
            let paid = RoundTotals { stake_minor: totals.stake_minor.saturating_add(offer.extra_minor), ..*totals };
            let span = spec.arg_max.abs_diff(spec.arg_min).saturating_add(1);
            let first = self.pick(chance, span);
            for step in 0..span.min(MOST_TRIES) {
                let over = first.wrapping_add(step).checked_rem(span).unwrap_or(0);
                let action = Action { id: offer.action, arg: spec.arg_min.saturating_add_unsigned(over) };
                match seat.act(key.clone(), &before.outcome.state, action, paid) {
                    Ok(deal) => {
                        let win_minor = paid.win_minor.checked_add(deal.outcome.win_minor).ok_or(Problem::Overflow)?;
                        *totals = RoundTotals { win_minor, deals: paid.deals.saturating_add(1), ..paid };
                        return Ok(deal);
                    }
                    Err(NoDeal::Void(Void::Fault(Fault::BadAction))) => {}
                    Err(other) => return Err(Problem::Act(other)),
                }
            }
        }
        Err(Problem::NoWayOn { deals: totals.deals })
    }

    fn pick(&self, chance: &mut Chance<'_>, n: u64) -> u64 {
        match self.policy {
            Policy::First => 0,
            Policy::Random => chance.choice(n),
        }
    }
}
