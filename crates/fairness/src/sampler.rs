//! The bounded sampler of fair1 section 5: exactly uniform, by Lemire's multiplication with rejection.
//!
//! t = 2^w mod n; repeat m = word * n until (m mod 2^w) >= t; the result is m >> w. One macro makes it for a word width, so that
//! the 8-bit twin, which tests can exhaust, is the same text as the 64-bit one that games use.
//! Cost: one multiplication, a division only when the low half is below n (chance n / 2^w). A word is refused with a chance under
//! one half, so the expected number of words is under two.
//! Source: D. Lemire, "Fast random integer generation in an interval", ACM TOMACS 29(1), 2019.

macro_rules! sampler {
    ($(#[$doc:meta])* $name:ident, $word:ty) => {
        $(#[$doc])*
        pub(crate) fn $name(n: core::num::NonZero<$word>, mut next: impl FnMut() -> $word) -> $word {
            let n = n.get();
            let (mut low, mut high) = next().carrying_mul(n, 0);
            // t < n, so a low half of n or more needs no t.
            if low < n {
                let t = n.wrapping_neg() % n;
                while low < t {
                    (low, high) = next().carrying_mul(n, 0);
                }
            }
            high
        }
    };
}

sampler! {
    /// A uniform number in 0..n from uniform 64-bit words.
    below_u64, u64
}

#[cfg(test)]
mod tests {
    use core::num::NonZero;

    use proptest::prelude::*;

    use super::*;

    sampler! {
        /// The 8-bit twin.
        below_u8, u8
    }

    /// The result for a first word, or none when it is refused: the next word offered is a marker that is never refused.
    fn first_word(n: u8, word: u8) -> Option<u8> {
        let mut words = 0;
        let value = below_u8(NonZero::new(n).unwrap(), || {
            words += 1;
            if words == 1 { word } else { u8::MAX }
        });
        (words == 1).then_some(value)
    }

    #[test]
    fn every_result_of_every_bound_has_the_same_number_of_words() {
        for n in 1..=u8::MAX {
            let mut hits = vec![0u32; usize::from(n)];
            let mut refused = 0u32;
            for word in 0..=u8::MAX {
                match first_word(n, word) {
                    Some(value) => hits[usize::from(value)] += 1,
                    None => refused += 1,
                }
            }
            assert!(hits.iter().all(|count| *count == 256 / u32::from(n)), "bound {n}: {hits:?}");
            assert_eq!(refused, 256 % u32::from(n), "bound {n}");
        }
    }

    #[test]
    fn a_word_is_refused_or_not_whatever_came_before() {
        // Two words: the second decides exactly as a first one would.
        for n in 1..=u8::MAX {
            let Some(refused) = (0..=u8::MAX).find(|word| first_word(n, *word).is_none()) else { continue };
            for second in 0..=u8::MAX {
                let Some(expected) = first_word(n, second) else { continue };
                let mut words = [refused, second].into_iter();
                assert_eq!(below_u8(NonZero::new(n).unwrap(), || words.next().unwrap()), expected);
            }
        }
    }

    #[test]
    fn modulo_instead_of_rejection_would_not_be_uniform() {
        // The mutant of fair1 section 12: its counts differ for every bound that does not divide 256.
        for n in (1..=u8::MAX).filter(|n| 256 % u32::from(*n) != 0) {
            let mut hits = vec![0u32; usize::from(n)];
            (0..=u8::MAX).for_each(|word| hits[usize::from(word % n)] += 1);
            assert!(hits.iter().any(|count| *count != hits[0]));
        }
    }

    proptest! {
        #[test]
        fn the_64_bit_sampler_is_the_formula_of_the_page(n in 1u64.., words in prop::collection::vec(any::<u64>(), 200)) {
            let t = (1u128 << 64) % u128::from(n);
            let expected = words.iter().position(|w| u128::from(*w) * u128::from(n) % (1u128 << 64) >= t);
            prop_assume!(expected.is_some());
            let accepted = expected.unwrap();
            let mut used = 0;
            let value = below_u64(NonZero::new(n).unwrap(), || { used += 1; words[used - 1] });
            prop_assert_eq!(used, accepted + 1);
            prop_assert_eq!(u128::from(value), (u128::from(words[accepted]) * u128::from(n)) >> 64);
            prop_assert!(value < n);
        }
    }
}
