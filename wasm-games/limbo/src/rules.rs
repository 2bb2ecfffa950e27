//! One deal: check the bet, draw one crash point, settle.
//!
//! Nothing is drawn before the bet is found good. Stakes are multiples of 100 minor units and targets are hundredths, so
//! nothing is ever rounded.

use alloc::vec;

use game_sdk::{Bet, Draw, Event, Fault, Outcome, crash_centi};

use crate::edge::Edge;
use crate::target;

/// Smallest stake, and what stakes are multiples of, minor units.
pub(crate) const STEP_MINOR: u64 = 100;
/// Largest stake, minor units.
pub(crate) const MAX_MINOR: u64 = 1_000_000;

/// All of a round. The spot is the target in hundredths.
pub(crate) fn play(edge: Edge, bets: &[Bet], draw: &mut impl Draw) -> Result<Outcome, Fault> {
    let [bet] = bets else {
        return Err(Fault::BadBet);
    };
    let stake_fits = (STEP_MINOR..=MAX_MINOR).contains(&bet.stake_minor) && bet.stake_minor.is_multiple_of(STEP_MINOR);
    if !stake_fits || !target::is_offered(bet.spot) {
        return Err(Fault::BadBet);
    }
    let target_centi = u64::from(bet.spot);
    let reached_centi = crash_centi(edge.basis_points(), 0, draw);
    let won = reached_centi >= target_centi;
    let full_minor = (bet.stake_minor / STEP_MINOR).checked_mul(target_centi).ok_or(Fault::Internal)?;
    let paid_minor = if won { full_minor } else { 0 };
    let shown = Event::new("crash", |object| {
        // The crash point as a text: it can be beyond what a float holds.
        object
            .amount("crash_centi", reached_centi)
            .amount("paid_minor", paid_minor)
            .integer("target_centi", target_centi)
            .boolean("won", won);
    });
    Ok(Outcome::finished(paid_minor, vec![shown]))
}
