//! The twenty lines and what they win.

use crate::symbol::Symbol;
use crate::window::Window;

/// How many lines are played; all of them, always.
pub(crate) const LINES: u64 = 20;

/// The row of each line on each reel, 0 on top. Lines are numbered from 1 in events.
const ROWS: [[usize; 5]; 20] = [
    [1, 1, 1, 1, 1],
    [0, 0, 0, 0, 0],
    [2, 2, 2, 2, 2],
    [0, 1, 2, 1, 0],
    [2, 1, 0, 1, 2],
    [0, 0, 1, 2, 2],
    [2, 2, 1, 0, 0],
    [1, 0, 0, 0, 1],
    [1, 2, 2, 2, 1],
    [0, 1, 1, 1, 0],
    [2, 1, 1, 1, 2],
    [1, 0, 1, 2, 1],
    [1, 2, 1, 0, 1],
    [0, 1, 0, 1, 0],
    [2, 1, 2, 1, 2],
    [1, 1, 0, 1, 1],
    [1, 1, 2, 1, 1],
    [0, 0, 2, 0, 0],
    [2, 2, 0, 2, 2],
    [0, 2, 1, 2, 0],
];

/// A line that wins.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct LineWin {
    /// 1..=20.
    pub(crate) line: u64,
    /// The symbol that wins.
    pub(crate) symbol: Symbol,
    /// How many of it from the left, wilds included: 3, 4 or 5.
    pub(crate) count: u64,
    /// 1, and `wild_step` more for each wild among them.
    pub(crate) multiplier: u64,
    /// Line stakes, multiplied.
    pub(crate) units: u64,
}

/// The lines of `window` that win, in order. A wild adds `wild_step` to the multiplier of its line.
pub(crate) fn wins(window: &Window, wild_step: u64) -> impl Iterator<Item = LineWin> {
    (1..).zip(&ROWS).filter_map(move |(line, rows)| win(window, rows, line, wild_step))
}

fn win(window: &Window, rows: &[usize; 5], line: u64, wild_step: u64) -> Option<LineWin> {
    let [first, rest @ ..] = window;
    let [first_row, rest_rows @ ..] = rows;
    // The first reel has no wild, so its symbol is the line's.
    let symbol = *first.get(*first_row)?;
    let mut count = 1_u64;
    let mut multiplier = 1_u64;
    for (reel, row) in rest.iter().zip(rest_rows) {
        let next = *reel.get(*row)?;
        if next == Symbol::Kingfisher {
            multiplier = multiplier.saturating_add(wild_step);
        } else if next != symbol {
            break;
        }
        count = count.saturating_add(1);
    }
    if count < 3 {
        return None;
    }
    let [three, four, five] = symbol.pays();
    let base = match count {
        3 => three,
        4 => four,
        5 => five,
        _ => 0,
    };
    (base > 0).then_some(LineWin { line, symbol, count, multiplier, units: base.saturating_mul(multiplier) })
}
