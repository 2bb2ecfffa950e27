//! The dealer's side: the hole card, turned over when something hangs on it, and the cards to seventeen.

use alloc::vec;
use alloc::vec::Vec;

use game_sdk::{Draw, Event, Fault, Outcome};

use crate::hand::Total;
use crate::round::{Insurance, Round};
use crate::settle::{End, settle};
use crate::{Table, show};

/// Ends the round after the player's last decision.
pub(crate) fn finish(
    table: Table,
    round: &Round,
    mut events: Vec<Event>,
    draw: &mut impl Draw,
) -> Result<Outcome, Fault> {
    let end = play(table, round, &mut events, draw)?;
    settle(table, round, end, events)
}

fn play(table: Table, round: &Round, events: &mut Vec<Event>, draw: &mut impl Draw) -> Result<End, Fault> {
    let may_have_blackjack = round.dealer_may_have_blackjack() && !table.peek;
    let standing = round.hands.iter().any(|hand| !hand.total().is_bust());
    // A player's blackjack and an insurance ask for no more than whether the dealer has one.
    let contested = standing && !round.has_blackjack();
    let insured = round.insurance == Insurance::Taken;
    if !contested && !(may_have_blackjack && (standing || insured)) {
        return Ok(End::Unplayed);
    }
    let mut shoe = round.shoe(table)?;
    let hole = if round.is_peeked(table) { shoe.hole(round.up, draw)? } else { shoe.take(draw)? };
    events.push(show::hole(hole));
    if hole.completes(round.up) {
        return Ok(End::Blackjack);
    }
    if !contested {
        return Ok(End::Unplayed);
    }
    let mut cards = vec![round.up, hole];
    loop {
        let total = Total::of(&cards);
        let soft_17 = total == Total { points: 17, soft: true };
        if total.points >= 17 && !(soft_17 && table.hits_soft_17) {
            events.push(show::dealer(total));
            return Ok(End::Total(total.points));
        }
        let card = shoe.take(draw)?;
        events.push(show::dealer_card(card));
        cards.push(card);
    }
}
