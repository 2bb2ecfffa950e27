//! Jacks or Better, by playing all 2,598,960 hands with each of their 32 holds. Pays to the stake, as published for the
//! full-pay machine and its cuts: royal 800 (or the parameter), straight flush 50, four 25, full house and flush by the
//! paytable's name, straight 4, three 3, two pairs 2, a pair of jacks or better 1.
//!
//! What a hold is worth comes from counting, not dealing: the final hands that hold a set and none of its discards are, by
//! inclusion and exclusion over the discards, sums over hands that contain a larger set. Those are counted once for each of
//! the 294,204 sets of up to four cards. Hands that differ only in the names of their suits are played once. Costs: about 12 MB
//! and a second or two.

use num_bigint::BigInt;
use num_rational::BigRational;
use serde_json::Value;

use crate::{ExactError, Figure};

/// Kinds of final hands: nothing, jacks or better, two pairs, three, straight, flush, full house, four, straight flush, royal.
const KINDS: usize = 10;
/// Common denominator of all holds: a multiple of C(47, n) for n = 0..=5.
const DENOMINATOR: u64 = 5 * 1_533_939;
/// Hands of five cards.
const HANDS: u64 = 2_598_960;

pub(crate) fn figures(params: &Value) -> Result<Vec<Figure>, ExactError> {
    let (full_house, flush, royal) = read(params)?;
    let pays = [0, 1, 2, 3, 4, flush, full_house, 25, 50, royal];
    let kinds = optimal(&Containing::count(), pays);
    let outcomes: Vec<(BigRational, BigRational)> = pays
        .iter()
        .zip(kinds)
        .map(|(paid, count)| {
            let all = BigInt::from(HANDS) * DENOMINATOR;
            (BigRational::from_integer(BigInt::from(*paid)), BigRational::new(BigInt::from(count), all))
        })
        .collect();
    Ok(vec![Figure::of("main", outcomes.iter().map(|(paid, probability)| (paid, probability)))])
}

/// Full house, flush, royal.
fn read(params: &Value) -> Result<(i64, i64, i64), ExactError> {
    let object = params.as_object().ok_or_else(|| bad("an object is expected"))?;
    if object.keys().any(|key| key != "paytable" && key != "royal") {
        return Err(bad("only paytable and royal are known"));
    }
    let (full_house, flush) = match object.get("paytable").and_then(Value::as_str) {
        Some("9/6") => (9, 6),
        Some("9/5") => (9, 5),
        Some("8/6") => (8, 6),
        Some("8/5") => (8, 5),
        Some("7/5") => (7, 5),
        Some("6/5") => (6, 5),
        _ => return Err(bad("paytable is one of 9/6, 9/5, 8/6, 8/5, 7/5, 6/5")),
    };
    let royal = match object.get("royal") {
        None => Some(800),
        Some(royal) => royal.as_i64().filter(|royal| [250, 800, 940, 1000].contains(royal)),
    };
    match royal {
        Some(1000) if (full_house, flush) == (9, 6) => Err(bad("9/6 with a royal of 1000 returns more than it takes")),
        Some(royal) => Ok((full_house, flush, royal)),
        None => Err(bad("royal is 250, 800, 940 or 1000")),
    }
}

/// Every hand played best: how often each kind ends the round, of `HANDS * DENOMINATOR`.
fn optimal(containing: &Containing, pays: [i64; KINDS]) -> [u128; KINDS] {
    let mut total = [0_u128; KINDS];
    for_each_hand(|cards| {
        let orbit = suit_orbit(cards);
        if orbit > 0 {
            let best = best_hold(containing, cards, pays);
            total.iter_mut().zip(best).for_each(|(sum, count)| *sum += u128::from(orbit * count));
        }
    });
    total
}

/// How often each kind follows the hold of highest value, of `DENOMINATOR`. Of equal ones, the first that holds fewest cards.
fn best_hold(containing: &Containing, cards: [usize; 5], pays: [i64; KINDS]) -> [u64; KINDS] {
    let mut best = (-1, [0; KINDS]);
    let mut finals = containing.subsets(cards);
    // Of the hands that contain a set, keep those without each other card: the supersets' counts go out, bit by bit.
    for bit in 0..5 {
        for set in (0..32_usize).filter(|set| set >> bit & 1 == 0) {
            let with = finals.get(set | 1 << bit).copied().unwrap_or_default();
            if let Some(without) = finals.get_mut(set) {
                without.iter_mut().zip(with).for_each(|(count, more)| *count -= more);
            }
        }
    }
    for (set, kinds) in finals.iter().enumerate() {
        let scale = DENOMINATOR / draws(5 - set.count_ones());
        let value: i64 =
            kinds.iter().zip(pays).map(|(count, paid)| i64::from(*count) * paid).sum::<i64>() * signed(scale);
        if value > best.0 {
            best = (value, kinds.map(|count| u64::from(count.unsigned_abs()) * scale));
        }
    }
    best.1
}

fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// Ways to draw `cards` of the 47.
fn draws(cards: u32) -> u64 {
    match cards {
        0 => 1,
        1 => 47,
        2 => 1_081,
        3 => 16_215,
        4 => 178_365,
        _ => 1_533_939,
    }
}

/// For each set of at most five cards, how many hands of each kind contain it.
struct Containing {
    counts: Vec<[i32; KINDS]>,
}

impl Containing {
    fn count() -> Self {
        let sets = FIRST.last().copied().unwrap_or(0);
        let mut counts = vec![[0; KINDS]; sets];
        for_each_hand(|cards| {
            let kind = kind(cards);
            for at in places(cards) {
                if let Some(count) = counts.get_mut(at).and_then(|kinds| kinds.get_mut(kind)) {
                    *count += 1;
                }
            }
        });
        Self { counts }
    }

    /// The counts of all 32 subsets of `cards`.
    fn subsets(&self, cards: [usize; 5]) -> [[i32; KINDS]; 32] {
        places(cards).map(|at| match self.counts.get(at) {
            Some(kinds) => *kinds,
            None => hand_itself(cards),
        })
    }
}

/// A whole hand contains itself once; such sets are not kept.
fn hand_itself(cards: [usize; 5]) -> [i32; KINDS] {
    let mut kinds = [0; KINDS];
    if let Some(count) = kinds.get_mut(kind(cards)) {
        *count = 1;
    }
    kinds
}

/// Where the sets of 0, 1, 2, 3 and 4 cards begin, and where the table ends.
const FIRST: [usize; 6] = [0, 1, 53, 1_379, 23_479, 294_204];

/// Places in the table of all subsets of ascending `cards`; bit n of the subset is card n. The whole hand has none.
fn places(cards: [usize; 5]) -> [usize; 32] {
    let mut places = [usize::MAX; 32];
    for (set, place) in places.iter_mut().enumerate().take(31) {
        let size = usize::try_from(set.count_ones()).unwrap_or(0);
        let members = cards.iter().enumerate().filter(|(at, _)| set >> at & 1 == 1).map(|(_, card)| *card);
        // The combinatorial number system: the nth smallest member c counts C(c, n).
        let number: usize = members.zip(1..).map(|(card, nth)| choose(card, nth)).sum();
        *place = FIRST.get(size).copied().unwrap_or(0) + number;
    }
    places
}

fn choose(from: usize, chosen: usize) -> usize {
    CHOOSE.get(chosen).and_then(|row| row.get(from)).copied().unwrap_or(0)
}

/// Row n, column c: ways to choose n of c, for n to 4 and c below 52.
#[expect(clippy::indexing_slicing, reason = "evaluated at compile time: out of bounds would not compile")]
const CHOOSE: [[usize; 52]; 5] = {
    let mut rows = [[1; 52]; 5];
    let mut n = 1;
    while n < 5 {
        rows[n][0] = 0;
        let mut c = 1;
        while c < 52 {
            rows[n][c] = rows[n][c - 1] + rows[n - 1][c - 1];
            c += 1;
        }
        n += 1;
    }
    rows
};

/// Calls `see` with every hand, its cards ascending. Card c has rank c / 4, from the two, and suit c % 4.
fn for_each_hand(mut see: impl FnMut([usize; 5])) {
    for e in 4..52 {
        for d in 3..e {
            for c in 2..d {
                for b in 1..c {
                    for a in 0..b {
                        see([a, b, c, d, e]);
                    }
                }
            }
        }
    }
}

/// How many hands `cards` stands for when suits are renamed; 0 when another of them stands for it. A hand stands for its
/// like when its suits' sets of ranks descend.
fn suit_orbit(cards: [usize; 5]) -> u64 {
    let mut suits = [0_u16; 4];
    for card in cards {
        if let Some(ranks) = suits.get_mut(card % 4) {
            *ranks |= 1 << (card / 4);
        }
    }
    if !suits.is_sorted_by(|left, right| left >= right) {
        return 0;
    }
    let alike = suits.chunk_by(|left, right| left == right).map(|run| (1..=run.len()).product::<usize>());
    24 / u64::try_from(alike.product::<usize>()).unwrap_or(24)
}

/// The kind of five cards, as an index.
fn kind(cards: [usize; 5]) -> usize {
    let [a, b, c, d, e] = cards.map(|card| card / 4);
    let [first, rest @ ..] = cards.map(|card| card % 4);
    let flush = rest.iter().all(|suit| *suit == first);
    // Ascending ranks: equal neighbours say everything.
    match (a == b, b == c, c == d, d == e) {
        (false, false, false, false) => {
            let straight = e - a == 4 || (e == 12 && d == 3);
            match (straight, flush) {
                (true, true) if a == 8 => 9,
                (true, true) => 8,
                (false, true) => 5,
                (true, false) => 4,
                (false, false) => 0,
            }
        }
        (true, true, true, _) | (_, true, true, true) => 7,
        (true, true, false, true) | (true, false, true, true) => 6,
        (true, true, ..) | (_, true, true, _) | (.., true, true) => 3,
        (true, _, true, _) | (true, _, _, true) | (_, true, _, true) => 2,
        (true, ..) => usize::from(a >= 9),
        (_, true, ..) => usize::from(b >= 9),
        (_, _, true, _) => usize::from(c >= 9),
        (.., true) => usize::from(d >= 9),
    }
}

fn bad(why: &str) -> ExactError {
    ExactError::Params(why.to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{decimal, root};

    fn main(params: &Value) -> Figure {
        figures(params).unwrap().remove(0)
    }

    #[test]
    fn the_full_pay_machine_returns_what_is_published() {
        let full_pay = main(&json!({"paytable": "9/6"}));
        assert_eq!(decimal(&full_pay.returns, 10), "0.9954390437");
        assert_eq!(decimal(&full_pay.variance, 6), "19.514676");
        assert_eq!(full_pay, main(&json!({"paytable": "9/6", "royal": 800})));
        assert_eq!(root(&full_pay.variance, 6), "4.417541");
    }

    #[test]
    fn the_cuts_return_what_is_published() {
        let percent = |paytable: &str| decimal(&main(&json!({ "paytable": paytable })).returns, 6);
        assert_eq!(percent("8/5"), "0.972984");
        assert_eq!(percent("6/5"), "0.949961");
    }

    #[test]
    fn hands_of_each_kind_are_as_many_as_every_book_says() {
        let mut counts = [0; KINDS];
        let mut orbits = (0, 0);
        for_each_hand(|cards| {
            counts[kind(cards)] += 1;
            let orbit = suit_orbit(cards);
            orbits = (orbits.0 + orbit, orbits.1 + u64::from(orbit > 0));
        });
        assert_eq!(counts, [2_062_860, 337_920, 123_552, 54_912, 10_200, 5_108, 3_744, 624, 36, 4]);
        assert_eq!(orbits, (HANDS, 134_459));
    }

    #[test]
    fn other_parameters_are_refused() {
        for params in [
            json!({}),
            json!("9/6"),
            json!({"paytable": "10/6"}),
            json!({"paytable": "9/6", "royal": 1000}),
            json!({"paytable": "8/5", "royal": 900}),
            json!({"paytable": "8/5", "royal": "800"}),
            json!({"paytable": "8/5", "more": 1}),
        ] {
            assert!(matches!(figures(&params), Err(ExactError::Params(_))), "{params}");
        }
    }
}
