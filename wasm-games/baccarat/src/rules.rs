//! One deal: check every bet, deal the coup, settle every bet. Nothing is drawn before every bet is found good.

use alloc::string::String;
use alloc::vec::Vec;

use game_sdk::{Bet, Draw, Event, Fault, Outcome};

use crate::Table;
use crate::coup::{Coup, Hand};
use crate::spot::{Paid, Spot};

/// All of a round.
pub(crate) fn play(table: Table, bets: &[Bet], draw: &mut impl Draw) -> Result<Outcome, Fault> {
    check(table, bets)?;
    let coup = Coup::deal(table.decks, draw)?;
    settle(table, bets, coup)
}

fn check(table: Table, bets: &[Bet]) -> Result<(), Fault> {
    let mut seen = 0_u32;
    for bet in bets {
        let spot = Spot::by_id(bet.spot).ok_or(Fault::BadBet)?;
        let mark = 1_u32.checked_shl(bet.spot).ok_or(Fault::BadBet)?;
        if seen & mark != 0 || !spot.accepts(table, bet.stake_minor) {
            return Err(Fault::BadBet);
        }
        seen |= mark;
    }
    if bets.is_empty() {
        return Err(Fault::BadBet);
    }
    Ok(())
}

fn settle(table: Table, bets: &[Bet], coup: Coup) -> Result<Outcome, Fault> {
    let mut events = Vec::with_capacity(9);
    show(coup, &mut events);
    let mut win_minor = 0_u64;
    for bet in bets {
        let spot = Spot::by_id(bet.spot).ok_or(Fault::Internal)?;
        let (name, paid_minor) = match spot.paid(table, coup, bet.stake_minor)? {
            Paid::Nothing => continue,
            Paid::Push(paid_minor) => ("push", paid_minor),
            Paid::Win(paid_minor) => ("win", paid_minor),
        };
        win_minor = win_minor.checked_add(paid_minor).ok_or(Fault::Internal)?;
        events.push(Event::new(name, |object| {
            object.amount("paid_minor", paid_minor).integer("spot", u64::from(bet.spot));
        }));
    }
    Ok(Outcome::finished(win_minor, events))
}

/// The cards as they fall, then the result.
fn show(coup: Coup, events: &mut Vec<Event>) {
    let (player, banker) = (coup.player, coup.banker);
    events.push(Event::new("deal", |object| {
        let labels = |hand: Hand| [text(hand.first.label()), text(hand.second.label())];
        object.texts("banker", labels(banker)).texts("player", labels(player));
    }));
    for (side, hand) in [("player", player), ("banker", banker)] {
        events.extend(hand.third.map(|card| {
            Event::new("third", |object| {
                object.text("card", &text(card.label())).text("side", side);
            })
        }));
    }
    events.push(Event::new("result", |object| {
        object
            .integer("banker", u64::from(banker.points()))
            .integer("player", u64::from(player.points()))
            .text("winner", coup.winner().name());
    }));
}

fn text(label: [u8; 2]) -> String {
    label.into_iter().map(char::from).collect()
}
