//! Baccarat as a component: configuration in, rules out.

use game_sdk::{Action, Bet, Draw, Fault, Game, Manifest, Outcome};

use crate::{Table, manifest, rules};

/// The game.
#[derive(Clone, Copy, Debug)]
pub struct Baccarat;

impl Game for Baccarat {
    fn describe(config: &str) -> Result<Manifest, Fault> {
        Table::read(config).map(manifest::describe)
    }

    fn play(config: &str, bets: &[Bet], draw: &mut impl Draw) -> Result<Outcome, Fault> {
        rules::play(Table::read(config)?, bets, draw)
    }

    fn act(config: &str, _state: &[u8], _action: Action, _draw: &mut impl Draw) -> Result<Outcome, Fault> {
        Table::read(config)?;
        Err(Fault::NotSupported)
    }
}

game_sdk::export_game!(Baccarat, arena = 16 * 1024);
