//! Tin Roof Draw as a component: configuration in, rules out.

use game_sdk::{Action, Bet, Draw, Fault, Game, Manifest, Outcome};

use crate::{Table, manifest, rules};

/// The game.
#[derive(Clone, Copy, Debug)]
pub struct VideoPoker;

impl Game for VideoPoker {
    fn describe(config: &str) -> Result<Manifest, Fault> {
        Table::read(config).map(manifest::describe)
    }

    fn play(config: &str, bets: &[Bet], draw: &mut impl Draw) -> Result<Outcome, Fault> {
        rules::play(Table::read(config)?, bets, draw)
    }

    fn act(config: &str, state: &[u8], action: Action, draw: &mut impl Draw) -> Result<Outcome, Fault> {
        rules::act(Table::read(config)?, state, action, draw)
    }
}

game_sdk::export_game!(VideoPoker, arena = 16 * 1024);
