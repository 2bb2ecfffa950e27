//! The player's side: the first deal, and one deal a decision. Nothing is drawn before bets, state and action are found
//! good, and no card before the decision that it follows.

use alloc::vec;
use alloc::vec::Vec;

use game_sdk::{Action, Bet, Draw, Event, Fault, Outcome};

use crate::card::Card;
use crate::dealer;
use crate::hand::Hand;
use crate::offers::{Choice, choice, offers};
use crate::round::{Insurance, MAX_MINOR, Round};
use crate::settle::{End, even_money, settle, surrender};
use crate::shoe::Shoe;
use crate::{Table, show, state};

/// The only spot.
pub(crate) const MAIN: u32 = 0;

/// Opens a round: a card to the player, one to the dealer, a second to the player.
pub(crate) fn open(table: Table, bets: &[Bet], draw: &mut impl Draw) -> Result<Outcome, Fault> {
    let [Bet { spot: MAIN, stake_minor: stake_minor @ 1..=MAX_MINOR }] = *bets else {
        return Err(Fault::BadBet);
    };
    if !stake_minor.is_multiple_of(table.step_minor()) {
        return Err(Fault::BadBet);
    }
    let mut shoe = Shoe::new(table.decks);
    let (first, up, second) = (shoe.take(draw)?, shoe.take(draw)?, shoe.take(draw)?);
    let insurance = if up.value() == 1 { Insurance::Undecided } else { Insurance::Declined };
    let round = Round { stake_minor, up, insurance, hands: vec![Hand::new(vec![first, second])], active: 0 };
    let events = vec![show::deal(up, [first, second])];
    match insurance {
        Insurance::Undecided => Ok(goes_on(table, &round, events)),
        _ => begin(table, round, events, draw),
    }
}

/// Goes on with a round.
pub(crate) fn act(table: Table, state: &[u8], action: Action, draw: &mut impl Draw) -> Result<Outcome, Fault> {
    let mut round = state::read(table, state)?;
    let mut events = Vec::with_capacity(8);
    match choice(table, &round, action)? {
        Choice::Hit => deal(table, &mut round, &mut events, draw)?,
        Choice::Stand => {
            events.push(show::decision("stand", round.active));
            round.active = round.active.saturating_add(1);
        }
        Choice::Double => {
            events.push(show::decision("double", round.active));
            round.hands.get_mut(round.active).ok_or(Fault::Internal)?.doubled = true;
            deal(table, &mut round, &mut events, draw)?;
        }
        Choice::Split => {
            events.push(show::decision("split", round.active));
            split(&mut round)?;
        }
        Choice::Surrender => return Ok(surrender(&round, events)),
        Choice::EvenMoney => return even_money(&round, events),
        Choice::Insure => {
            round.insurance = Insurance::Taken;
            events.push(show::insured(round.stake_minor / 2));
            return begin(table, round, events, draw);
        }
        Choice::Decline => {
            round.insurance = Insurance::Declined;
            return begin(table, round, events, draw);
        }
    }
    advance(table, round, events, draw)
}

/// After the question of insurance: the peek, then the first decision, unless the player's blackjack leaves none.
fn begin(table: Table, round: Round, mut events: Vec<Event>, draw: &mut impl Draw) -> Result<Outcome, Fault> {
    if round.is_peeked(table) {
        let hole = round.shoe(table)?.peek(round.up, draw)?;
        events.push(show::peek(hole.is_some()));
        if let Some(hole) = hole {
            events.push(show::hole(hole));
            return settle(table, &round, End::Blackjack, events);
        }
        if round.insurance == Insurance::Taken {
            events.push(show::insurance(0));
        }
    }
    if round.has_blackjack() {
        return dealer::finish(table, &round, events, draw);
    }
    Ok(goes_on(table, &round, events))
}

/// Deals what the rules deal by themselves, up to the next decision or to the dealer's turn.
fn advance(table: Table, mut round: Round, mut events: Vec<Event>, draw: &mut impl Draw) -> Result<Outcome, Fault> {
    loop {
        let split = round.is_split();
        match round.hand() {
            None => return dealer::finish(table, &round, events, draw),
            Some(hand) if hand.cards.len() < 2 => deal(table, &mut round, &mut events, draw)?,
            Some(hand) if hand.is_complete(table, split) => round.active = round.active.saturating_add(1),
            Some(_) => return Ok(goes_on(table, &round, events)),
        }
    }
}

/// A card to the active hand.
fn deal(table: Table, round: &mut Round, events: &mut Vec<Event>, draw: &mut impl Draw) -> Result<(), Fault> {
    let card = round.deal(table, draw)?;
    let total = round.hand().ok_or(Fault::Internal)?.total();
    events.push(show::card(card, round.active, total));
    Ok(())
}

/// The active pair becomes two hands of one card; the right one waits.
fn split(round: &mut Round) -> Result<(), Fault> {
    let hand = round.hands.get_mut(round.active).ok_or(Fault::Internal)?;
    let second: Card = hand.cards.pop().ok_or(Fault::Internal)?;
    round.hands.insert(round.active.saturating_add(1), Hand::new(vec![second]));
    Ok(())
}

fn goes_on(table: Table, round: &Round, events: Vec<Event>) -> Outcome {
    Outcome { offers: offers(table, round), state: state::write(table, round), events, ..Outcome::default() }
}
