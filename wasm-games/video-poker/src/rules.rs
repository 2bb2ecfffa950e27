//! The two deals of a round. Nothing is drawn before bets, state and action are found good.

use alloc::vec;
use alloc::vec::Vec;

use game_sdk::{Action, Bet, Draw, Event, Fault, Offer, Outcome};

use crate::card::{label, take};
use crate::round::{MAX_MINOR, Round};
use crate::{Rank, Table, rank};

/// The only spot.
pub(crate) const MAIN: u32 = 0;
/// The only action: hold the cards whose bits are set in the argument, draw the others.
pub(crate) const DRAW: u32 = 1;
/// All five cards held.
pub(crate) const HOLD_ALL: i64 = 31;

/// Opens a round: five cards.
pub(crate) fn play(table: Table, bets: &[Bet], draw: &mut impl Draw) -> Result<Outcome, Fault> {
    let [Bet { spot: MAIN, stake_minor: stake_minor @ 1..=MAX_MINOR }] = *bets else {
        return Err(Fault::BadBet);
    };
    let mut gone = 0;
    let mut cards = [0; 5];
    for card in &mut cards {
        *card = take(&mut gone, draw)?;
    }
    let round = Round { stake_minor, cards };
    let event = Event::new("deal", |object| {
        object.texts("cards", cards.map(label)).text("hand", rank(cards).name());
    });
    Ok(Outcome {
        offers: vec![Offer { action: DRAW, extra_minor: 0 }],
        state: round.write(table),
        events: vec![event],
        ..Outcome::default()
    })
}

/// Ends the round: draws what isn't held and pays.
pub(crate) fn act(table: Table, state: &[u8], action: Action, draw: &mut impl Draw) -> Result<Outcome, Fault> {
    let round = Round::read(state, table)?;
    let Action { id: DRAW, arg: holds @ 0..=HOLD_ALL } = action else {
        return Err(Fault::BadAction);
    };
    let mut gone = round.gone();
    let mut cards = round.cards;
    for (at, card) in cards.iter_mut().enumerate() {
        if !held(holds, at) {
            *card = take(&mut gone, draw)?;
        }
    }
    let rank = rank(cards);
    let paid_minor = round.stake_minor.checked_mul(table.pays(rank)).ok_or(Fault::Internal)?;
    Ok(Outcome::finished(paid_minor, shown(holds, cards, rank, table, paid_minor)))
}

/// True when the card at `at` is held.
fn held(holds: i64, at: usize) -> bool {
    u32::try_from(at).ok().and_then(|at| holds.checked_shr(at)).is_some_and(|bits| bits & 1 == 1)
}

fn shown(holds: i64, cards: [u8; 5], rank: Rank, table: Table, paid_minor: u64) -> Vec<Event> {
    let mut events = Vec::with_capacity(2);
    events.push(Event::new("draw", |object| {
        let held = [0, 1, 2, 3, 4].map(|at| u64::from(held(holds, at)));
        object.texts("cards", cards.map(label)).text("hand", rank.name()).integers("held", held);
    }));
    if paid_minor > 0 {
        events.push(Event::new("win", |object| {
            object.text("hand", rank.name()).amount("paid_minor", paid_minor).integer("pays", table.pays(rank));
        }));
    }
    events
}
