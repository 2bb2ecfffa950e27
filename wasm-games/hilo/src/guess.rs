//! What can be guessed of the next card, and how many ranks make it true.
//!
//! Every card is drawn from a whole deck of 52. Card c is rank c / 4, 0 for the ace, which is the lowest, to 12 for the
//! king; c % 4 is the suit: clubs, diamonds, hearts, spades.

/// Cards of the deck.
pub(crate) const CARDS: u8 = 52;
/// Ranks of the deck, each with four cards.
pub(crate) const RANKS: u8 = 13;

/// The rank of a card, 0 to 12.
pub(crate) fn rank(card: u8) -> u8 {
    card / 4
}

/// A guess about the rank of the next card.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Guess {
    Higher,
    Lower,
    Same,
}

impl Guess {
    /// All, in the order in which they're offered.
    pub(crate) const ALL: [Self; 3] = [Self::Higher, Self::Lower, Self::Same];

    /// The action's id, and the guess's number in a round's state.
    pub(crate) fn id(self) -> u8 {
        match self {
            Self::Higher => 1,
            Self::Lower => 2,
            Self::Same => 3,
        }
    }

    /// The guess with the id `id`.
    pub(crate) fn of(id: u32) -> Option<Self> {
        Self::ALL.into_iter().find(|guess| u32::from(guess.id()) == id)
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Higher => "higher",
            Self::Lower => "lower",
            Self::Same => "same",
        }
    }

    /// How many of the 13 ranks make the guess true after `card`: 0 to 12.
    pub(crate) fn ranks(self, card: u8) -> u8 {
        match self {
            Self::Higher => RANKS.saturating_sub(1).saturating_sub(rank(card)),
            Self::Lower => rank(card),
            Self::Same => 1,
        }
    }

    /// True when `next` after `card` makes the guess true.
    pub(crate) fn is_true(self, card: u8, next: u8) -> bool {
        match self {
            Self::Higher => rank(next) > rank(card),
            Self::Lower => rank(next) < rank(card),
            Self::Same => rank(next) == rank(card),
        }
    }
}
