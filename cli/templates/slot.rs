//! __TITLE__: three reels of ten, one line. Returns exactly 95 %: tests/return.rs counts all thousand stops.
#![cfg_attr(target_arch = "wasm32", no_std)]

extern crate alloc;

use alloc::string::String;
use alloc::vec;

use game_sdk::{Action, Bet, ConfigReader, Draw, Event, Fault, Game, Kind, Manifest, Outcome, Spot, Volatility};

/// Every reel, one letter a stop: lamp, clover, bell, star.
const REEL: [&str; 10] = ["L", "C", "B", "S", "C", "B", "L", "C", "B", "S"];
/// What three of a kind pay, in stakes.
const PAYS: [(&str, u64); 4] = [("L", 50), ("C", 10), ("B", 8), ("S", 8)];
const MAX_MINOR: u64 = 1_000_000;

#[derive(Clone, Copy, Debug)]
pub struct Rules;

/// No parameters: the configuration is `{}`.
fn check(config: &str) -> Result<(), Fault> {
    ConfigReader::open(config)?.close()
}

/// Stakes that a line of symbols pays.
fn pays(line: [&str; 3]) -> u64 {
    let [first, second, third] = line;
    let same = first == second && second == third;
    PAYS.iter().find(|(symbol, _)| same && *symbol == first).map_or(0, |(_, times)| *times)
}

impl Game for Rules {
    fn describe(config: &str) -> Result<Manifest, Fault> {
        check(config)?;
        let most = PAYS.iter().map(|(_, times)| *times).max().unwrap_or(0).saturating_mul(1000);
        let spin = Spot {
            id: 0,
            name: String::from("spin"),
            min_minor: 1,
            max_minor: MAX_MINOR,
            step_minor: 1,
            pays_milli: most,
        };
        Ok(Manifest {
            id: String::from("__NAME__"),
            version: String::from(env!("CARGO_PKG_VERSION")),
            title: String::from("__TITLE__"),
            kind: Kind::Slot,
            volatility: Volatility::Medium,
            return_ppm: 950_000,
            max_win_milli: most,
            max_bets: 1,
            max_deals: 1,
            max_draws: 3,
            max_state: 0,
            max_events: 64,
            fuel_play: 20_000,
            fuel_act: 10_000,
            spots: vec![spin],
            actions: vec![],
        })
    }

    fn play(config: &str, bets: &[Bet], draw: &mut impl Draw) -> Result<Outcome, Fault> {
        check(config)?;
        let [Bet { spot: 0, stake_minor: 1..=MAX_MINOR }] = bets else {
            return Err(Fault::BadBet);
        };
        let stake_minor = bets.iter().map(|bet| bet.stake_minor).fold(0, u64::saturating_add);
        // Nothing is drawn before the bet is found good.
        let mut stop = || usize::try_from(draw.below(0, 10)).ok().and_then(|at| REEL.get(at)).copied().unwrap_or("");
        let line = [stop(), stop(), stop()];
        let win_minor = pays(line).checked_mul(stake_minor).ok_or(Fault::Internal)?;
        let reels = Event::new("reels", |object| {
            object.amount("paid_minor", win_minor).texts("symbols", line);
        });
        Ok(Outcome::finished(win_minor, vec![reels]))
    }

    fn act(config: &str, _state: &[u8], _action: Action, _draw: &mut impl Draw) -> Result<Outcome, Fault> {
        check(config)?;
        Err(Fault::NotSupported)
    }
}

game_sdk::export_game!(Rules, arena = 8 * 1024);
