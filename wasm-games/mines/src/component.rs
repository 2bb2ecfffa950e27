//! Mines as a component: configuration in, rules out.

use game_sdk::{Action, Bet, Draw, Fault, Game, Manifest, Outcome};

use crate::field::Field;
use crate::{manifest, rules};

/// The game.
#[derive(Clone, Copy, Debug)]
pub struct Mines;

impl Game for Mines {
    fn describe(config: &str) -> Result<Manifest, Fault> {
        Field::read(config).map(manifest::describe)
    }

    fn play(config: &str, bets: &[Bet], draw: &mut impl Draw) -> Result<Outcome, Fault> {
        rules::play(Field::read(config)?, bets, draw)
    }

    fn act(config: &str, state: &[u8], action: Action, draw: &mut impl Draw) -> Result<Outcome, Fault> {
        rules::act(Field::read(config)?, state, action, draw)
    }
}

game_sdk::export_game!(Mines, arena = 24 * 1024);
