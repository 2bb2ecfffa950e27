//! One execution: a game call of the fold becomes a call of the sandbox, its answer a verdict of the fold.
//!
//! Settlement has the same mapping. A fault of this machine is never a verdict: it is tried again.

use fairness::RoundKey;
use ids::Digest;
use money::Amount;
use round::{Call, GameCall, Played, Verdict};
use sandbox::{Action, Bet, Infra, NoDeal, RoundTotals, Table, Void};
use wire::v1::client::{Offered, ShownEvent};
use wire::v1::{HexBytes, RefusalCode};

use crate::limits;

/// What one execution gave.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) verdict: Verdict,
    pub(crate) events: Vec<ShownEvent>,
}

/// Why a bound deal could not be executed here and now.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RunError {
    /// The dealer shows the key of every bound deal, but not of this one.
    #[error("the draw key of deal {0} is not known")]
    NoKey(u64),
    /// The component is not loaded.
    #[error("game {0} is not loaded")]
    NoGame(Digest),
    /// A fault of this machine, several times in a row.
    #[error(transparent)]
    Infra(#[from] Infra),
}

/// Whether the game takes these bets, or this action: asked before the deal is bound.
///
/// # Errors
/// The refusal.
pub(crate) fn accepts(table: &Table, call: &GameCall) -> Result<(), RefusalCode> {
    let manifest = table.manifest();
    match &call.call {
        Call::Play { bets } => {
            let bets = sandbox_bets(bets).ok_or(RefusalCode::BadBet)?;
            sandbox::check_stakes(manifest, &bets).map(drop).map_err(|_| RefusalCode::BadBet)
        }
        Call::Act { action, argument, .. } => {
            let action = Action { id: *action, arg: *argument };
            sandbox::check_action(manifest, action).map(drop).map_err(|_| RefusalCode::ActionUnavailable)
        }
    }
}

/// Runs the call with the deal's key. `stake` is this deal's own.
///
/// # Errors
/// [`RunError::Infra`] after [`limits::EXECUTE_TRIES`].
pub(crate) fn run(table: &Table, call: &GameCall, stake: Amount, key: &[u8; 32]) -> Result<Ran, RunError> {
    let timer = telemetry::Timer::start();
    let mut tries = 1;
    loop {
        match once(table, call, stake, RoundKey::from_bytes(*key)) {
            Ok(ran) => {
                timer.record(telemetry::names::EXECUTE_SECONDS);
                return Ok(ran);
            }
            Err(infra) if tries >= limits::EXECUTE_TRIES => return Err(infra.into()),
            Err(_) => tries += 1,
        }
    }
}

fn once(table: &Table, call: &GameCall, stake: Amount, key: RoundKey) -> Result<Ran, Infra> {
    let answer = match &call.call {
        Call::Play { bets } => match sandbox_bets(bets) {
            Some(bets) => table.play(key, &bets),
            None => return Ok(Ran::fault()),
        },
        Call::Act { state, action, argument } => match totals(call, stake) {
            Some(totals) => table.act(key, state, Action { id: *action, arg: *argument }, totals),
            None => return Ok(Ran::fault()),
        },
    };
    match answer {
        Ok(deal) => Ok(Ran::played(&deal)),
        Err(NoDeal::Infra(infra)) => Err(infra),
        Err(NoDeal::Void(Void::Misbehaved(_))) => Ok(Ran { verdict: Verdict::Broken, events: Vec::new() }),
        Err(NoDeal::Void(_)) => Ok(Ran::fault()),
    }
}

fn sandbox_bets(bets: &[(u32, Amount)]) -> Option<Vec<Bet>> {
    bets.iter().map(|(spot, stake)| Some(Bet { spot: *spot, stake_minor: stake.unsigned()? })).collect()
}

/// The round with this deal's stake and without its win.
fn totals(call: &GameCall, stake: Amount) -> Option<RoundTotals> {
    let stake_minor = call.stake_before.checked_add(stake).ok()?.unsigned()?;
    Some(RoundTotals { stake_minor, win_minor: call.win_before.unsigned()?, deals: call.deals_before })
}

impl Ran {
    fn fault() -> Self {
        Self { verdict: Verdict::Fault, events: Vec::new() }
    }

    /// Prices and wins over 2^63 - 1 break a bound that the sandbox holds already; the answer is the same here.
    fn played(deal: &sandbox::Deal) -> Self {
        let outcome = &deal.outcome;
        let price = |offer: &sandbox::Offer| {
            let extra_minor = Amount::try_from_unsigned(offer.extra_minor).ok()?;
            Some(Offered { action: offer.action, extra_minor })
        };
        let Some(offers) = outcome.offers.iter().map(price).collect() else {
            return Self { verdict: Verdict::Broken, events: Vec::new() };
        };
        let verdict = Verdict::Played(Played {
            win_minor: outcome.win_minor,
            finished: outcome.finished,
            offers,
            state: HexBytes(outcome.state.clone()),
            outcome: outcome.hash(),
            draws: deal.draws_digest,
        });
        Self { verdict, events: outcome.events.iter().map(shown).collect() }
    }
}

/// The sandbox lets nothing but canonical JSON through; what can't be read is shown as text.
fn shown(event: &sandbox::Event) -> ShownEvent {
    let data = serde_json::from_str(&event.data).unwrap_or_else(|_| event.data.clone().into());
    ShownEvent { name: event.name.clone(), data }
}
