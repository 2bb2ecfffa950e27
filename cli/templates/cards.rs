//! __TITLE__: a card is shown; is the next one higher or lower? Equal cards win either way. Two deals a round.
#![cfg_attr(target_arch = "wasm32", no_std)]

extern crate alloc;

use alloc::{string::String, vec, vec::Vec};

use game_sdk::{Action, ActionSpec, Bet, ConfigReader, Draw, Event, Fault, Game, Kind, Manifest, Offer, Outcome};
use game_sdk::{Spot, StateReader, StateWriter, Volatility};

const RANKS: u64 = 13;
const HIGHER: u32 = 1;
const LOWER: u32 = 2;
const STEP_MINOR: u64 = 100;
const MAX_MINOR: u64 = 100_000;
/// The format of the state's bytes: rank, stake.
const FORMAT: u8 = 1;

#[derive(Clone, Copy, Debug)]
pub struct Rules;

/// The one parameter: `{"edge_bp":300}` keeps 3 %, and what rounding leaves.
fn edge_bp(config: &str) -> Result<u64, Fault> {
    let mut reader = ConfigReader::open(config)?;
    let edge_bp = reader.integer("edge_bp")?;
    reader.close()?;
    if edge_bp <= 1_000 { Ok(edge_bp) } else { Err(Fault::BadConfig) }
}

/// Hundredths of the stake that a guess pays which `winning` of thirteen ranks fulfil.
fn pays_centi(edge_bp: u64, winning: u64) -> u64 {
    let fair = RANKS.saturating_mul(10_000_u64.saturating_sub(edge_bp)) / 100;
    fair.checked_div(winning).unwrap_or(0)
}

fn good(stake_minor: u64) -> bool {
    (STEP_MINOR..=MAX_MINOR).contains(&stake_minor) && stake_minor.is_multiple_of(STEP_MINOR)
}

impl Game for Rules {
    fn describe(config: &str) -> Result<Manifest, Fault> {
        let edge_bp = edge_bp(config)?;
        let returns = (1..=RANKS).map(|winning| pays_centi(edge_bp, winning).saturating_mul(winning));
        let return_ppm = returns.min().unwrap_or(0).saturating_mul(10_000) / RANKS;
        let (most, id) = (pays_centi(edge_bp, 1).saturating_mul(10), String::from("__NAME__"));
        let (name, limits) = (String::from("guess"), (STEP_MINOR, MAX_MINOR, STEP_MINOR));
        let (min_minor, max_minor, step_minor) = limits;
        let action = |id, name| ActionSpec { id, name: String::from(name), arg_min: 0, arg_max: 0 };
        Ok(Manifest {
            id,
            version: String::from(env!("CARGO_PKG_VERSION")),
            title: String::from("__TITLE__"),
            kind: Kind::Cards,
            volatility: Volatility::Medium,
            return_ppm: u32::try_from(return_ppm).map_err(|_| Fault::Internal)?,
            max_win_milli: most,
            max_bets: 1,
            max_deals: 2,
            max_draws: 1,
            max_state: 10,
            max_events: 64,
            fuel_play: 20_000,
            fuel_act: 20_000,
            spots: vec![Spot { id: 0, name, min_minor, max_minor, step_minor, pays_milli: most }],
            actions: vec![action(HIGHER, "higher"), action(LOWER, "lower")],
        })
    }

    fn play(config: &str, bets: &[Bet], draw: &mut impl Draw) -> Result<Outcome, Fault> {
        edge_bp(config)?;
        let [Bet { spot: 0, stake_minor }] = bets else { return Err(Fault::BadBet) };
        let stake_minor = if good(*stake_minor) { *stake_minor } else { return Err(Fault::BadBet) };
        let rank = draw.below(0, RANKS);
        let state = StateWriter::new(FORMAT).u8(u8::try_from(rank).map_err(|_| Fault::Internal)?).u64(stake_minor).finish();
        let offers = [HIGHER, LOWER].map(|action| Offer { action, extra_minor: 0 }).to_vec();
        let events = vec![Event::new("card", |object| _ = object.integer("rank", rank))];
        Ok(Outcome { win_minor: 0, finished: false, offers, state, events, triggers: Vec::new() })
    }

    fn act(config: &str, state: &[u8], action: Action, draw: &mut impl Draw) -> Result<Outcome, Fault> {
        let (edge_bp, mut reader) = (edge_bp(config)?, StateReader::open(state, FORMAT)?);
        let (shown, stake_minor) = (u64::from(reader.u8()?), reader.u64()?);
        reader.finish()?;
        if shown >= RANKS || !good(stake_minor) { return Err(Fault::BadState) }
        let winning = match action {
            Action { id: HIGHER, arg: 0 } => shown..RANKS,
            Action { id: LOWER, arg: 0 } => 0..shown.saturating_add(1),
            _ => return Err(Fault::BadAction),
        };
        let rank = draw.below(0, RANKS);
        let count = winning.end.saturating_sub(winning.start);
        let won = if winning.contains(&rank) { pays_centi(edge_bp, count) } else { 0 };
        let card = Event::new("card", |object| _ = object.integer("rank", rank));
        Ok(Outcome::finished(won.saturating_mul(stake_minor) / 100, vec![card]))
    }
}

game_sdk::export_game!(Rules, arena = 8 * 1024);
