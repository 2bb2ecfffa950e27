//! What is left to draw, and how the dealer's hole card is kept out of everybody's sight: it isn't drawn until it is
//! turned over.
//!
//! Until the dealer has peeked, a hole card that nobody knows is one of the cards left like any other, and the next card
//! is uniform among them. When the dealer has peeked and has no blackjack, the hole card is one of the n-t cards left
//! that complete none, of n left with t that do. The next card is then a given completing card with weight n-t and
//! another with weight n-t-1, for it may lie in the hole: together (n-t)(n-1). The hole card, when it's turned over at
//! last, is uniform among those left that complete none. That's exactly a hole card dealt first.

use game_sdk::{Draw, Fault};

use crate::card::{CARDS, Card};

/// The cards left. From an infinite deck none ever goes.
#[derive(Clone, Debug)]
pub(crate) struct Shoe {
    left: [u8; 52],
    infinite: bool,
}

impl Shoe {
    /// A full shoe; 0 decks are infinitely many.
    pub(crate) fn new(decks: u8) -> Self {
        Self { left: [decks.max(1); 52], infinite: decks == 0 }
    }

    /// Takes a known card out.
    ///
    /// # Errors
    /// [`Fault::BadState`] when there is none left.
    pub(crate) fn remove(&mut self, card: Card) -> Result<(), Fault> {
        let left = self.left.get_mut(usize::from(card.number())).ok_or(Fault::BadState)?;
        if !self.infinite {
            *left = left.checked_sub(1).ok_or(Fault::BadState)?;
        }
        Ok(())
    }

    /// The next card when nothing is known of the hole: `below(n)`.
    pub(crate) fn take(&mut self, draw: &mut impl Draw) -> Result<Card, Fault> {
        self.weighted(draw, |_card| 1)
    }

    /// The next card when the hole card completes no blackjack with `up`: `below((n-t)(n-1))`, or as above from an
    /// infinite deck.
    pub(crate) fn take_beside_hole(&mut self, up: Card, draw: &mut impl Draw) -> Result<Card, Fault> {
        if self.infinite {
            return self.take(draw);
        }
        let other = self.count(|card| !card.completes(up));
        self.weighted(draw, |card| if card.completes(up) { other } else { other.saturating_sub(1) })
    }

    /// The peek: `below(n)`, and a blackjack when the value is below t; it's then the place of the hole card among those
    /// that complete it.
    pub(crate) fn peek(&mut self, up: Card, draw: &mut impl Draw) -> Result<Option<Card>, Fault> {
        let value = draw.below(0, self.count(|_card| true));
        if value >= self.count(|card| card.completes(up)) {
            return Ok(None);
        }
        self.at(value, |card| u64::from(card.completes(up))).map(Some)
    }

    /// The hole card after a peek that found nothing: `below(n-t)`.
    pub(crate) fn hole(&mut self, up: Card, draw: &mut impl Draw) -> Result<Card, Fault> {
        self.weighted(draw, |card| u64::from(!card.completes(up)))
    }

    fn weighted(&mut self, draw: &mut impl Draw, weight: impl Fn(Card) -> u64) -> Result<Card, Fault> {
        let bound = self.sum(&weight);
        let value = draw.below(0, bound);
        self.at(value, weight)
    }

    /// The first card whose cumulative weight exceeds `value`, in order of numbers; it's taken out.
    fn at(&mut self, value: u64, weight: impl Fn(Card) -> u64) -> Result<Card, Fault> {
        let mut before = 0_u64;
        let found = cards(&self.left).find(|(card, left)| {
            before = before.saturating_add(u64::from(*left).saturating_mul(weight(*card)));
            before > value
        });
        let (card, _) = found.ok_or(Fault::Internal)?;
        self.remove(card).map_err(|_none| Fault::Internal)?;
        Ok(card)
    }

    fn count(&self, which: impl Fn(Card) -> bool) -> u64 {
        self.sum(&|card| u64::from(which(card)))
    }

    fn sum(&self, weight: &impl Fn(Card) -> u64) -> u64 {
        cards(&self.left).fold(0, |sum, (card, left)| sum.saturating_add(u64::from(left).saturating_mul(weight(card))))
    }
}

/// Every card with how many of it are left.
fn cards(left: &[u8; 52]) -> impl Iterator<Item = (Card, u8)> {
    (0..CARDS).filter_map(Card::new).zip(left.iter().copied())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use game_sdk::Recorded;

    use super::*;

    fn card(number: u8) -> Card {
        Card::new(number).unwrap()
    }

    /// How often, of all equally likely draws, each sequence of the next two cards and the hole card comes.
    fn sequences(up: Card) -> BTreeMap<[u8; 3], u64> {
        let mut shoe = Shoe::new(1);
        shoe.remove(up).unwrap();
        let mut counts = BTreeMap::new();
        let bound = |shoe: &Shoe, up: Card| {
            let other = shoe.count(|card| !card.completes(up));
            (other, shoe.count(|_card| true))
        };
        let (n0, all0) = bound(&shoe, up);
        // A card's weight is the number of draws that give it: walk over cards, not draws.
        for first in 0..52 {
            let weight = |shoe: &Shoe, number: u8| {
                let left = u64::from(shoe.left[usize::from(number)]);
                let (other, _) = bound(shoe, up);
                left * if card(number).completes(up) { other } else { other - 1 }
            };
            let one = weight(&shoe, first);
            let mut after = shoe.clone();
            if one == 0 || after.remove(card(first)).is_err() {
                continue;
            }
            let (n1, all1) = bound(&after, up);
            for second in 0..52 {
                let two = weight(&after, second);
                let mut last = after.clone();
                if two == 0 || last.remove(card(second)).is_err() {
                    continue;
                }
                let (n2, _) = bound(&last, up);
                for hole in (0..52).filter(|hole| !card(*hole).completes(up) && last.left[usize::from(*hole)] > 0) {
                    // Over the common denominator of all three draws.
                    let denominator = n0 * (all0 - 1) * n1 * (all1 - 1);
                    counts.insert([first, second, hole], denominator * n2 / (one * two));
                    assert_eq!(denominator * n2 % (one * two), 0);
                }
            }
        }
        counts
    }

    #[test]
    fn cards_beside_an_unseen_hole_card_are_as_likely_as_beside_one_that_lies_there() {
        for up in [0, 12] {
            let counts = sequences(card(up));
            // Hole first: 51 cards less those that complete, then any two of the others, all equally likely.
            let holes = if up == 0 { 35 } else { 47 };
            let expected = holes * 50 * 49;
            assert_eq!(u64::try_from(counts.len()).unwrap(), expected);
            assert!(counts.values().all(|one_in| *one_in == expected));
        }
    }

    #[test]
    fn a_draw_gives_the_card_whose_weights_it_falls_into() {
        let up = card(9);
        for (value, number) in [(0, 0), (46, 0), (47, 1), (92, 1), (93, 2)] {
            let mut shoe = Shoe::new(1);
            shoe.remove(up).unwrap();
            let values = [value];
            let mut draws = Recorded::new(&values);
            assert_eq!(shoe.take_beside_hole(up, &mut draws), Ok(card(number)));
            assert_eq!(draws.bounds(), [(0, 47 * 50)]);
        }
    }

    #[test]
    fn a_peek_finds_a_blackjack_as_often_as_a_card_completes_it() {
        for (up, completing) in [(0, 16), (12, 4), (4, 0)] {
            let mut shoe = Shoe::new(1);
            shoe.remove(card(up)).unwrap();
            let found =
                (0..51).filter(|value| shoe.clone().peek(card(up), &mut Recorded::new(&[*value])).unwrap().is_some());
            assert_eq!(found.count(), completing);
        }
    }

    #[test]
    fn a_shoe_runs_out_of_a_card_and_an_infinite_deck_never() {
        let mut shoe = Shoe::new(2);
        assert_eq!([0; 3].map(|_| shoe.remove(card(7))), [Ok(()), Ok(()), Err(Fault::BadState)]);
        let mut infinite = Shoe::new(0);
        assert!((0..100).all(|_| infinite.remove(card(7)).is_ok()));
    }
}
