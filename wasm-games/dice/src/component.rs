//! Dice as a component: configuration in, rules out.

use game_sdk::{Action, Bet, Draw, Fault, Game, Manifest, Outcome};

use crate::edge::Edge;
use crate::{manifest, rules};

/// The game.
#[derive(Clone, Copy, Debug)]
pub struct Dice;

impl Game for Dice {
    fn describe(config: &str) -> Result<Manifest, Fault> {
        Edge::read(config).map(manifest::describe)
    }

    fn play(config: &str, bets: &[Bet], draw: &mut impl Draw) -> Result<Outcome, Fault> {
        rules::play(Edge::read(config)?, bets, draw)
    }

    fn act(config: &str, _state: &[u8], _action: Action, _draw: &mut impl Draw) -> Result<Outcome, Fault> {
        Edge::read(config)?;
        Err(Fault::NotSupported)
    }
}

// Room for `describe`: some 780 spots of 48 bytes, twice, and their names.
game_sdk::export_game!(Dice, arena = 96 * 1024);
