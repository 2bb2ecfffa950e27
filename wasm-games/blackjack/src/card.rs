//! A card.

use alloc::string::String;

/// Different cards of a deck.
pub(crate) const CARDS: u8 = 52;

/// 13 clubs from the ace to the king, then diamonds, hearts and spades.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Card(u8);

impl Card {
    /// The card with the number `number`, below 52.
    pub(crate) fn new(number: u8) -> Option<Self> {
        (number < CARDS).then_some(Self(number))
    }

    pub(crate) fn number(self) -> u8 {
        self.0
    }

    /// What it counts: an ace 1, tens and faces 10.
    pub(crate) fn value(self) -> u8 {
        (self.0 % 13).saturating_add(1).min(10)
    }

    /// True when the two make a blackjack.
    pub(crate) fn completes(self, other: Self) -> bool {
        let (low, high) = (self.value().min(other.value()), self.value().max(other.value()));
        (low, high) == (1, 10)
    }

    /// Rank and suit in events: `AC`, `TS`.
    pub(crate) fn label(self) -> String {
        let letter = |letters: &[u8], at: u8| letters.get(usize::from(at)).copied().unwrap_or(b'?');
        [letter(b"A23456789TJQK", self.0 % 13), letter(b"CDHS", self.0 / 13)].into_iter().map(char::from).collect()
    }
}
