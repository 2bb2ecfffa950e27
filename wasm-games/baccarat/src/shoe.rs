//! Cards, and the shoe they come from.
//!
//! A shoe is never put in order: the next card is uniform among those left, which is what the top card of a shuffled
//! shoe is. The draw `below(cards left)` names the card by its place among those left, in order of their numbers.

use game_sdk::{Draw, Fault};

const CARDS: usize = 52;

/// A card: 13 clubs from the ace to the king, then diamonds, hearts and spades.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Card(u8);

impl Card {
    /// 0 is an ace, 12 a king.
    pub(crate) fn rank(self) -> u8 {
        self.0 % 13
    }

    /// What the card counts at baccarat: tens and faces nothing.
    pub(crate) fn points(self) -> u8 {
        match self.rank() {
            rank @ 0..=8 => rank.saturating_add(1),
            _ => 0,
        }
    }

    /// Rank and suit in events, two letters: `AC`, `TS`.
    pub(crate) fn label(self) -> [u8; 2] {
        let letter = |letters: &[u8], at: u8| letters.get(usize::from(at)).copied().unwrap_or(b'?');
        [letter(b"A23456789TJQK", self.rank()), letter(b"CDHS", self.0 / 13)]
    }
}

/// The cards that are left.
#[derive(Clone, Debug)]
pub(crate) struct Shoe {
    left: [u8; CARDS],
    cards: u64,
}

impl Shoe {
    /// All cards of `decks` decks.
    pub(crate) fn new(decks: u8) -> Self {
        Self { left: [decks; CARDS], cards: u64::from(decks).saturating_mul(52) }
    }

    /// The next card.
    ///
    /// # Errors
    /// [`Fault::Internal`] when the draw lies outside the shoe, which no host returns.
    pub(crate) fn take(&mut self, draw: &mut impl Draw) -> Result<Card, Fault> {
        let mut nth = draw.below(0, self.cards);
        for (number, left) in (0..).zip(&mut self.left) {
            let here = u64::from(*left);
            if nth < here {
                *left = left.saturating_sub(1);
                self.cards = self.cards.saturating_sub(1);
                return Ok(Card(number));
            }
            nth = nth.saturating_sub(here);
        }
        Err(Fault::Internal)
    }
}
