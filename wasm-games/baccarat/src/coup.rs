//! One coup: four cards, then the third cards that the tableau says.

use game_sdk::{Draw, Fault};

use crate::shoe::{Card, Shoe};

/// A side's cards.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Hand {
    pub(crate) first: Card,
    pub(crate) second: Card,
    pub(crate) third: Option<Card>,
}

impl Hand {
    /// The last digit of the sum.
    pub(crate) fn points(self) -> u8 {
        let third = self.third.map_or(0, Card::points);
        self.first.points().saturating_add(self.second.points()).saturating_add(third) % 10
    }

    /// True when the first two cards are of one rank.
    pub(crate) fn is_pair(self) -> bool {
        self.first.rank() == self.second.rank()
    }

    /// True for eight or nine in two cards.
    fn is_natural(self) -> bool {
        self.points() >= 8
    }
}

/// Who has more points.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Winner {
    Player,
    Banker,
    Tie,
}

impl Winner {
    /// Its name in events.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Player => "player",
            Self::Banker => "banker",
            Self::Tie => "tie",
        }
    }
}

/// A coup that is over.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Coup {
    pub(crate) player: Hand,
    pub(crate) banker: Hand,
}

impl Coup {
    /// Deals a coup from a full shoe of `decks`: Player, Banker, Player, Banker, then the third cards, Player's first.
    pub(crate) fn deal(decks: u8, draw: &mut impl Draw) -> Result<Self, Fault> {
        let mut shoe = Shoe::new(decks);
        let mut next = || shoe.take(draw);
        let (player_first, banker_first, player_second, banker_second) = (next()?, next()?, next()?, next()?);
        let mut player = Hand { first: player_first, second: player_second, third: None };
        let mut banker = Hand { first: banker_first, second: banker_second, third: None };
        if player.is_natural() || banker.is_natural() {
            return Ok(Self { player, banker });
        }
        if player.points() <= 5 {
            player.third = Some(next()?);
        }
        if banker_draws(banker.points(), player.third) {
            banker.third = Some(next()?);
        }
        Ok(Self { player, banker })
    }

    pub(crate) fn winner(self) -> Winner {
        match self.player.points().cmp(&self.banker.points()) {
            core::cmp::Ordering::Greater => Winner::Player,
            core::cmp::Ordering::Less => Winner::Banker,
            core::cmp::Ordering::Equal => Winner::Tie,
        }
    }
}

/// The tableau: whether Banker draws on `points` after `player_third`. When Player stood, Banker plays as Player does.
fn banker_draws(points: u8, player_third: Option<Card>) -> bool {
    let Some(third) = player_third else {
        return points <= 5;
    };
    match points {
        0..=2 => true,
        3 => third.points() != 8,
        4 => (2..=7).contains(&third.points()),
        5 => (4..=7).contains(&third.points()),
        6 => (6..=7).contains(&third.points()),
        _ => false,
    }
}
