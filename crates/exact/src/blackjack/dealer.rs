//! How the dealer's hand ends.

use std::collections::BTreeMap;

use num_rational::BigRational;
use num_traits::{One, Zero};

use super::{Rules, chance, with_card};

/// 17, 18, 19, 20, 21, bust, blackjack.
pub(super) const ENDS: usize = 7;
/// The place of a bust among the ends.
pub(super) const BUST: usize = 5;
/// The place of a blackjack.
pub(super) const BLACKJACK: usize = 6;

/// The dealer with one card up.
pub(super) struct Dealer {
    /// Chances of the ends as the player faces them: without a blackjack when the dealer has peeked.
    pub(super) ends: [BigRational; ENDS],
    /// Chance of a blackjack.
    pub(super) blackjack: BigRational,
}

impl Dealer {
    pub(super) fn new(rules: &Rules, up: u8) -> Self {
        let completing = match up {
            1 => Some(10),
            10 => Some(1),
            _ => None,
        };
        let blackjack = completing.map_or_else(BigRational::zero, chance);
        let start = with_card((0, false), up);
        let mut ends: [BigRational; ENDS] = std::array::from_fn(|_| BigRational::zero());
        let mut known = BTreeMap::new();
        for hole in (1..=10).filter(|hole| Some(*hole) != completing) {
            let rest = draw_out(rules, with_card(start, hole), &mut known);
            ends.iter_mut().zip(rest).for_each(|(end, more)| *end += more * chance(hole));
        }
        if rules.peek {
            let rest = BigRational::one() - &blackjack;
            ends.iter_mut().for_each(|end| *end = &*end / &rest);
        } else if let Some(end) = ends.get_mut(BLACKJACK) {
            end.clone_from(&blackjack);
        }
        Self { ends, blackjack }
    }
}

type Known = BTreeMap<(u8, bool), [BigRational; ENDS]>;

fn draw_out(rules: &Rules, hand: (u8, bool), known: &mut Known) -> [BigRational; ENDS] {
    if let Some(ends) = known.get(&hand) {
        return ends.clone();
    }
    let (total, soft) = hand;
    let mut ends: [BigRational; ENDS] = std::array::from_fn(|_| BigRational::zero());
    let hits = total < 17 || (total == 17 && soft && rules.hits_soft_17);
    if hits {
        for card in 1..=10 {
            let rest = draw_out(rules, with_card(hand, card), known);
            ends.iter_mut().zip(rest).for_each(|(end, more)| *end += more * chance(card));
        }
    } else {
        let place = if total > 21 { BUST } else { usize::from(total.saturating_sub(17)) };
        if let Some(end) = ends.get_mut(place) {
            *end = BigRational::one();
        }
    }
    known.insert(hand, ends.clone());
    ends
}
