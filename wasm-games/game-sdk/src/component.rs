//! The glue between [`crate::Game`] and the component model: one conversion in each direction, nothing else.
//!
//! Compiled for guests only. Costs one copy of the lists that the generated bindings lower.

use alloc::string::String;
use alloc::vec::Vec;
use core::marker::PhantomData;

use crate as sdk;
use crate::{Draw, Game};

#[doc(hidden)]
pub mod bindings {
    wit_bindgen::generate!({
        path: "../wit",
        world: "studio-game",
        pub_export_macro: true,
        default_bindings_module: "game_sdk::component::bindings",
    });
}

use bindings::exports::studio::game::game as wit;

/// The host's draws.
struct HostDraws;

impl Draw for HostDraws {
    fn below(&mut self, stream: u64, bound: u64) -> u64 {
        bindings::studio::game::entropy::draw(stream, bound)
    }
}

/// The exported face of the game `G`.
pub struct Exported<G>(PhantomData<G>);

impl<G: Game> wit::Guest for Exported<G> {
    fn describe(config: String) -> Result<wit::Manifest, wit::Fault> {
        G::describe(&config).map(manifest).map_err(fault)
    }

    fn play(config: String, bets: Vec<wit::Bet>) -> Result<wit::Outcome, wit::Fault> {
        let bets: Vec<sdk::Bet> =
            bets.into_iter().map(|bet| sdk::Bet { spot: bet.spot, stake_minor: bet.stake_minor }).collect();
        G::play(&config, &bets, &mut HostDraws).map(outcome).map_err(fault)
    }

    fn act(config: String, state: Vec<u8>, action: wit::Action) -> Result<wit::Outcome, wit::Fault> {
        let action = sdk::Action { id: action.id, arg: action.arg };
        G::act(&config, &state, action, &mut HostDraws).map(outcome).map_err(fault)
    }
}

fn fault(fault: sdk::Fault) -> wit::Fault {
    match fault {
        sdk::Fault::BadConfig => wit::Fault::BadConfig,
        sdk::Fault::BadBet => wit::Fault::BadBet,
        sdk::Fault::BadAction => wit::Fault::BadAction,
        sdk::Fault::BadState => wit::Fault::BadState,
        sdk::Fault::NotSupported => wit::Fault::NotSupported,
        sdk::Fault::Internal => wit::Fault::Internal,
    }
}

fn outcome(outcome: sdk::Outcome) -> wit::Outcome {
    let offer = |offer: sdk::Offer| wit::Offer { action: offer.action, extra_minor: offer.extra_minor };
    let event = |event: sdk::Event| wit::Event { name: event.name, data: event.data };
    let trigger = |trigger: sdk::Trigger| wit::Trigger { pool: trigger.pool, tier: trigger.tier };
    wit::Outcome {
        win_minor: outcome.win_minor,
        finished: outcome.finished,
        offers: outcome.offers.into_iter().map(offer).collect(),
        state: outcome.state,
        events: outcome.events.into_iter().map(event).collect(),
        triggers: outcome.triggers.into_iter().map(trigger).collect(),
    }
}

fn manifest(manifest: sdk::Manifest) -> wit::Manifest {
    wit::Manifest {
        id: manifest.id,
        version: manifest.version,
        title: manifest.title,
        kind: kind(manifest.kind),
        volatility: volatility(manifest.volatility),
        return_ppm: manifest.return_ppm,
        max_win_milli: manifest.max_win_milli,
        max_bets: manifest.max_bets,
        max_deals: manifest.max_deals,
        max_draws: manifest.max_draws,
        max_state: manifest.max_state,
        max_events: manifest.max_events,
        fuel_play: manifest.fuel_play,
        fuel_act: manifest.fuel_act,
        spots: manifest.spots.into_iter().map(spot).collect(),
        actions: manifest.actions.into_iter().map(action_spec).collect(),
    }
}

fn kind(kind: sdk::Kind) -> wit::Kind {
    match kind {
        sdk::Kind::Slot => wit::Kind::Slot,
        sdk::Kind::Roulette => wit::Kind::Roulette,
        sdk::Kind::Cards => wit::Kind::Cards,
        sdk::Kind::Dice => wit::Kind::Dice,
        sdk::Kind::Crash => wit::Kind::Crash,
        sdk::Kind::Other => wit::Kind::Other,
    }
}

fn volatility(volatility: sdk::Volatility) -> wit::Volatility {
    match volatility {
        sdk::Volatility::Low => wit::Volatility::Low,
        sdk::Volatility::Medium => wit::Volatility::Medium,
        sdk::Volatility::High => wit::Volatility::High,
    }
}

fn spot(spot: sdk::Spot) -> wit::Spot {
    wit::Spot {
        id: spot.id,
        name: spot.name,
        min_minor: spot.min_minor,
        max_minor: spot.max_minor,
        step_minor: spot.step_minor,
        pays_milli: spot.pays_milli,
    }
}

fn action_spec(action: sdk::ActionSpec) -> wit::ActionSpec {
    wit::ActionSpec { id: action.id, name: action.name, arg_min: action.arg_min, arg_max: action.arg_max }
}
