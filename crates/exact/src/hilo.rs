//! Hilo, by following every way in which cards can fall. Cards come from a whole deck each time, so each of 13 ranks has the
//! same chance; the ace is low. A guess (higher, lower, or the same rank) pays 13 / true ranks, prices multiply, and the edge is
//! taken once: stopping pays (10000 - edge_bp) / 10000 times the product, cut to four decimals. A guess is offered when some
//! rank makes it true, while there are fewer than 16 guesses and the price stays within 1,000,000 stakes.
//!
//! A target is a way of playing and a number of guesses, such as `likelier:3`: `likelier` guesses the direction with more ranks,
//! `unlikelier` the one with fewer, if it has any; between equals both guess higher; `same` guesses the same rank. The player
//! stops after so many guesses, or earlier when the guess isn't offered.

use std::collections::BTreeMap;

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, ToPrimitive, Zero};
use serde_json::Value;

use crate::edge::{cut, each, kept, ratio};
use crate::{ExactError, Figure};

const RANKS: u64 = 13;
const MOST_GUESSES: u64 = 16;
/// Times the stake.
const MOST_PAID: u64 = 1_000_000;

/// For the rank that is showing and the product of true ranks so far, by which the price is divided: how many sequences of
/// ranks lead there.
type Hands = BTreeMap<(u64, u128), u128>;

pub(crate) fn figures(params: &Value, targets: &[String]) -> Result<Vec<Figure>, ExactError> {
    let kept = kept(params, &[], 500)?;
    each(targets, "likelier:3", |target| figure(&kept, target))
}

fn figure(kept: &BigRational, target: &str) -> Option<Figure> {
    let (policy, guesses) = target.split_once(':')?;
    let wanted =
        guesses.parse::<u64>().ok().filter(|wanted| wanted.to_string() == guesses && *wanted <= MOST_GUESSES)?;
    let policy = Policy::of(policy)?;
    let mut stops = Stops { paid: BTreeMap::new() };
    let mut hands: Hands = (1..=RANKS).map(|rank| ((rank, 1), 1)).collect();
    let mut fair = kept.clone();
    for guess in 0..wanted {
        let next = &fair * ratio(RANKS, 1);
        // Divided by this or less, the price would be a ten-thousandth or more over the most that is paid.
        let too_dear = (&next / (ratio(MOST_PAID, 1) + ratio(1, 10_000))).floor().to_integer().to_u128()?;
        let (mut after, mut stopped) = (Hands::new(), Hands::new());
        for ((rank, product), count) in hands {
            let ranks = policy.true_ranks(rank);
            let product_after = product * u128::try_from(ranks.len()).ok()?;
            if product_after <= too_dear {
                stopped.insert((rank, product), count);
                continue;
            }
            for rank in ranks {
                *after.entry((rank, product_after)).or_default() += count;
            }
        }
        stops.add(&stopped, &fair, guess);
        (hands, fair) = (after, next);
    }
    stops.add(&hands, &fair, wanted);
    let lost = BigRational::one() - stops.paid.values().sum::<BigRational>();
    stops.paid.insert(BigRational::zero(), lost);
    Some(Figure::of(target, &stops.paid))
}

/// The chance of each payment.
struct Stops {
    paid: BTreeMap<BigRational, BigRational>,
}

impl Stops {
    /// The player stops with `hands` after `guesses`, where the price is `fair` over the product.
    fn add(&mut self, hands: &Hands, fair: &BigRational, guesses: u64) {
        let mut counts: BTreeMap<u128, u128> = BTreeMap::new();
        for ((_, product), count) in hands {
            *counts.entry(*product).or_default() += count;
        }
        let sequences = (0..=guesses).fold(BigInt::one(), |sequences, _card| sequences * RANKS);
        for (product, count) in counts {
            let paid = cut(&(fair / BigInt::from(product)), 4);
            let chance = BigRational::new(count.into(), sequences.clone());
            *self.paid.entry(paid).or_insert_with(BigRational::zero) += chance;
        }
    }
}

/// What a player always guesses.
#[derive(Clone, Copy)]
enum Policy {
    Likelier,
    Unlikelier,
    Same,
}

impl Policy {
    fn of(name: &str) -> Option<Self> {
        match name {
            "likelier" => Some(Self::Likelier),
            "unlikelier" => Some(Self::Unlikelier),
            "same" => Some(Self::Same),
            _ => None,
        }
    }

    /// The ranks that make the guess after `rank` true; never none.
    fn true_ranks(self, rank: u64) -> Vec<u64> {
        let higher: Vec<u64> = (rank + 1..=RANKS).collect();
        let lower: Vec<u64> = (1..rank).collect();
        let guess_higher = match self {
            Self::Same => return vec![rank],
            Self::Likelier => higher.len() >= lower.len(),
            Self::Unlikelier => lower.is_empty() || (!higher.is_empty() && higher.len() <= lower.len()),
        };
        if guess_higher { higher } else { lower }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of(edge_bp: u64, target: &str) -> Result<Figure, ExactError> {
        let mut figures = figures(&json!({ "edge_bp": edge_bp }), &[target.to_owned()])?;
        Ok(figures.remove(0))
    }

    #[test]
    fn stopping_at_once_pays_what_the_edge_leaves() {
        let figure = of(100, "likelier:0").unwrap();
        assert_eq!((figure.returns, figure.hit_rate, figure.variance), (ratio(99, 100), ratio(1, 1), ratio(0, 1)));
    }

    #[test]
    fn the_same_rank_pays_13_for_one_of_13() {
        let figure = of(100, "same:1").unwrap();
        assert_eq!((figure.returns, figure.hit_rate), (ratio(99, 100), ratio(1, 13)));
        // Six in a row would pay over four million stakes: a player stops at five.
        assert_eq!(of(100, "same:6").unwrap().hit_rate, of(100, "same:5").unwrap().hit_rate);
    }

    #[test]
    fn the_likelier_guess_comes_true_as_often_as_its_ranks_say() {
        // Ranks that make it true, from the ace: 12 11 10 9 8 7 6 7 8 9 10 11 12.
        assert_eq!(of(100, "likelier:1").unwrap().hit_rate, ratio(120, 169));
        // And of the other guess: 12 1 2 3 4 5 6 5 4 3 2 1 12.
        assert_eq!(of(100, "unlikelier:1").unwrap().hit_rate, ratio(60, 169));
    }

    #[test]
    fn rounding_costs_every_way_of_playing_less_than_a_ten_thousandth() {
        for target in ["likelier:1", "likelier:4", "likelier:7", "unlikelier:3", "unlikelier:6", "same:4"] {
            let lost = ratio(99, 100) - of(100, target).unwrap().returns;
            assert!(lost >= ratio(0, 1) && lost < ratio(1, 10_000), "{target}");
        }
    }

    #[test]
    fn what_is_not_offered_has_no_figure() {
        for target in ["", "3", "likelier", "likelier:", "likelier:03", "likelier:17", "luckier:1", "same:-1"] {
            assert!(matches!(of(100, target), Err(ExactError::Target(_))), "{target}");
        }
        assert!(matches!(of(501, "same:1"), Err(ExactError::Params(_))));
    }
}
