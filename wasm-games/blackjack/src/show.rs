//! The events, in the order in which a client plays them.

use game_sdk::Event;

use crate::card::Card;
use crate::hand::Total;

/// The first cards in sight.
pub(crate) fn deal(up: Card, player: [Card; 2]) -> Event {
    Event::new("deal", |object| {
        object.text("dealer", &up.label()).texts("player", player.map(Card::label));
    })
}

/// Stand, double or split of a hand. A split hand's right half becomes the hand after it.
pub(crate) fn decision(name: &str, hand: usize) -> Event {
    Event::new(name, |object| {
        object.integer("hand", index(hand));
    })
}

/// A card to a hand, and what it counts now.
pub(crate) fn card(card: Card, hand: usize, total: Total) -> Event {
    Event::new("card", |object| {
        object
            .text("card", &card.label())
            .integer("hand", index(hand))
            .boolean("soft", total.soft)
            .integer("total", u64::from(total.points));
    })
}

pub(crate) fn insured(stake_minor: u64) -> Event {
    Event::new("insured", |object| {
        object.amount("stake_minor", stake_minor);
    })
}

/// The dealer looked under an ace or a ten.
pub(crate) fn peek(blackjack: bool) -> Event {
    Event::new("peek", |object| {
        object.boolean("blackjack", blackjack);
    })
}

/// The hole card, turned over.
pub(crate) fn hole(card: Card) -> Event {
    Event::new("hole", |object| {
        object.text("card", &card.label());
    })
}

pub(crate) fn dealer_card(card: Card) -> Event {
    Event::new("dealer_card", |object| {
        object.text("card", &card.label());
    })
}

/// The dealer's last total.
pub(crate) fn dealer(total: Total) -> Event {
    Event::new("dealer", |object| {
        object.integer("total", u64::from(total.points));
    })
}

pub(crate) fn insurance(paid_minor: u64) -> Event {
    Event::new("insurance", |object| {
        object.amount("paid_minor", paid_minor);
    })
}

pub(crate) fn result(hand: usize, outcome: &str, paid_minor: u64) -> Event {
    Event::new("result", |object| {
        object.integer("hand", index(hand)).text("outcome", outcome).amount("paid_minor", paid_minor);
    })
}

fn index(hand: usize) -> u64 {
    u64::try_from(hand).unwrap_or(u64::MAX)
}
