//! What the player may do, and for how much.

use alloc::vec::Vec;

use game_sdk::{Action, Fault, Offer};

use crate::Table;
use crate::round::{Insurance, Round};

/// A decision. Its number from 1 is its action's id.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Choice {
    Hit,
    Stand,
    Double,
    Split,
    Surrender,
    Insure,
    Decline,
    EvenMoney,
}

impl Choice {
    /// In the order of their ids, with their names.
    pub(crate) const ALL: [(u32, Self, &'static str); 8] = [
        (1, Self::Hit, "hit"),
        (2, Self::Stand, "stand"),
        (3, Self::Double, "double"),
        (4, Self::Split, "split"),
        (5, Self::Surrender, "surrender"),
        (6, Self::Insure, "insure"),
        (7, Self::Decline, "decline"),
        (8, Self::EvenMoney, "even_money"),
    ];

    /// What it costs, or `None` when it isn't allowed.
    fn price_minor(self, table: Table, round: &Round) -> Option<u64> {
        let undecided = round.insurance == Insurance::Undecided;
        let hand = round.hand()?;
        let (allowed, price_minor) = match self {
            Self::Insure => (undecided && !round.has_blackjack(), round.stake_minor / 2),
            Self::EvenMoney => (undecided && round.has_blackjack(), 0),
            Self::Decline => (undecided, 0),
            _ if undecided => (false, 0),
            Self::Hit | Self::Stand => (true, 0),
            Self::Double => (hand.may_double(table, round.is_split()), round.stake_minor),
            Self::Split => {
                let room = round.hands.len() < usize::from(table.resplit_to);
                (room && hand.pair_value().is_some(), round.stake_minor)
            }
            Self::Surrender => (table.late_surrender && !round.is_split() && hand.cards.len() == 2, 0),
        };
        allowed.then_some(price_minor)
    }
}

/// Everything allowed, by id.
pub(crate) fn offers(table: Table, round: &Round) -> Vec<Offer> {
    let offer = |(action, choice, _): (u32, Choice, &str)| {
        choice.price_minor(table, round).map(|extra_minor| Offer { action, extra_minor })
    };
    Choice::ALL.into_iter().filter_map(offer).collect()
}

/// The decision that `action` names.
///
/// # Errors
/// [`Fault::BadAction`] for one that isn't offered.
pub(crate) fn choice(table: Table, round: &Round, action: Action) -> Result<Choice, Fault> {
    let named = Choice::ALL.into_iter().find(|(id, ..)| *id == action.id && action.arg == 0);
    let allowed = named.map(|(_, choice, _)| choice).filter(|choice| choice.price_minor(table, round).is_some());
    allowed.ok_or(Fault::BadAction)
}
