//! The table's layout: which places exist, which numbers each covers, what each pays.
//!
//! A place's id says what it is, and is the same on both wheels: hundreds are the kind, the rest is where it lies.
//! Sets of numbers are bit masks: bit n is number n, bit 37 is 00.

use crate::Wheel;

/// Ids are below this.
pub(crate) const IDS: u32 = 1000;

/// The pocket of 00.
pub(crate) const DOUBLE_ZERO: u32 = 37;

/// Numbers on red. The others of 1..36 are black.
pub(crate) const RED: u64 = numbers(&[1, 3, 5, 7, 9, 12, 14, 16, 18, 19, 21, 23, 25, 27, 30, 32, 34, 36]);

/// 1..36.
const ALL: u64 = ((1 << 37) - 1) ^ 1;
/// 1, 4, 7 ... 34.
const FIRST_COLUMN: u64 = 0o111_111_111_111 << 1;
/// 2, 4, 6 ... 36.
const EVENS: u64 = ALL & 0x5555_5555_5555_5555;
/// 1..18.
const LOW: u64 = ((1 << 19) - 1) ^ 1;
/// 1..12.
const FIRST_DOZEN: u64 = ((1 << 13) - 1) ^ 1;

/// A kind of bet.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Kind {
    /// One number.
    Straight,
    /// Two neighbours.
    Split,
    /// A row of three.
    Street,
    /// Three with a zero.
    Trio,
    /// Four around a corner.
    Corner,
    /// The first four (single zero) or five (double zero) numbers.
    Basket,
    /// Two rows.
    SixLine,
    /// Twelve in order.
    Dozen,
    /// Twelve below each other.
    Column,
    /// Red, black, odd, even, low, high.
    Even,
}

impl Kind {
    /// The kind's name in figures and spot names.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Straight => "straight",
            Self::Split => "split",
            Self::Street => "street",
            Self::Trio => "trio",
            Self::Corner => "corner",
            Self::Basket => "basket",
            Self::SixLine => "six-line",
            Self::Dozen => "dozen",
            Self::Column => "column",
            Self::Even => "even",
        }
    }
}

/// A place on the layout.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Place {
    /// Its kind.
    pub kind: Kind,
    /// The numbers it covers, one bit each.
    pub numbers: u64,
}

impl Place {
    /// Winnings to one: what a winning stake earns on top of itself.
    #[must_use]
    pub fn pays_to_one(self) -> u64 {
        match self.kind {
            Kind::Straight => 35,
            Kind::Split => 17,
            Kind::Street | Kind::Trio => 11,
            Kind::Corner => 8,
            // Four numbers on a single-zero table, five on a double-zero one.
            Kind::Basket if self.covers(DOUBLE_ZERO) => 6,
            Kind::Basket => 8,
            Kind::SixLine => 5,
            Kind::Dozen | Kind::Column => 2,
            Kind::Even => 1,
        }
    }

    /// True when `pocket` is one of the place's numbers.
    #[must_use]
    pub fn covers(self, pocket: u32) -> bool {
        bit(pocket) & self.numbers != 0
    }
}

/// The place with the id `id` on a table with `wheel`, or `None`.
#[must_use]
pub fn place(wheel: Wheel, id: u32) -> Option<Place> {
    let at = id % 100;
    let (kind, numbers) = match id / 100 {
        0 => (Kind::Straight, straight(wheel, at)?),
        1 => (Kind::Split, split(wheel, at)?),
        2 if (1..=12).contains(&at) => (Kind::Street, 0b111 << (at * 3 - 2)),
        3 => (Kind::Trio, trio(wheel, at)?),
        4 if (1..=32).contains(&at) && !at.is_multiple_of(3) => (Kind::Corner, 0b11011 << at),
        5 => (Kind::Basket, basket(wheel, at)?),
        6 if (1..=11).contains(&at) => (Kind::SixLine, 0b11_1111 << (at * 3 - 2)),
        7 if (1..=3).contains(&at) => (Kind::Dozen, FIRST_DOZEN << (at * 12 - 12)),
        8 if (1..=3).contains(&at) => (Kind::Column, FIRST_COLUMN << (at - 1)),
        9 => (Kind::Even, even(at)?),
        _ => return None,
    };
    Some(Place { kind, numbers })
}

/// Every place of a table with `wheel` with its id, by ascending id.
pub fn places(wheel: Wheel) -> impl Iterator<Item = (u32, Place)> {
    (0..IDS).filter_map(move |id| place(wheel, id).map(|place| (id, place)))
}

/// 0..36 by number; 37 is 00.
fn straight(wheel: Wheel, at: u32) -> Option<u64> {
    (u64::from(at) < wheel.pockets()).then(|| bit(at))
}

/// 1..35: with the number beside it. 41..73: with the number below (41 is 1-4). 80 and up: with a zero.
fn split(wheel: Wheel, at: u32) -> Option<u64> {
    match (at, wheel) {
        (1..=35, _) if !at.is_multiple_of(3) => Some(0b11 << at),
        (41..=73, _) => Some(0b1001 << (at - 40)),
        (80, _) => Some(numbers(&[0, 1])),
        (81, _) => Some(numbers(&[0, 2])),
        (82, Wheel::Single) => Some(numbers(&[0, 3])),
        (83, Wheel::Double) => Some(numbers(&[0, DOUBLE_ZERO])),
        (84, Wheel::Double) => Some(numbers(&[DOUBLE_ZERO, 2])),
        (85, Wheel::Double) => Some(numbers(&[DOUBLE_ZERO, 3])),
        _ => None,
    }
}

fn trio(wheel: Wheel, at: u32) -> Option<u64> {
    match (at, wheel) {
        (0, _) => Some(numbers(&[0, 1, 2])),
        (1, Wheel::Single) => Some(numbers(&[0, 2, 3])),
        (2, Wheel::Double) => Some(numbers(&[0, DOUBLE_ZERO, 2])),
        (3, Wheel::Double) => Some(numbers(&[DOUBLE_ZERO, 2, 3])),
        _ => None,
    }
}

fn basket(wheel: Wheel, at: u32) -> Option<u64> {
    match (at, wheel) {
        (0, Wheel::Single) => Some(numbers(&[0, 1, 2, 3])),
        (1, Wheel::Double) => Some(numbers(&[0, DOUBLE_ZERO, 1, 2, 3])),
        _ => None,
    }
}

fn even(at: u32) -> Option<u64> {
    match at {
        0 => Some(RED),
        1 => Some(ALL & !RED),
        2 => Some(ALL & !EVENS),
        3 => Some(EVENS),
        4 => Some(LOW),
        5 => Some(ALL & !LOW),
        _ => None,
    }
}

/// The names of the even chances, by the last digits of their ids.
pub(crate) const EVEN_NAMES: [&str; 6] = ["red", "black", "odd", "even", "low", "high"];

const fn bit(number: u32) -> u64 {
    match 1_u64.checked_shl(number) {
        Some(mask) => mask,
        None => 0,
    }
}

/// The mask of a few numbers.
const fn numbers(list: &[u32]) -> u64 {
    match list.split_first() {
        Some((first, rest)) => bit(*first) | numbers(rest),
        None => 0,
    }
}
