//! A hand of the player's, and totals.

use alloc::vec::Vec;

use crate::card::Card;
use crate::table::{Doubles, Table};

/// A total; soft when an ace counts eleven in it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Total {
    pub(crate) points: u8,
    pub(crate) soft: bool,
}

impl Total {
    /// The total of `cards`, at most 21 if it can be.
    pub(crate) fn of(cards: &[Card]) -> Self {
        let hard = cards.iter().fold(0_u8, |sum, card| sum.saturating_add(card.value()));
        let soft = hard <= 11 && cards.iter().any(|card| card.value() == 1);
        Self { points: if soft { hard.saturating_add(10) } else { hard }, soft }
    }

    pub(crate) fn is_bust(self) -> bool {
        self.points > 21
    }
}

/// A hand.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Hand {
    pub(crate) cards: Vec<Card>,
    pub(crate) doubled: bool,
}

impl Hand {
    pub(crate) fn new(cards: Vec<Card>) -> Self {
        Self { cards, doubled: false }
    }

    pub(crate) fn total(&self) -> Total {
        Total::of(&self.cards)
    }

    /// The common value of two cards.
    pub(crate) fn pair_value(&self) -> Option<u8> {
        match self.cards.as_slice() {
            [first, second] if first.value() == second.value() => Some(first.value()),
            _ => None,
        }
    }

    /// Two cards that count 21. A blackjack only when the hand isn't split.
    pub(crate) fn is_natural(&self) -> bool {
        self.cards.len() == 2 && self.total().points == 21
    }

    /// True when the rules leave nothing to decide: 21 or more, doubled, or an ace's one card. `split`: one of several.
    pub(crate) fn is_complete(&self, table: Table, split: bool) -> bool {
        let ace = self.cards.first().is_some_and(|card| card.value() == 1);
        let one_card = split && table.aces_one_card && ace && self.cards.len() >= 2;
        self.doubled || one_card || self.total().points >= 21
    }

    /// True when these two cards may be doubled.
    pub(crate) fn may_double(&self, table: Table, split: bool) -> bool {
        let Total { points, soft } = self.total();
        let total_allowed = match table.doubles {
            Doubles::Any => true,
            Doubles::NineToEleven => !soft && (9..=11).contains(&points),
            Doubles::TenToEleven => !soft && (10..=11).contains(&points),
        };
        self.cards.len() == 2 && total_allowed && (!split || table.das)
    }
}
