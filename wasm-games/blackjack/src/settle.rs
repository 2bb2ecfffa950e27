//! What each hand gets, and the insurance.

use alloc::vec::Vec;

use game_sdk::{Event, Fault, Outcome};

use crate::hand::Hand;
use crate::round::{Insurance, Round};
use crate::{Table, show};

/// How the dealer's hand ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum End {
    /// An ace and a ten in two cards.
    Blackjack,
    /// No blackjack, and nothing hung on more.
    Unplayed,
    /// More than 21 is a bust.
    Total(u8),
}

/// Pays every hand and the insurance; stakes are such that halves and six fifths are whole.
pub(crate) fn settle(table: Table, round: &Round, end: End, mut events: Vec<Event>) -> Result<Outcome, Fault> {
    let mut win_minor = 0_u64;
    // After a peek that found nothing the insurance is lost already.
    if round.insurance == Insurance::Taken && (end == End::Blackjack || !table.peek) {
        let paid_minor = if end == End::Blackjack { (round.stake_minor / 2).saturating_mul(3) } else { 0 };
        win_minor = paid_minor;
        events.push(show::insurance(paid_minor));
    }
    for (index, hand) in round.hands.iter().enumerate() {
        let (outcome, paid_minor) = match round.has_blackjack() {
            true => blackjack(table, round.stake_minor, end),
            false => compare(hand, round.stake_minor, end),
        };
        win_minor = win_minor.checked_add(paid_minor).ok_or(Fault::Internal)?;
        events.push(show::result(index, outcome, paid_minor));
    }
    Ok(Outcome::finished(win_minor, events))
}

/// The player's blackjack.
fn blackjack(table: Table, stake_minor: u64, end: End) -> (&'static str, u64) {
    let wins_minor = match (end, table.six_to_five) {
        (End::Blackjack, _) => return ("push", stake_minor),
        (_, false) => (stake_minor / 2).saturating_mul(3),
        (_, true) => (stake_minor / 5).saturating_mul(6),
    };
    ("blackjack", stake_minor.saturating_add(wins_minor))
}

/// Any other hand. A dealer's blackjack beats 21, and takes doubled and split stakes.
fn compare(hand: &Hand, stake_minor: u64, end: End) -> (&'static str, u64) {
    let bet_minor = stake_minor.saturating_mul(if hand.doubled { 2 } else { 1 });
    let points = hand.total().points;
    match end {
        _ if points > 21 => ("bust", 0),
        End::Total(dealer) if dealer > 21 || dealer < points => ("win", bet_minor.saturating_mul(2)),
        End::Total(dealer) if dealer == points => ("push", bet_minor),
        _ => ("lose", 0),
    }
}

/// Half the stake back.
pub(crate) fn surrender(round: &Round, mut events: Vec<Event>) -> Outcome {
    let paid_minor = round.stake_minor / 2;
    events.push(show::result(round.active, "surrender", paid_minor));
    Outcome::finished(paid_minor, events)
}

/// A blackjack paid at once, even, whatever the dealer has.
pub(crate) fn even_money(round: &Round, mut events: Vec<Event>) -> Result<Outcome, Fault> {
    let paid_minor = round.stake_minor.checked_mul(2).ok_or(Fault::Internal)?;
    events.push(show::result(round.active, "even-money", paid_minor));
    Ok(Outcome::finished(paid_minor, events))
}
