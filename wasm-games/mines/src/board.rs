//! The board, laid cell by cell, when a cell is looked at and not before.
//!
//! A cell is mined with chance mines left / cells left. The chance of any board is the product of such fractions, in
//! whatever order the cells are looked at: 1 / C(25, mines), the same for all boards, as if one had been laid in advance.

use game_sdk::Draw;

use crate::field::{CELLS, Field};

/// What is known of a board: which cells are open, all of them safe, and how much is hidden in the others.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Board {
    open: u32,
    cells_left: u32,
    mines_left: u32,
}

impl Board {
    /// A board of `field` with the cells of the mask `open` open.
    pub(crate) fn new(field: Field, open: u32) -> Self {
        Self { open, cells_left: CELLS.saturating_sub(open.count_ones()), mines_left: field.mines }
    }

    /// Looks at one more cell: true when it is mined. One draw.
    pub(crate) fn look(&mut self, cell: u32, draw: &mut impl Draw) -> bool {
        let mined = draw.below(0, u64::from(self.cells_left)) < u64::from(self.mines_left);
        self.open |= bit(cell);
        self.cells_left = self.cells_left.saturating_sub(1);
        self.mines_left = self.mines_left.saturating_sub(u32::from(mined));
        mined
    }

    /// Looks at all other cells, by ascending number: the mask of the mined ones. One draw a cell.
    pub(crate) fn look_everywhere(mut self, draw: &mut impl Draw) -> u32 {
        let mut mined = 0;
        for cell in 0..CELLS {
            if self.open & bit(cell) == 0 && self.look(cell, draw) {
                mined |= bit(cell);
            }
        }
        mined
    }
}

/// The mask of one cell; of none, beyond the board.
pub(crate) fn bit(cell: u32) -> u32 {
    if cell < CELLS { 1 << cell } else { 0 }
}
