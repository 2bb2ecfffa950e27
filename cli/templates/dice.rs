//! __TITLE__: a hundred-sided die; the low or the high half wins.
#![cfg_attr(target_arch = "wasm32", no_std)]

extern crate alloc;

use alloc::string::String;
use alloc::vec;

use game_sdk::{Action, Bet, ConfigReader, Draw, Event, Fault, Game, Kind, Manifest, Outcome, Spot, Volatility};

/// Each spot wins on half of them.
const SIDES: u64 = 100;
/// Stakes are multiples of this, so that nothing is ever rounded.
const STEP_MINOR: u64 = 100;
const MAX_MINOR: u64 = 1_000_000;

#[derive(Clone, Copy, Debug)]
pub struct Rules;

/// The one parameter: `{"edge_bp":200}` keeps 2 %.
fn edge_bp(config: &str) -> Result<u64, Fault> {
    let mut reader = ConfigReader::open(config)?;
    let edge_bp = reader.integer("edge_bp")?;
    reader.close()?;
    if edge_bp <= 1_000 && edge_bp.is_multiple_of(50) { Ok(edge_bp) } else { Err(Fault::BadConfig) }
}

/// Thousandths of the stake.
fn pays_milli(edge_bp: u64) -> u64 {
    10_000_u64.saturating_sub(edge_bp) / 5
}

impl Game for Rules {
    fn describe(config: &str) -> Result<Manifest, Fault> {
        let edge_bp = edge_bp(config)?;
        let pays_milli = pays_milli(edge_bp);
        let spot = |id, name| Spot {
            id,
            name: String::from(name),
            min_minor: STEP_MINOR,
            max_minor: MAX_MINOR,
            step_minor: STEP_MINOR,
            pays_milli,
        };
        Ok(Manifest {
            id: String::from("__NAME__"),
            version: String::from(env!("CARGO_PKG_VERSION")),
            title: String::from("__TITLE__"),
            kind: Kind::Dice,
            volatility: Volatility::Low,
            return_ppm: u32::try_from(pays_milli.saturating_mul(500)).map_err(|_| Fault::Internal)?,
            max_win_milli: pays_milli,
            max_bets: 2,
            max_deals: 1,
            max_draws: 1,
            max_state: 0,
            max_events: 64,
            fuel_play: 20_000,
            fuel_act: 10_000,
            spots: vec![spot(0, "low"), spot(1, "high")],
            actions: vec![],
        })
    }

    fn play(config: &str, bets: &[Bet], draw: &mut impl Draw) -> Result<Outcome, Fault> {
        let pays_milli = pays_milli(edge_bp(config)?);
        let good = |bet: &Bet| bet.spot < 2 && (STEP_MINOR..=MAX_MINOR).contains(&bet.stake_minor);
        if bets.is_empty() || !bets.iter().all(|bet| good(bet) && bet.stake_minor.is_multiple_of(STEP_MINOR)) {
            return Err(Fault::BadBet);
        }
        // Nothing is drawn before the bets are found good.
        let rolled = draw.below(0, SIDES);
        let winner = u32::from(rolled >= SIDES / 2);
        let stakes = bets.iter().filter(|bet| bet.spot == winner).map(|bet| bet.stake_minor);
        let staked_minor = stakes.fold(0_u64, u64::saturating_add);
        let win_minor = staked_minor.saturating_mul(pays_milli) / 1000;
        let roll = Event::new("roll", |object| {
            object.amount("paid_minor", win_minor).integer("rolled", rolled.saturating_add(1));
        });
        Ok(Outcome::finished(win_minor, vec![roll]))
    }

    fn act(config: &str, _state: &[u8], _action: Action, _draw: &mut impl Draw) -> Result<Outcome, Fault> {
        edge_bp(config)?;
        Err(Fault::NotSupported)
    }
}

game_sdk::export_game!(Rules, arena = 8 * 1024);
