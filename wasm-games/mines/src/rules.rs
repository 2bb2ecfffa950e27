//! The rules: a stake with its first pick, further picks, and stopping. Each is one deal.
//!
//! Nothing is drawn before bets, state and action are found good. When a round ends, the rest of the board is laid by
//! further draws and shown; that decides nothing.

use alloc::vec;
use alloc::vec::Vec;

use game_sdk::{Action, Bet, Draw, Event, Fault, Offer, Outcome};

use crate::board::{Board, bit};
use crate::field::{CELLS, Field};
use crate::round::{Round, stake_fits};

/// The action that opens the cell of its argument.
pub(crate) const PICK: u32 = 1;
/// The action that stops and takes the price.
pub(crate) const CASH_OUT: u32 = 2;

/// Opens a round: one bet, on the cell that is picked first.
pub(crate) fn play(field: Field, bets: &[Bet], draw: &mut impl Draw) -> Result<Outcome, Fault> {
    let [bet] = bets else {
        return Err(Fault::BadBet);
    };
    if bet.spot >= CELLS || !stake_fits(bet.stake_minor) {
        return Err(Fault::BadBet);
    }
    pick(field, Round { stake_minor: bet.stake_minor, open: 0 }, bet.spot, draw)
}

/// Goes on with a round: another pick, or the end.
pub(crate) fn act(field: Field, state: &[u8], action: Action, draw: &mut impl Draw) -> Result<Outcome, Fault> {
    let round = Round::read(state, field)?;
    let cell = u32::try_from(action.arg).map_err(|_beyond| Fault::BadAction)?;
    match action.id {
        PICK if cell < CELLS && round.open & bit(cell) == 0 => pick(field, round, cell, draw),
        CASH_OUT if cell == 0 => {
            let board = Board::new(field, round.open);
            end(field, round.worth_minor(field)?, board.look_everywhere(draw), Vec::new())
        }
        _ => Err(Fault::BadAction),
    }
}

fn pick(field: Field, before: Round, cell: u32, draw: &mut impl Draw) -> Result<Outcome, Fault> {
    let mut board = Board::new(field, before.open);
    if board.look(cell, draw) {
        let events = vec![pick_event(field, before, cell, true)];
        return end(field, 0, board.look_everywhere(draw) | bit(cell), events);
    }
    let round = Round { open: before.open | bit(cell), ..before };
    let events = vec![pick_event(field, round, cell, false)];
    if round.picks() >= field.most_picks {
        return end(field, round.worth_minor(field)?, board.look_everywhere(draw), events);
    }
    let offer = |action| Offer { action, extra_minor: 0 };
    Ok(Outcome {
        win_minor: 0,
        finished: false,
        offers: vec![offer(PICK), offer(CASH_OUT)],
        state: round.write(field),
        events,
        triggers: Vec::new(),
    })
}

/// The round's end: every mine is shown, and what is paid.
fn end(field: Field, paid_minor: u64, mined: u32, mut events: Vec<Event>) -> Result<Outcome, Fault> {
    if mined.count_ones() != field.mines {
        return Err(Fault::Internal);
    }
    let cells = (0..CELLS).filter(|cell| mined & bit(*cell) != 0).map(u64::from);
    events.push(Event::new("end", |object| {
        object.integers("mines", cells).amount("paid_minor", paid_minor);
    }));
    Ok(Outcome::finished(paid_minor, events))
}

/// A pick, with the price that stands after it and the next one; 0 where there is none.
fn pick_event(field: Field, round: Round, cell: u32, mined: bool) -> Event {
    let next = round.picks().saturating_add(1);
    let goes_on = !mined && next <= field.most_picks;
    let price_e4 = |stands: bool, picks: u32| if stands { field.price_e4(picks).unwrap_or(0) } else { 0 };
    Event::new("pick", |object| {
        object
            .integer("cell", u64::from(cell))
            .boolean("mined", mined)
            .integer("next_e4", price_e4(goes_on, next))
            .integer("picks", u64::from(round.picks()))
            .integer("price_e4", price_e4(!mined, round.picks()));
    })
}
