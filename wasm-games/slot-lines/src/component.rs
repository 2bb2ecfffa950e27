//! Millpond Lanterns as a component: configuration in, rules out.

use game_sdk::{Action, Bet, Draw, Fault, Game, Manifest, Outcome};

use crate::{Variant, manifest, rules};

/// The game.
#[derive(Clone, Copy, Debug)]
pub struct SlotLines;

impl Game for SlotLines {
    fn describe(config: &str) -> Result<Manifest, Fault> {
        Variant::read(config).map(manifest::describe)
    }

    fn play(config: &str, bets: &[Bet], draw: &mut impl Draw) -> Result<Outcome, Fault> {
        rules::play(Variant::read(config)?, bets, draw)
    }

    fn act(config: &str, state: &[u8], action: Action, draw: &mut impl Draw) -> Result<Outcome, Fault> {
        rules::act(Variant::read(config)?, state, action, draw)
    }
}

game_sdk::export_game!(SlotLines, arena = 24 * 1024);
