//! The draws of a deal: ChaCha20 known answers, independence of streams, limits, and the studio helpers.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail the test")]

use fairness::{Draw, DrawError, Draws, MAX_DRAWS, RoundKey, crash_centi, digest, raw_words};
use proptest::prelude::*;

fn draws(byte: u8) -> Draws {
    Draws::new(RoundKey::from_bytes([byte; 32]))
}

/// Raw words of a stream: with a bound of 2^64-1 the value is the word less one, and only a word of zero is refused.
fn words(key: u8, stream: u64, count: usize) -> Vec<u8> {
    let mut draws = draws(key);
    (0..count).flat_map(|_| (draws.below(stream, u64::MAX).unwrap() + 1).to_le_bytes()).collect()
}

#[test]
fn streams_are_the_known_answers_of_rfc_8439() {
    // Appendix A.1, vectors 1 and 2: blocks 0 and 1 of the zero key, read on across the block's end.
    let expected = "76b8e0ada0f13d90405d6ae55386bd28bdd219b8a08ded1aa836efcc8b770dc7\
                    da41597c5157488d7724e03fb8d84a376a43b8f41518a11cc387b669b2ee6586\
                    9f07e7be5551387a98ba977c732d080dcb0f29a048e3656912c6533e32ee7aed\
                    29b721769ce64e43d57133b074d839d531ed1f28510afb45ace10a1f4b794d6f";
    assert_eq!(hex::encode(words(0, 0, 16)), expected);
    let raw: Vec<u8> = raw_words(&RoundKey::from_bytes([0; 32]), 0).take(16).flat_map(u64::to_le_bytes).collect();
    assert_eq!(hex::encode(raw), expected);
    // Vector 5: a nonce whose last byte is 2, so LE64(s) with s = 2 << 56.
    let expected = "c2c64d378cd536374ae204b9ef933fcd1a8b2288b3dfa49672ab765b54ee27c7\
                    8a970e0e955c14f3a88e741b97c286f75f8fc299e8148362fa198a39531bed6d";
    assert_eq!(hex::encode(words(0, 2 << 56, 8)), expected);
}

#[test]
fn a_zero_bound_is_refused_and_not_recorded() {
    let mut draws = draws(1);
    assert_eq!(draws.below(0, 0), Err(DrawError::ZeroBound));
    assert_eq!((draws.record().len(), draws.words()), (0, 0));
}

#[test]
fn a_bound_of_one_consumes_a_word() {
    let (mut with, mut without) = (draws(1), draws(1));
    assert_eq!(with.below(0, 1), Ok(0));
    assert_eq!(with.words(), 1);
    without.below(0, u64::MAX).unwrap();
    assert_eq!(with.below(0, 1 << 40), without.below(0, 1 << 40));
}

#[test]
fn the_draw_after_the_last_allowed_one_is_refused() {
    let mut draws = draws(1);
    for _ in 0..MAX_DRAWS {
        draws.below(3, 2).unwrap();
    }
    assert_eq!(draws.below(3, 2), Err(DrawError::TooMany));
    assert_eq!(draws.record().len(), MAX_DRAWS);
}

#[test]
fn shuffles_of_fewer_than_two_items_draw_nothing() {
    let mut draws = draws(1);
    draws.shuffle::<u8>(0, &mut []).unwrap();
    draws.shuffle(0, &mut [1]).unwrap();
    assert!(draws.record().is_empty());
}

#[test]
fn a_shuffle_draws_from_the_top_down_and_swaps_as_the_page_says() {
    let mut draws = draws(7);
    let mut items: Vec<usize> = (0..52).collect();
    draws.shuffle(0, &mut items).unwrap();
    let bounds: Vec<u64> = draws.record().iter().map(|draw| draw.bound).collect();
    assert_eq!(bounds, (2..=52).rev().collect::<Vec<u64>>());
    let mut expected: Vec<usize> = (0..52).collect();
    for (i, draw) in (1..52).rev().zip(draws.record()) {
        expected.swap(i, usize::try_from(draw.value).unwrap());
    }
    assert_eq!(items, expected);
    // The off-by-one mutant (Sattolo: j = below(i)) never leaves an item in place; a true shuffle sometimes does.
    let stays = (0..40u8).any(|key| {
        let mut items = [0, 1, 2];
        Draws::new(RoundKey::from_bytes([key; 32])).shuffle(0, &mut items).unwrap();
        items[2] == 2
    });
    assert!(stays);
}

#[test]
fn three_items_reach_all_six_orders() {
    let mut seen = std::collections::BTreeSet::new();
    for key in 0..=u8::MAX {
        let mut items = [0, 1, 2];
        draws(key).shuffle(0, &mut items).unwrap();
        seen.insert(items);
    }
    assert_eq!(seen.len(), 6);
}

#[test]
fn weights_that_sum_to_nothing_or_too_much_are_refused() {
    let mut draws = draws(1);
    assert_eq!(draws.weighted(0, &[]), Err(DrawError::ZeroBound));
    assert_eq!(draws.weighted(0, &[0, 0]), Err(DrawError::ZeroBound));
    assert_eq!(draws.weighted(0, &[u64::MAX, 1]), Err(DrawError::WeightSum));
    assert_eq!(draws.weighted(0, &[0, 5, 0]), Ok(1));
    assert!(draws.weighted(0, &[u64::MAX - 1, 1]).is_ok());
}

#[test]
fn crash_points_are_the_formula_at_its_corners() {
    let last = (1 << 52) - 1;
    assert_eq!(crash_centi(0, 0), Ok(100));
    assert_eq!(crash_centi(100, 0), Ok(100));
    assert_eq!(crash_centi(0, 1 << 51), Ok(200));
    assert_eq!(crash_centi(100, 1 << 51), Ok(198));
    assert_eq!(crash_centi(0, last), Ok(100 << 52));
    assert_eq!(crash_centi(10_000, last), Ok(100));
    assert_eq!(crash_centi(10_001, 0), Err(DrawError::Edge(10_001)));
    assert_eq!(crash_centi(0, 1 << 52), Err(DrawError::ZeroBound));
    let mut draws = draws(1);
    assert_eq!(draws.crash_centi(0, 10_001), Err(DrawError::Edge(10_001)));
    assert!(draws.record().is_empty());
}

#[test]
fn the_digest_is_over_every_draw_in_order() {
    let one = Draw { stream: 1, bound: 2, value: 0 };
    let two = Draw { stream: 0, bound: 9, value: 3 };
    let digests =
        [digest(&[]), digest(&[one]), digest(&[one, two]), digest(&[two, one]), digest(&[Draw { value: 1, ..one }])];
    let distinct: std::collections::BTreeSet<_> = digests.iter().collect();
    assert_eq!(distinct.len(), digests.len());
}

proptest! {
    #[test]
    fn interleaved_streams_give_what_each_gives_alone(calls in prop::collection::vec((0u64..4, 1u64..), 1..120)) {
        let mut mixed = draws(5);
        for (stream, bound) in &calls {
            mixed.below(*stream, *bound).unwrap();
        }
        for stream in 0..4 {
            let mut alone = draws(5);
            for draw in mixed.record().iter().filter(|draw| draw.stream == stream) {
                prop_assert_eq!(alone.below(stream, draw.bound).unwrap(), draw.value);
            }
        }
    }

    #[test]
    fn every_draw_is_below_its_bound_and_repeatable(key in any::<[u8; 32]>(), stream: u64, bound in 1u64..) {
        let value = Draws::new(RoundKey::from_bytes(key)).below(stream, bound).unwrap();
        prop_assert!(value < bound);
        prop_assert_eq!(Draws::new(RoundKey::from_bytes(key)).below(stream, bound).unwrap(), value);
    }

    #[test]
    fn a_weighted_index_is_the_first_cumulative_over_the_draw(weights in prop::collection::vec(0u64..1000, 1..20)) {
        prop_assume!(weights.iter().sum::<u64>() > 0);
        let mut draws = draws(9);
        let index = draws.weighted(0, &weights).unwrap();
        let value = draws.record()[0].value;
        let before: u64 = weights[..index].iter().sum();
        prop_assert!(before <= value && value < before + weights[index]);
    }
}
