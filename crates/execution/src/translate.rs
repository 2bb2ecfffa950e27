//! The fold's words for the sandbox, and back.

use fairness::{Draw, RoundKey};
use money::Amount;
use round::{Call, GameCall, Played, Verdict};
use sandbox::{Action, Bet, NoDeal, Outcome, RoundTotals, Table, Void};
use wire::v1::HexBytes;
use wire::v1::client::{Offered, ShownEvent};

/// One executed deal.
#[derive(Clone, Debug)]
pub struct Executed {
    /// What the fold takes.
    pub verdict: Verdict,
    /// What the player is shown, in order; empty when void.
    pub events: Vec<ShownEvent>,
    /// The draws in call order; empty when void.
    pub draws: Vec<Draw>,
    /// Why the deal is void, for records and metrics.
    pub void_code: Option<&'static str>,
}

impl Executed {
    /// What a deal has that was not executed.
    pub(crate) fn nothing() -> Self {
        broken("")
    }
}

/// Nothing is known of the deal: this machine could not run it. Never a verdict.
#[derive(Debug, thiserror::Error)]
pub enum ExecuteError {
    /// The sandbox's own trouble.
    #[error(transparent)]
    Sandbox(#[from] sandbox::Infra),
    /// The call's own amounts are no money: the fold never plans such a call.
    #[error("an amount of the call is out of range")]
    OutOfRange,
}

/// The game's own bounds of the bets, for a refusal before anything is bound.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BetRefused(String);

/// Checks a call against the game's declared spots and actions, without running it.
///
/// # Errors
/// [`BetRefused`] with the sandbox's sentence.
pub fn check_bets(table: &Table, call: &GameCall) -> Result<(), BetRefused> {
    match &call.call {
        Call::Play { bets } => {
            let bets = sandbox_bets(bets).ok_or_else(|| BetRefused("a stake is negative".into()))?;
            sandbox::check_stakes(table.manifest(), &bets).map(|_| ()).map_err(|error| BetRefused(error.to_string()))
        }
        Call::Act { action, argument, .. } => {
            sandbox::check_action(table.manifest(), Action { id: *action, arg: *argument })
                .map_err(|error| BetRefused(error.to_string()))
        }
    }
}

/// Runs `call` on `table` with the draws of `key`. `stake` is this deal's own, in minor units.
///
/// # Errors
/// [`ExecuteError`] when this machine could not run it.
pub fn execute(table: &Table, call: &GameCall, stake: Amount, key: RoundKey) -> Result<Executed, ExecuteError> {
    let answer = match &call.call {
        Call::Play { bets } => match sandbox_bets(bets) {
            Some(bets) => table.play(key, &bets),
            None => return Err(ExecuteError::OutOfRange),
        },
        Call::Act { state, action, argument } => {
            let totals = totals(call, stake).ok_or(ExecuteError::OutOfRange)?;
            table.act(key, state, Action { id: *action, arg: *argument }, totals)
        }
    };
    match answer {
        Ok(deal) => {
            // A payment or a price that money can't hold is the game's fault on every machine alike.
            let Some(played) = played(&deal.outcome, deal.draws_digest) else {
                return Ok(broken("amount-out-of-range"));
            };
            let events = deal.outcome.events.iter().map(shown).collect();
            Ok(Executed { verdict: Verdict::Played(played), events, draws: deal.draws, void_code: None })
        }
        Err(NoDeal::Infra(infra)) => Err(infra.into()),
        Err(NoDeal::Void(void)) => Ok(voided(&void)),
    }
}

fn voided(void: &Void) -> Executed {
    let verdict = if void.quarantines() { Verdict::Broken } else { Verdict::Fault };
    Executed { verdict, ..broken(void.code()) }
}

fn broken(code: &'static str) -> Executed {
    Executed { verdict: Verdict::Broken, events: Vec::new(), draws: Vec::new(), void_code: Some(code) }
}

fn sandbox_bets(bets: &[(u32, Amount)]) -> Option<Vec<Bet>> {
    bets.iter().map(|(spot, stake)| stake.unsigned().map(|stake_minor| Bet { spot: *spot, stake_minor })).collect()
}

fn totals(call: &GameCall, stake: Amount) -> Option<RoundTotals> {
    let stake_minor = call.stake_before.unsigned()?.checked_add(stake.unsigned()?)?;
    Some(RoundTotals { stake_minor, win_minor: call.win_before.unsigned()?, deals: call.deals_before })
}

fn played(outcome: &Outcome, draws: [u8; 32]) -> Option<Played> {
    Amount::try_from_unsigned(outcome.win_minor).ok()?;
    let offer = |offer: &sandbox::Offer| {
        let extra_minor = Amount::try_from_unsigned(offer.extra_minor).ok()?;
        Some(Offered { action: offer.action, extra_minor })
    };
    Some(Played {
        win_minor: outcome.win_minor,
        finished: outcome.finished,
        offers: outcome.offers.iter().map(offer).collect::<Option<_>>()?,
        state: HexBytes(outcome.state.clone()),
        outcome: outcome.hash(),
        draws,
    })
}

/// The sandbox has checked that an event's data is JSON.
fn shown(event: &sandbox::Event) -> ShownEvent {
    let data = serde_json::from_str(&event.data).unwrap_or_default();
    ShownEvent { name: event.name.clone(), data }
}
