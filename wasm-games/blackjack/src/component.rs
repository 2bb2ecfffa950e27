//! Quarry Lane Twenty-One as a component: configuration in, rules out.

use game_sdk::{Action, Bet, Draw, Fault, Game, Manifest, Outcome};

use crate::{Table, manifest, play};

/// The game.
#[derive(Clone, Copy, Debug)]
pub struct Blackjack;

impl Game for Blackjack {
    fn describe(config: &str) -> Result<Manifest, Fault> {
        Table::read(config).map(manifest::describe)
    }

    fn play(config: &str, bets: &[Bet], draw: &mut impl Draw) -> Result<Outcome, Fault> {
        play::open(Table::read(config)?, bets, draw)
    }

    fn act(config: &str, state: &[u8], action: Action, draw: &mut impl Draw) -> Result<Outcome, Fault> {
        play::act(Table::read(config)?, state, action, draw)
    }
}

game_sdk::export_game!(Blackjack, arena = 24 * 1024);
