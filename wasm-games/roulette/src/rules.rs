//! One deal: check every bet, draw one pocket, settle every bet.
//!
//! Nothing is drawn before every bet is found good. A winning bet gets its stake and its winnings; under la partage an
//! even chance gets half its stake back on a zero, exactly, since such stakes are even (see [`Table`]).

use alloc::string::String;
use alloc::vec::Vec;

use game_sdk::{Bet, Draw, Event, Fault, Outcome};

use crate::layout::{DOUBLE_ZERO, IDS, RED, place};
use crate::table::{MIN_MINOR, max_minor};
use crate::{Place, Table};

/// All of a round: bets in, one pocket drawn, everything paid.
pub(crate) fn play(table: Table, bets: &[Bet], draw: &mut impl Draw) -> Result<Outcome, Fault> {
    check(table, bets)?;
    let drawn = draw.below(0, table.wheel.pockets());
    let pocket = u32::try_from(drawn).map_err(|_beyond| Fault::Internal)?;
    settle(table, bets, pocket)
}

fn check(table: Table, bets: &[Bet]) -> Result<(), Fault> {
    let mut seen = [0_u64; SEEN_WORDS];
    for bet in bets {
        let place = place(table.wheel, bet.spot).ok_or(Fault::BadBet)?;
        let word = usize::try_from(bet.spot / 64).ok().and_then(|word| seen.get_mut(word)).ok_or(Fault::BadBet)?;
        let mark = 1 << (bet.spot % 64);
        if *word & mark != 0 || !accepts(table, place, bet.stake_minor) {
            return Err(Fault::BadBet);
        }
        *word |= mark;
    }
    if bets.is_empty() {
        return Err(Fault::BadBet);
    }
    Ok(())
}

/// One bit an id.
const SEEN_WORDS: usize = 16;
const _: () = assert!(IDS <= 16 * 64, "one bit an id");

fn accepts(table: Table, place: Place, stake_minor: u64) -> bool {
    (MIN_MINOR..=max_minor(place)).contains(&stake_minor) && stake_minor.is_multiple_of(table.step_minor(place))
}

/// Places of a table that hold one number, about: more only cost a reallocation.
const MOST_WINNERS: usize = 18;

fn settle(table: Table, bets: &[Bet], pocket: u32) -> Result<Outcome, Fault> {
    let mut events = Vec::with_capacity(bets.len().min(MOST_WINNERS).saturating_add(1));
    events.push(spin(pocket));
    let mut win_minor = 0_u64;
    for bet in bets {
        let place = place(table.wheel, bet.spot).ok_or(Fault::Internal)?;
        let Some((name, paid_minor)) = pay(table, place, bet.stake_minor, pocket)? else {
            continue;
        };
        win_minor = win_minor.checked_add(paid_minor).ok_or(Fault::Internal)?;
        events.push(Event::new(name, |object| {
            object.amount("paid_minor", paid_minor).integer("spot", u64::from(bet.spot));
        }));
    }
    Ok(Outcome::finished(win_minor, events))
}

/// What a bet gets and the event that shows it, or `None` when it loses.
fn pay(table: Table, place: Place, stake_minor: u64, pocket: u32) -> Result<Option<(&'static str, u64)>, Fault> {
    if place.covers(pocket) {
        let times = place.pays_to_one().saturating_add(1);
        let paid = stake_minor.checked_mul(times).ok_or(Fault::Internal)?;
        return Ok(Some(("win", paid)));
    }
    if is_zero(pocket) && table.halves(place) {
        return Ok(Some(("half", stake_minor / 2)));
    }
    Ok(None)
}

fn is_zero(pocket: u32) -> bool {
    pocket == 0 || pocket == DOUBLE_ZERO
}

fn spin(pocket: u32) -> Event {
    let color = match pocket {
        _ if is_zero(pocket) => "green",
        _ if (RED >> pocket) & 1 == 1 => "red",
        _ => "black",
    };
    Event::new("spin", |object| {
        object.text("color", color).text("label", &label(pocket)).integer("pocket", u64::from(pocket));
    })
}

/// The number as it's written on the wheel.
pub(crate) fn label(pocket: u32) -> String {
    if pocket == DOUBLE_ZERO {
        return String::from("00");
    }
    let digits = [pocket / 10, pocket % 10];
    let skip = usize::from(pocket < 10);
    digits.into_iter().skip(skip).filter_map(|digit| char::from_digit(digit, 10)).collect()
}
