//! Plinko as a component: configuration in, rules out.

use game_sdk::{Action, Bet, Draw, Fault, Game, Manifest, Outcome};

use crate::board::Board;
use crate::{manifest, rules};

/// The game.
#[derive(Clone, Copy, Debug)]
pub struct Plinko;

impl Game for Plinko {
    fn describe(config: &str) -> Result<Manifest, Fault> {
        Board::read(config).map(manifest::describe)
    }

    fn play(config: &str, bets: &[Bet], draw: &mut impl Draw) -> Result<Outcome, Fault> {
        rules::play(Board::read(config)?, bets, draw)
    }

    fn act(config: &str, _state: &[u8], _action: Action, _draw: &mut impl Draw) -> Result<Outcome, Fault> {
        Board::read(config)?;
        Err(Fault::NotSupported)
    }
}

game_sdk::export_game!(Plinko, arena = 8 * 1024);
