//! One deal: check the bet, draw one path, settle.
//!
//! Nothing is drawn before the bet is found good. Stakes are multiples of 100 minor units and payments are hundredths of
//! them, so nothing is ever rounded.

use alloc::string::String;
use alloc::vec;

use game_sdk::{Bet, Draw, Event, Fault, Outcome};

use crate::board::Board;

/// The one spot.
pub(crate) const BALL: u32 = 0;
/// Smallest stake, and what stakes are multiples of, minor units.
pub(crate) const STEP_MINOR: u64 = 100;
/// Largest stake, minor units.
pub(crate) const MAX_MINOR: u64 = 1_000_000;

/// All of a round. Bit n of the draw is the ball's way at row n, from the top: 1 is right.
pub(crate) fn play(board: Board, bets: &[Bet], draw: &mut impl Draw) -> Result<Outcome, Fault> {
    let [bet] = bets else {
        return Err(Fault::BadBet);
    };
    let stake_fits = (STEP_MINOR..=MAX_MINOR).contains(&bet.stake_minor) && bet.stake_minor.is_multiple_of(STEP_MINOR);
    if bet.spot != BALL || !stake_fits {
        return Err(Fault::BadBet);
    }
    let path = draw.below(0, board.paths());
    let pocket = path.count_ones();
    let centi = board.centi(pocket).ok_or(Fault::Internal)?;
    let paid_minor = (bet.stake_minor / STEP_MINOR).checked_mul(centi).ok_or(Fault::Internal)?;
    let shown = Event::new("drop", |object| {
        object
            .integer("multiplier_centi", centi)
            .amount("paid_minor", paid_minor)
            .text("path", &letters(board, path))
            .integer("pocket", u64::from(pocket));
    });
    Ok(Outcome::finished(paid_minor, vec![shown]))
}

/// `L` or `R` for each row, from the top.
fn letters(board: Board, path: u64) -> String {
    (0..board.rows).map(|row| if (path >> row) & 1 == 1 { 'R' } else { 'L' }).collect()
}
