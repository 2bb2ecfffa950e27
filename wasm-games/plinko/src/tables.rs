//! What each pocket pays, by risk and rows: hundredths of the stake, from the middle to the edge; both sides are alike.

use crate::board::Risk;

/// Low risk: one line for each number of rows, from 8 to 16.
const LOW: [&[u32]; 9] = [
    &[80, 85, 105, 195, 610],
    &[70, 90, 155, 300, 660],
    &[70, 80, 105, 175, 360, 990],
    &[65, 85, 140, 250, 490, 1050],
    &[80, 80, 100, 140, 230, 480, 1200],
    &[70, 85, 125, 190, 310, 550, 990],
    &[90, 90, 95, 115, 150, 220, 400, 880],
    &[50, 80, 125, 210, 350, 590, 1000, 1750],
    &[60, 70, 95, 140, 220, 350, 590, 1050, 1850],
];

/// Medium risk: one line for each number of rows, from 8 to 16.
const MEDIUM: [&[u32]; 9] = [
    &[55, 65, 110, 310, 1550],
    &[40, 75, 195, 570, 1850],
    &[55, 65, 100, 210, 610, 2550],
    &[70, 80, 115, 240, 690, 2850],
    &[40, 55, 95, 200, 470, 1250, 3700],
    &[45, 65, 125, 270, 650, 1700, 5000],
    &[60, 65, 85, 145, 280, 680, 1950, 6600],
    &[60, 70, 105, 180, 380, 950, 2800, 9900],
    &[65, 70, 85, 120, 210, 430, 1100, 3300, 12_500],
];

/// High risk: one line for each number of rows, from 8 to 16.
const HIGH: [&[u32]; 9] = [
    &[10, 30, 105, 540, 3400],
    &[20, 45, 175, 850, 5100],
    &[15, 25, 70, 270, 1400, 9000],
    &[40, 50, 95, 320, 1700, 14_500],
    &[35, 40, 65, 155, 540, 2750, 20_000],
    &[40, 45, 85, 230, 840, 4300, 31_000],
    &[30, 35, 55, 125, 370, 1450, 7400, 49_000],
    &[10, 20, 60, 210, 780, 3200, 15_000, 74_000],
    &[10, 15, 35, 100, 320, 1150, 4900, 22_500, 117_000],
];

/// Fewest rows of a board.
pub(crate) const FEWEST_ROWS: u32 = 8;
/// Most rows of a board.
pub(crate) const MOST_ROWS: u32 = 16;

/// What a pocket pays that is `distance` pockets off the middle, hundredths of the stake; `None` when there is none.
pub(crate) fn centi(risk: Risk, rows: u32, distance: u32) -> Option<u32> {
    let tables = match risk {
        Risk::Low => &LOW,
        Risk::Medium => &MEDIUM,
        Risk::High => &HIGH,
    };
    let nth = usize::try_from(rows.checked_sub(FEWEST_ROWS)?).ok()?;
    tables.get(nth)?.get(usize::try_from(distance).ok()?).copied()
}
