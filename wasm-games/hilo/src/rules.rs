//! The rules: a first card, guesses, and stopping. Each is one deal.
//!
//! Nothing is drawn before bets, state and action are found good.

use alloc::vec;
use alloc::vec::Vec;

use game_sdk::{Action, Bet, Draw, Event, Fault, Offer, Outcome};

use crate::edge::Edge;
use crate::guess::{CARDS, Guess};
use crate::history::{History, ONE_E4, stake_fits};

/// The one spot.
pub(crate) const STAKE: u32 = 0;
/// The action that stops and takes the price. Guesses are 1 to 3.
pub(crate) const CASH_OUT: u32 = 4;

/// Opens a round: one bet, one card.
pub(crate) fn play(edge: Edge, bets: &[Bet], draw: &mut impl Draw) -> Result<Outcome, Fault> {
    let [bet] = bets else {
        return Err(Fault::BadBet);
    };
    if bet.spot != STAKE || !stake_fits(bet.stake_minor) {
        return Err(Fault::BadBet);
    }
    let history = History::new(edge, bet.stake_minor, next_card(draw)?);
    let shown = Event::new("card", |object| {
        object.integer("card", u64::from(history.card()));
    });
    go_on(edge, &history, vec![shown])
}

/// Goes on with a round: a guess, or the end.
pub(crate) fn act(edge: Edge, state: &[u8], action: Action, draw: &mut impl Draw) -> Result<Outcome, Fault> {
    let history = History::read(state, edge)?;
    if action.arg != 0 {
        return Err(Fault::BadAction);
    }
    if action.id == CASH_OUT {
        return pay(&history, Vec::new());
    }
    let guess = Guess::of(action.id).filter(|guess| history.offered_e4(*guess).is_some());
    let guess = guess.ok_or(Fault::BadAction)?;
    let card = next_card(draw)?;
    let came_true = guess.is_true(history.card(), card);
    let shown = Event::new("guess", |object| {
        object.integer("card", u64::from(card)).text("guess", guess.name()).boolean("won", came_true);
    });
    if !came_true {
        return Ok(Outcome::finished(0, vec![shown, end_event(0, 0)]));
    }
    let history = history.with(guess, card);
    if history.is_over() {
        return pay(&history, vec![shown]);
    }
    go_on(edge, &history, vec![shown])
}

fn next_card(draw: &mut impl Draw) -> Result<u8, Fault> {
    u8::try_from(draw.below(0, u64::from(CARDS))).map_err(|_beyond| Fault::Internal)
}

/// The deal's result while something can be guessed: offers, and what they would make of the price.
fn go_on(edge: Edge, history: &History, mut events: Vec<Event>) -> Result<Outcome, Fault> {
    let price_e4 = history.price_e4().ok_or(Fault::Internal)?;
    let next_e4 = |guess| history.offered_e4(guess).unwrap_or(0);
    events.push(Event::new("prices", |object| {
        object
            .integer("guesses", u64::try_from(history.guesses()).unwrap_or(0))
            .integer("higher_e4", next_e4(Guess::Higher))
            .integer("lower_e4", next_e4(Guess::Lower))
            .integer("now_e4", price_e4)
            .integer("same_e4", next_e4(Guess::Same));
    }));
    let offered = Guess::ALL.into_iter().filter(|guess| history.offered_e4(*guess).is_some());
    let actions = offered.map(|guess| u32::from(guess.id())).chain([CASH_OUT]);
    Ok(Outcome {
        win_minor: 0,
        finished: false,
        offers: actions.map(|action| Offer { action, extra_minor: 0 }).collect(),
        state: history.write(edge),
        events,
        triggers: Vec::new(),
    })
}

/// The round's end, with its price.
fn pay(history: &History, mut events: Vec<Event>) -> Result<Outcome, Fault> {
    let price_e4 = history.price_e4().ok_or(Fault::Internal)?;
    let paid_minor = history.stake_minor.checked_mul(price_e4).ok_or(Fault::Internal)? / ONE_E4;
    events.push(end_event(paid_minor, price_e4));
    Ok(Outcome::finished(paid_minor, events))
}

fn end_event(paid_minor: u64, price_e4: u64) -> Event {
    Event::new("end", |object| {
        object.amount("paid_minor", paid_minor).integer("price_e4", price_e4);
    })
}
