//! What goes into a deal and what comes out of it.

use alloc::string::String;
use alloc::vec::Vec;

use crate::ObjectWriter;

/// A stake on a spot.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Bet {
    /// The spot's id.
    pub spot: u32,
    /// Minor units.
    pub stake_minor: u64,
}

/// A decision of the player.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Action {
    /// The action's id.
    pub id: u32,
    /// Its argument.
    pub arg: i64,
}

/// A legal next action. The host takes the price before it calls `act`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Offer {
    /// The action's id.
    pub action: u32,
    /// Its price, minor units.
    pub extra_minor: u64,
}

/// One thing to show: a name and a canonical JSON value.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Event {
    /// What happened.
    pub name: String,
    /// Canonical JSON.
    pub data: String,
}

impl Event {
    /// An event whose data is the object that `fill` writes.
    pub fn new(name: &str, fill: impl FnOnce(&mut ObjectWriter)) -> Self {
        let mut object = ObjectWriter::new();
        fill(&mut object);
        Self { name: String::from(name), data: object.finish() }
    }
}

/// A report that a jackpot's condition was met; the core settles it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Trigger {
    /// The pool's id.
    pub pool: u32,
    /// The tier within the pool.
    pub tier: u32,
}

/// The result of one deal.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Outcome {
    /// Paid by this deal, minor units, stakes won back included.
    pub win_minor: u64,
    /// True when the round is over; `offers` and `state` are then empty.
    pub finished: bool,
    /// What the player may do next.
    pub offers: Vec<Offer>,
    /// Everything the next `act` needs, in a game's own format.
    pub state: Vec<u8>,
    /// What to show, in order.
    pub events: Vec<Event>,
    /// Jackpot reports.
    pub triggers: Vec<Trigger>,
}

impl Outcome {
    /// A deal that ends its round.
    #[must_use]
    pub fn finished(win_minor: u64, events: Vec<Event>) -> Self {
        Self { win_minor, finished: true, events, ..Self::default() }
    }

    /// Bytes of all names and data of the events.
    #[must_use]
    pub fn event_bytes(&self) -> usize {
        self.events.iter().map(|event| event.name.len().saturating_add(event.data.len())).fold(0, usize::saturating_add)
    }
}
