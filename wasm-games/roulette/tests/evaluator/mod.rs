//! A second roulette, from the furniture: chips lie on points of the cloth and cover the cells they touch; the wheel
//! alternates red and black; a chip on n of the 36 numbers pays 36/n. Shares no line with the game.

use std::collections::BTreeSet;

/// The order of the single-zero wheel. After the zero, pockets alternate: red, black, red, black.
const WHEEL: [u32; 37] = [
    0, 32, 15, 19, 4, 21, 2, 25, 17, 34, 6, 27, 13, 36, 11, 30, 8, 23, 10, 5, 24, 16, 33, 1, 20, 14, 31, 9, 22, 18, 29,
    7, 28, 12, 35, 3, 26,
];

/// The pocket of 00.
const ZERO_ZERO: u32 = 37;

/// A chip on the cloth.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) struct Chip {
    /// The kind that figures are published under.
    pub(crate) kind: &'static str,
    /// The pockets it wins on.
    pub(crate) pockets: BTreeSet<u32>,
}

/// The colour of a pocket, by walking the wheel.
pub(crate) fn color(pocket: u32) -> &'static str {
    match WHEEL.iter().position(|number| *number == pocket) {
        Some(0) | None => "green",
        Some(place) if place % 2 == 1 => "red",
        Some(_) => "black",
    }
}

/// Every chip that a table takes.
pub(crate) fn chips(double: bool) -> BTreeSet<Chip> {
    let mut chips = inside(double);
    for third in 0..3 {
        chips.insert(chip((1..=36).filter(|n| (n - 1) / 12 == third), "dozen"));
        chips.insert(chip((1..=36).filter(|n| n % 3 == third), "column"));
    }
    let evens: [fn(&u32) -> bool; 6] =
        [|n| color(*n) == "red", |n| color(*n) == "black", |n| n % 2 == 1, |n| n % 2 == 0, |n| *n <= 18, |n| *n > 18];
    chips.extend(evens.map(|wins| chip((1..=36).filter(wins), "even")));
    chips
}

/// What a chip of `stake` gets back, all told, when the ball lies in `pocket`.
pub(crate) fn paid(chip: &Chip, stake: u64, pocket: u32, la_partage: bool) -> u64 {
    let covered = u64::try_from(chip.pockets.len()).unwrap();
    if chip.pockets.contains(&pocket) {
        stake * (36 / covered)
    } else if la_partage && covered == 18 && color(pocket) == "green" {
        stake / 2
    } else {
        0
    }
}

/// The points of the cloth: cell (row, column) spans 4 units a side; chips lie on cells, edges and corners.
fn inside(double: bool) -> BTreeSet<Chip> {
    let mut chips = BTreeSet::new();
    // Rows of numbers begin at y = 0; the zeros lie above them, down to y = -4. x runs over the width of 12.
    for y in -2..=48 {
        for x in -1..=12 {
            let touched = if x < 0 {
                outer_edge(y, double)
            } else {
                cells(double).into_iter().filter(|cell| cell.touches(x, y)).map(|cell| cell.pocket).collect()
            };
            if !touched.is_empty() {
                chips.insert(chip(touched.iter().copied(), kind(&touched)));
            }
        }
    }
    chips
}

/// A chip on the long outer edge takes whole rows: one beside a cell, two (or the zeros and a row) on a line.
fn outer_edge(y: i32, double: bool) -> BTreeSet<u32> {
    let mut touched = BTreeSet::new();
    if y < 0 {
        return touched;
    }
    for cell in cells(double) {
        if cell.top <= y && y <= cell.bottom {
            touched.insert(cell.pocket);
        }
    }
    touched
}

struct Cell {
    pocket: u32,
    left: i32,
    right: i32,
    top: i32,
    bottom: i32,
}

impl Cell {
    fn touches(&self, x: i32, y: i32) -> bool {
        self.left <= x && x <= self.right && self.top <= y && y <= self.bottom
    }
}

fn cells(double: bool) -> Vec<Cell> {
    let mut cells = Vec::new();
    let mut top = 0;
    let mut pocket = 0;
    let zero = |pocket, left, right| Cell { pocket, left, right, top: -4, bottom: 0 };
    if double {
        cells.extend([zero(0, 0, 6), zero(ZERO_ZERO, 6, 12)]);
    } else {
        cells.push(zero(0, 0, 12));
    }
    for _row in 0..12 {
        for left in [0, 4, 8] {
            pocket += 1;
            cells.push(Cell { pocket, left, right: left + 4, top, bottom: top + 4 });
        }
        top += 4;
    }
    cells
}

fn kind(touched: &BTreeSet<u32>) -> &'static str {
    let zero = touched.contains(&0) || touched.contains(&ZERO_ZERO);
    match (touched.len(), zero) {
        (1, _) => "straight",
        (2, _) => "split",
        (3, false) => "street",
        (3, true) => "trio",
        (4, false) => "corner",
        (4 | 5, true) => "basket",
        (6, false) => "six-line",
        (covered, _) => panic!("no chip covers {covered} numbers"),
    }
}

fn chip(pockets: impl Iterator<Item = u32>, kind: &'static str) -> Chip {
    Chip { kind, pockets: pockets.collect() }
}
