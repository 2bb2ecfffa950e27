//! Draws, and what is built from them exactly as fair1 section 5 says.
//!
//! A draw is unbiased by the host's word; shuffle, weighted and crash points add no bias, which the tests prove by
//! enumerating every sequence of draws.

/// A source of unbiased integers: the host's in a sandbox, [`crate::Recorded`] in a test.
pub trait Draw {
    /// An integer in `0..bound` of stream `stream`. A bound of 0 is a bug of the caller's, which the host traps on.
    fn below(&mut self, stream: u64, bound: u64) -> u64;
}

/// Puts `items` in uniformly random order: for i from n-1 down to 1, j = below(i+1), swap (fair1 section 5).
/// Draws n-1 times.
pub fn shuffle<T>(items: &mut [T], stream: u64, draw: &mut impl Draw) {
    for last in (1..items.len()).rev() {
        let Ok(bound) = u64::try_from(last.saturating_add(1)) else {
            return;
        };
        if let Ok(chosen) = usize::try_from(draw.below(stream, bound))
            && chosen <= last
        {
            items.swap(last, chosen);
        }
    }
}

/// The index of the first cumulative weight greater than below(sum of the weights) (fair1 section 5).
/// `None`, and no draw, when the weights sum to 0 or to more than 64 bits hold.
pub fn weighted(weights: &[u64], stream: u64, draw: &mut impl Draw) -> Option<usize> {
    let sum = weights.iter().try_fold(0_u64, |sum, weight| sum.checked_add(*weight))?;
    if sum == 0 {
        return None;
    }
    let value = draw.below(stream, sum);
    let mut cumulative = 0_u64;
    weights.iter().position(|weight| {
        cumulative = cumulative.saturating_add(*weight);
        cumulative > value
    })
}

/// The crash point in hundredths: max(100, floor((10000 - edge_bp) * 2^52 / (100 * (2^52 - u)))), u = below(2^52)
/// (fair1 section 5). An edge over 10,000 basis points counts as 10,000.
pub fn crash_centi(edge_bp: u32, stream: u64, draw: &mut impl Draw) -> u64 {
    const SPAN: u64 = 1 << 52;
    let u = draw.below(stream, SPAN);
    let keep = u128::from(10_000_u32.saturating_sub(edge_bp));
    let divisor = u128::from(SPAN.saturating_sub(u)).saturating_mul(100);
    keep.saturating_mul(u128::from(SPAN))
        .checked_div(divisor)
        .and_then(|centi| u64::try_from(centi).ok())
        .map_or(u64::MAX, |centi| centi.max(100))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::Recorded;

    /// Every sequence of draws below the given bounds.
    fn sequences(bounds: &[u64]) -> Vec<Vec<u64>> {
        bounds.iter().fold(vec![vec![]], |all, bound| {
            all.iter().flat_map(|head| (0..*bound).map(|next| [head.clone(), vec![next]].concat())).collect()
        })
    }

    #[test]
    fn a_shuffle_reaches_every_order_of_five_by_exactly_one_sequence_of_draws() {
        let mut seen = BTreeMap::new();
        for values in sequences(&[5, 4, 3, 2]) {
            let mut items = [0, 1, 2, 3, 4];
            let mut draws = Recorded::new(&values);
            shuffle(&mut items, 7, &mut draws);
            assert_eq!(draws.bounds(), [(7, 5), (7, 4), (7, 3), (7, 2)]);
            *seen.entry(items).or_insert(0) += 1;
        }
        assert_eq!(seen.len(), 120);
        assert!(seen.values().all(|count| *count == 1));
    }

    #[test]
    fn a_shuffle_of_nothing_or_of_one_draws_nothing() {
        for mut items in [vec![], vec![9]] {
            let mut draws = Recorded::new(&[]);
            shuffle(&mut items, 0, &mut draws);
            assert!(draws.bounds().is_empty());
        }
    }

    #[test]
    fn each_index_is_drawn_as_often_as_its_weight_says() {
        let weights = [3, 0, 1, 5];
        let mut counts = [0, 0, 0, 0];
        for value in 0..9 {
            let index = weighted(&weights, 0, &mut Recorded::new(&[value])).unwrap();
            counts[index] += 1;
        }
        assert_eq!(counts, [3, 0, 1, 5]);
    }

    #[test]
    fn weights_without_a_sum_are_refused_without_a_draw() {
        for weights in [vec![], vec![0, 0], vec![u64::MAX, 1]] {
            let mut draws = Recorded::new(&[]);
            assert_eq!(weighted(&weights, 0, &mut draws), None);
            assert!(draws.bounds().is_empty());
        }
    }

    #[test]
    fn crash_points_at_known_draws_are_the_formulas() {
        let at = |edge, u| crash_centi(edge, 0, &mut Recorded::new(&[u]));
        assert_eq!(at(100, 0), 100, "99 is raised to 100");
        assert_eq!(at(0, 0), 100);
        assert_eq!(at(0, 1 << 51), 200);
        assert_eq!(at(100, 1 << 51), 198);
        assert_eq!(at(0, (1 << 52) - 1), 100 << 52);
        assert_eq!(at(10_001, (1 << 52) - 1), 100);
    }
}
