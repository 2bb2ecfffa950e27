//! Hilo as a component: configuration in, rules out.

use game_sdk::{Action, Bet, Draw, Fault, Game, Manifest, Outcome};

use crate::edge::Edge;
use crate::{manifest, rules};

/// The game.
#[derive(Clone, Copy, Debug)]
pub struct Hilo;

impl Game for Hilo {
    fn describe(config: &str) -> Result<Manifest, Fault> {
        Edge::read(config).map(manifest::describe)
    }

    fn play(config: &str, bets: &[Bet], draw: &mut impl Draw) -> Result<Outcome, Fault> {
        rules::play(Edge::read(config)?, bets, draw)
    }

    fn act(config: &str, state: &[u8], action: Action, draw: &mut impl Draw) -> Result<Outcome, Fault> {
        rules::act(Edge::read(config)?, state, action, draw)
    }
}

game_sdk::export_game!(Hilo, arena = 8 * 1024);
