//! The player's decisions, each the best of those allowed.

use std::cell::RefCell;
use std::collections::BTreeMap;

use num_rational::BigRational;
use num_traits::{One, Zero};

use super::dealer::{BLACKJACK, BUST, Dealer};
use super::worth::{Worth, Worths};
use super::{Doubles, Rules, chance, ratio, with_card};

/// A player against one dealer's card.
pub(super) struct Player<'a> {
    rules: &'a Rules,
    dealer: &'a Dealer,
    /// Best of standing and hitting, by total.
    known: RefCell<BTreeMap<(u8, bool), Worths>>,
    /// Best play of one hand of a split, by its two cards.
    split_hands: RefCell<BTreeMap<(u8, u8), Worths>>,
}

impl<'a> Player<'a> {
    pub(super) fn new(rules: &'a Rules, dealer: &'a Dealer) -> Self {
        Self { rules, dealer, known: RefCell::default(), split_hands: RefCell::default() }
    }

    /// The first two cards, no blackjack.
    pub(super) fn two_cards(&self, first: u8, second: u8) -> Worths {
        let mut best = self.unsplit(first, second, true);
        if first == second {
            best = best.better(self.split(first), self.dealer);
        }
        if self.rules.surrender {
            best = best.better(Worths::certain(&ratio(-1, 2), false), self.dealer);
        }
        best
    }

    /// Two cards without splitting or surrendering.
    fn unsplit(&self, first: u8, second: u8, may_double: bool) -> Worths {
        let hand = with_card(with_card((0, false), first), second);
        let best = self.stand_or_hit(hand);
        let (total, soft) = hand;
        let allowed = match self.rules.doubles {
            Doubles::Any => true,
            Doubles::Hard(low) => !soft && (low..=11).contains(&total),
        };
        if may_double && allowed {
            best.better(self.after_card(hand, Self::stand).doubled(), self.dealer)
        } else {
            best
        }
    }

    fn stand_or_hit(&self, hand: (u8, bool)) -> Worths {
        if let Some(worths) = self.known.borrow().get(&hand) {
            return worths.clone();
        }
        let stood = self.stand(hand);
        let best = match hand.0 {
            21.. => stood,
            _ => stood.better(self.after_card(hand, Self::stand_or_hit), self.dealer),
        };
        self.known.borrow_mut().insert(hand, best.clone());
        best
    }

    /// One more card, then `next`.
    fn after_card(&self, hand: (u8, bool), next: impl Fn(&Self, (u8, bool)) -> Worths) -> Worths {
        (1..=10).fold(Worths::nothing(), |sum, card| sum.plus(&next(self, with_card(hand, card)).scaled(&chance(card))))
    }

    /// The final comparison; a bust loses whatever the dealer has.
    fn stand(&self, (total, _): (u8, bool)) -> Worths {
        let (one, none) = (BigRational::one(), BigRational::zero());
        let lost = Worth::certain(&-BigRational::one(), true);
        Worths(std::array::from_fn(|end| match end {
            _ if total > 21 => lost.clone(),
            BUST => Worth::certain(&one, false),
            BLACKJACK => lost.clone(),
            end => match usize::from(total).cmp(&(17 + end)) {
                std::cmp::Ordering::Greater => Worth::certain(&one, false),
                std::cmp::Ordering::Equal => Worth::certain(&none, false),
                std::cmp::Ordering::Less => lost.clone(),
            },
        }))
    }

    /// A pair, split: two hands, and more when their second cards pair again.
    fn split(&self, value: u8) -> Worths {
        let once = value == 1 && self.rules.aces_one_card;
        self.hands(value, 2, if once { 0 } else { self.rules.hands - 2 })
    }

    /// `open` hands that hold one card of `value` each, when `more` further splits are allowed.
    fn hands(&self, value: u8, open: usize, more: usize) -> Worths {
        if open == 0 {
            return Worths::certain(&BigRational::zero(), true);
        }
        let rest = self.hands(value, open - 1, more);
        (1..=10).fold(Worths::nothing(), |sum, card| {
            let mut best = self.split_hand(value, card).and(&rest);
            if card == value && more > 0 {
                best = best.better(self.hands(value, open + 1, more - 1), self.dealer);
            }
            sum.plus(&best.scaled(&chance(card)))
        })
    }

    fn split_hand(&self, value: u8, card: u8) -> Worths {
        if value == 1 && self.rules.aces_one_card {
            return self.stand(with_card((11, true), card));
        }
        let known = self.split_hands.borrow().get(&(value, card)).cloned();
        known.unwrap_or_else(|| {
            let worths = self.unsplit(value, card, self.rules.das);
            self.split_hands.borrow_mut().insert((value, card), worths.clone());
            worths
        })
    }
}
