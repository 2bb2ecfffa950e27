//! The bytes of a round: format, table (u32), stake (u64), the dealer's card, insurance, active hand, number of hands; for
//! each hand: doubled, number of cards, the cards.

use alloc::vec::Vec;

use game_sdk::{Fault, StateReader, StateWriter};

use crate::Table;
use crate::card::Card;
use crate::hand::Hand;
use crate::round::{Insurance, MAX_MINOR, Round};

const FORMAT: u8 = 1;
/// Most cards of a hand: each counts one at least, and 21 ends it.
pub(crate) const MOST_CARDS: usize = 21;

/// The state's bytes.
pub(crate) fn write(table: Table, round: &Round) -> Vec<u8> {
    let insurance = match round.insurance {
        Insurance::Declined => 0,
        Insurance::Taken => 1,
        Insurance::Undecided => 2,
    };
    let count = |count: usize| u8::try_from(count).unwrap_or(u8::MAX);
    let mut state = StateWriter::new(FORMAT)
        .u32(table.code())
        .u64(round.stake_minor)
        .u8(round.up.number())
        .u8(insurance)
        .u8(count(round.active))
        .u8(count(round.hands.len()));
    for hand in &round.hands {
        state = state.u8(u8::from(hand.doubled)).u8(count(hand.cards.len()));
        state = hand.cards.iter().fold(state, |state, card| state.u8(card.number()));
    }
    state.finish()
}

/// Reads what [`write`] wrote under the same table.
///
/// # Errors
/// [`Fault::BadState`] for bytes that no round at `table` can have.
pub(crate) fn read(table: Table, state: &[u8]) -> Result<Round, Fault> {
    let mut reader = StateReader::open(state, FORMAT)?;
    let code = reader.u32()?;
    let stake_minor = reader.u64()?;
    let up = card(&mut reader)?;
    let insurance = match reader.u8()? {
        0 => Insurance::Declined,
        1 => Insurance::Taken,
        2 => Insurance::Undecided,
        _ => return Err(Fault::BadState),
    };
    let active = usize::from(reader.u8()?);
    let count = reader.u8()?;
    if code != table.code() || count > table.resplit_to {
        return Err(Fault::BadState);
    }
    let hands = (0..count).map(|_nth| hand(&mut reader)).collect::<Result<Vec<Hand>, Fault>>()?;
    reader.finish()?;
    let round = Round { stake_minor, up, insurance, hands, active };
    if is_possible(table, &round) { Ok(round) } else { Err(Fault::BadState) }
}

fn card(reader: &mut StateReader<'_>) -> Result<Card, Fault> {
    Card::new(reader.u8()?).ok_or(Fault::BadState)
}

fn hand(reader: &mut StateReader<'_>) -> Result<Hand, Fault> {
    let doubled = match reader.u8()? {
        0 => false,
        1 => true,
        _ => return Err(Fault::BadState),
    };
    let count = usize::from(reader.u8()?);
    if count > MOST_CARDS {
        return Err(Fault::BadState);
    }
    let cards = (0..count).map(|_nth| card(reader)).collect::<Result<Vec<Card>, Fault>>()?;
    Ok(Hand { cards, doubled })
}

/// True when some play leads to `round` and leaves a decision.
fn is_possible(table: Table, round: &Round) -> bool {
    let stake_fits =
        (1..=MAX_MINOR).contains(&round.stake_minor) && round.stake_minor.is_multiple_of(table.step_minor());
    let insurance_fits = round.insurance == Insurance::Declined || round.up.value() == 1;
    stake_fits && insurance_fits && round.shoe(table).is_ok() && hands_are_possible(table, round)
}

fn hands_are_possible(table: Table, round: &Round) -> bool {
    let Some(active) = round.hand() else {
        return false;
    };
    if round.insurance == Insurance::Undecided {
        return !round.is_split() && active.cards.len() == 2 && !active.doubled;
    }
    let split = round.is_split();
    // Hands of a split begin with cards of one value.
    let value = |hand: &Hand| hand.cards.first().map(|card| card.value());
    let alike = round.hands.iter().all(|hand| value(hand) == value(active));
    let (played, rest) = round.hands.split_at(round.active);
    let waiting = rest.iter().skip(1).all(|hand| hand.cards.len() == 1 && !hand.doubled);
    let undecided = !active.is_complete(table, split) && grew(table, active, split);
    alike && waiting && undecided && played.iter().all(|hand| grew(table, hand, split))
}

/// True when each card beyond the second came by a decision that the cards before it allowed.
fn grew(table: Table, hand: &Hand, split: bool) -> bool {
    let before = |count: usize| hand.cards.get(..count).map(|cards| Hand::new(cards.to_vec()));
    let open = (2..hand.cards.len()).all(|count| before(count).is_some_and(|hand| !hand.is_complete(table, split)));
    let doubled = hand.cards.len() == 3 && before(2).is_some_and(|hand| hand.may_double(table, split));
    hand.cards.len() >= 2 && open && (!hand.doubled || doubled)
}
