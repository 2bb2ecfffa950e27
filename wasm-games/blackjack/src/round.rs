//! A round that is under way.

use alloc::vec::Vec;

use game_sdk::{Draw, Fault};

use crate::Table;
use crate::card::Card;
use crate::hand::Hand;
use crate::shoe::Shoe;

/// Largest stake, minor units; the smallest is the table's step.
pub(crate) const MAX_MINOR: u64 = 10_000_000;

/// What became of the insurance.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Insurance {
    /// Not taken, or never offered.
    Declined,
    /// Taken for half the stake.
    Taken,
    /// The dealer shows an ace, and the player has yet to answer.
    Undecided,
}

/// Everything between two deals.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Round {
    /// Of each hand before doubling, minor units.
    pub(crate) stake_minor: u64,
    /// The dealer's card.
    pub(crate) up: Card,
    pub(crate) insurance: Insurance,
    /// From left to right; a split hand that waits for its turn holds one card.
    pub(crate) hands: Vec<Hand>,
    /// The hand that is being played.
    pub(crate) active: usize,
}

impl Round {
    pub(crate) fn is_split(&self) -> bool {
        self.hands.len() > 1
    }

    pub(crate) fn hand(&self) -> Option<&Hand> {
        self.hands.get(self.active)
    }

    /// True when the first two cards are a blackjack.
    pub(crate) fn has_blackjack(&self) -> bool {
        match self.hands.as_slice() {
            [hand] => hand.is_natural(),
            _ => false,
        }
    }

    /// True when the dealer's hole card could make a blackjack.
    pub(crate) fn dealer_may_have_blackjack(&self) -> bool {
        matches!(self.up.value(), 1 | 10)
    }

    /// True when the dealer has looked at the hole card and has no blackjack.
    pub(crate) fn is_peeked(&self, table: Table) -> bool {
        table.peek && self.dealer_may_have_blackjack() && self.insurance != Insurance::Undecided
    }

    /// What is left of the shoe: all but the cards in sight.
    ///
    /// # Errors
    /// [`Fault::BadState`] when a card is in sight more often than the shoe holds it.
    pub(crate) fn shoe(&self, table: Table) -> Result<Shoe, Fault> {
        let mut shoe = Shoe::new(table.decks);
        shoe.remove(self.up)?;
        for card in self.hands.iter().flat_map(|hand| &hand.cards) {
            shoe.remove(*card)?;
        }
        Ok(shoe)
    }

    /// Draws a card to the active hand.
    pub(crate) fn deal(&mut self, table: Table, draw: &mut impl Draw) -> Result<Card, Fault> {
        let mut shoe = self.shoe(table)?;
        let card = match self.is_peeked(table) {
            true => shoe.take_beside_hole(self.up, draw)?,
            false => shoe.take(draw)?,
        };
        self.hands.get_mut(self.active).ok_or(Fault::Internal)?.cards.push(card);
        Ok(card)
    }
}
