//! The rules: a paid spin, a bought bonus, a free spin. Each is one deal.
//!
//! Nothing is drawn before bets, state and action are found good. Stakes are whole numbers of line stakes, and every
//! pay is one too, so nothing is ever rounded.

use alloc::vec;
use alloc::vec::Vec;

use game_sdk::{Action, Bet, Draw, Event, Fault, Offer, Outcome};

use crate::free_spins::FreeSpins;
use crate::lines::{LINES, LineWin, wins};
use crate::symbol::{Symbol, scatter_pays};
use crate::window::{Stops, Window, lanterns, spin};
use crate::{Variant, strips};

/// The spot of a paid spin.
pub(crate) const SPIN: u32 = 0;
/// The spot of a bought bonus.
pub(crate) const BUY: u32 = 1;
/// The action of a free spin.
pub(crate) const FREE_SPIN: u32 = 1;
/// Price of a bonus, in stakes of a spin.
pub(crate) const BUY_PRICE: u64 = 27;
/// Line stakes in a bonus's price.
pub(crate) const BUY_LINES: u64 = LINES * BUY_PRICE;
/// Largest stake of one line, minor units; the smallest is 1.
pub(crate) const LINE_MAX_MINOR: u64 = 50_000;
/// What a wild adds to its line's multiplier in a paid spin.
const WILD_STEP: u64 = 1;
/// The same in a free spin.
const FREE_WILD_STEP: u64 = 2;

/// Opens a round: one bet, on a spin or on a bonus.
pub(crate) fn play(variant: Variant, bets: &[Bet], draw: &mut impl Draw) -> Result<Outcome, Fault> {
    let [bet] = bets else {
        return Err(Fault::BadBet);
    };
    match bet.spot {
        SPIN => paid_spin(variant, line_minor(bet.stake_minor, LINES)?, draw),
        BUY => bought_bonus(variant, line_minor(bet.stake_minor, BUY_LINES)?, draw),
        _ => Err(Fault::BadBet),
    }
}

/// Goes on with a round: the next free spin.
pub(crate) fn act(variant: Variant, state: &[u8], action: Action, draw: &mut impl Draw) -> Result<Outcome, Fault> {
    let before = FreeSpins::read(state, variant)?;
    if action != (Action { id: FREE_SPIN, arg: 0 }) {
        return Err(Fault::BadAction);
    }
    let shown = Shown::spin(&strips::FREE, FREE_WILD_STEP, before.line_minor, draw)?;
    let after = before.after_spin(shown.lanterns);
    let mut events = shown.events;
    events.push(free_spins_event(after, after.total.saturating_sub(before.total)));
    Ok(outcome(variant, shown.win_minor, events, Some(after)))
}

/// The stake of one line, from a stake of `lines` lines.
fn line_minor(stake_minor: u64, lines: u64) -> Result<u64, Fault> {
    let line_minor = stake_minor.checked_div(lines).unwrap_or(0);
    if stake_minor.is_multiple_of(lines) && (1..=LINE_MAX_MINOR).contains(&line_minor) {
        return Ok(line_minor);
    }
    Err(Fault::BadBet)
}

fn paid_spin(variant: Variant, line_minor: u64, draw: &mut impl Draw) -> Result<Outcome, Fault> {
    let shown = Shown::spin(&strips::base(variant), WILD_STEP, line_minor, draw)?;
    let won = FreeSpins::won(line_minor, shown.lanterns);
    let mut events = shown.events;
    events.extend(won.map(|won| free_spins_event(won, won.total)));
    Ok(outcome(variant, shown.win_minor, events, won))
}

fn bought_bonus(variant: Variant, line_minor: u64, draw: &mut impl Draw) -> Result<Outcome, Fault> {
    let bought = FreeSpins::bought(line_minor, draw)?;
    let events = vec![free_spins_event(bought, bought.total)];
    Ok(outcome(variant, 0, events, Some(bought)))
}

/// The deal's result: the round goes on while free spins are left.
fn outcome(variant: Variant, win_minor: u64, events: Vec<Event>, spins: Option<FreeSpins>) -> Outcome {
    match spins {
        Some(spins) if spins.left() > 0 => Outcome {
            win_minor,
            finished: false,
            offers: vec![Offer { action: FREE_SPIN, extra_minor: 0 }],
            state: spins.write(variant),
            events,
            triggers: Vec::new(),
        },
        _ => Outcome::finished(win_minor, events),
    }
}

/// What one spin of the reels showed and won.
struct Shown {
    win_minor: u64,
    lanterns: usize,
    events: Vec<Event>,
}

impl Shown {
    fn spin(reels: &strips::Reels, wild_step: u64, line_minor: u64, draw: &mut impl Draw) -> Result<Self, Fault> {
        let (stops, window) = spin(reels, draw)?;
        let mut events = Vec::with_capacity(8);
        events.push(reels_event(stops, &window));
        let mut win_minor = 0_u64;
        for line in wins(&window, wild_step) {
            let paid_minor = pay(line.units, line_minor, &mut win_minor)?;
            events.push(line_event(line, paid_minor));
        }
        let lanterns = lanterns(&window);
        let units = scatter_pays(lanterns).saturating_mul(LINES);
        if units > 0 {
            let paid_minor = pay(units, line_minor, &mut win_minor)?;
            events.push(Event::new("scatter", |object| {
                object.integer("count", u64::try_from(lanterns).unwrap_or(0)).amount("paid_minor", paid_minor);
            }));
        }
        Ok(Self { win_minor, lanterns, events })
    }
}

/// Adds `units` line stakes to the win and returns them, minor units.
fn pay(units: u64, line_minor: u64, win_minor: &mut u64) -> Result<u64, Fault> {
    let paid_minor = units.checked_mul(line_minor).ok_or(Fault::Internal)?;
    *win_minor = win_minor.checked_add(paid_minor).ok_or(Fault::Internal)?;
    Ok(paid_minor)
}

/// Where the reels stopped, and what is in sight: a text of three letters a reel, from the top.
fn reels_event(stops: Stops, window: &Window) -> Event {
    Event::new("reels", |object| {
        let letters = window.map(|reel| reel.map(Symbol::letter));
        let texts = letters.iter().filter_map(|reel| core::str::from_utf8(reel).ok());
        object.texts("reels", texts).integers("stops", stops);
    })
}

fn line_event(win: LineWin, paid_minor: u64) -> Event {
    Event::new("line", |object| {
        object
            .integer("count", win.count)
            .integer("line", win.line)
            .integer("multiplier", win.multiplier)
            .amount("paid_minor", paid_minor)
            .text("symbol", win.symbol.name());
    })
}

fn free_spins_event(spins: FreeSpins, added: u8) -> Event {
    Event::new("free_spins", |object| {
        object
            .integer("added", u64::from(added))
            .integer("left", u64::from(spins.left()))
            .integer("total", u64::from(spins.total));
    })
}
