//! One deal: check the bet, draw one roll, settle.
//!
//! Nothing is drawn before the bet is found good. A payment is rounded down to a whole minor unit.

use alloc::vec;

use game_sdk::{Bet, Draw, Event, Fault, Outcome};

use crate::edge::Edge;
use crate::target::{ONE_E4, RESULTS, Target};

/// Smallest stake, and what stakes are multiples of, minor units.
pub(crate) const STEP_MINOR: u64 = 100;
/// Largest stake, minor units.
pub(crate) const MAX_MINOR: u64 = 1_000_000;

/// All of a round.
pub(crate) fn play(edge: Edge, bets: &[Bet], draw: &mut impl Draw) -> Result<Outcome, Fault> {
    let [bet] = bets else {
        return Err(Fault::BadBet);
    };
    let target = Target::offered(edge, bet.spot).ok_or(Fault::BadBet)?;
    if !(STEP_MINOR..=MAX_MINOR).contains(&bet.stake_minor) || !bet.stake_minor.is_multiple_of(STEP_MINOR) {
        return Err(Fault::BadBet);
    }
    let drawn = draw.below(0, u64::from(RESULTS));
    let roll = u32::try_from(drawn).map_err(|_beyond| Fault::Internal)?;
    settle(edge, target, bet.stake_minor, roll)
}

fn settle(edge: Edge, target: Target, stake_minor: u64, roll: u32) -> Result<Outcome, Fault> {
    let multiplier_e4 = target.multiplier_e4(edge);
    let won = target.wins(roll);
    let full_minor = stake_minor.checked_mul(multiplier_e4).ok_or(Fault::Internal)? / ONE_E4;
    let paid_minor = if won { full_minor } else { 0 };
    let shown = Event::new("roll", |object| {
        object
            .integer("line", u64::from(target.line))
            .integer("multiplier_e4", multiplier_e4)
            .amount("paid_minor", paid_minor)
            .integer("roll", u64::from(roll))
            .text("side", target.side.name())
            .boolean("won", won);
    });
    Ok(Outcome::finished(paid_minor, vec![shown]))
}
