//! What callers hand in: commands that happen together or not at all, with what must become known together with them.

use std::sync::Arc;

use ids::PlayerId;

use crate::engine::Command;
use crate::rider::Rider;

/// Something that the player's clients must learn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WalletEvent {
    /// Whose.
    pub player: PlayerId,
    /// What happened, JSON. The ledger adds the player's event number, the time and the player's cash after it.
    pub body: String,
}

/// Commands that are carried out together, in order, or not at all.
///
/// A unit of which every command was carried out before gets the first answers again, emits nothing and writes no rider.
/// If some were and some were not, the others are carried out now, and events and rider go with them.
#[derive(Clone, Debug, Default)]
pub struct Unit {
    /// At least one.
    pub commands: Vec<Command>,
    /// Emitted through the outbox in the same transaction.
    pub events: Vec<WalletEvent>,
    /// Rows of the caller's own room, written in the same transaction.
    pub rider: Option<Arc<dyn Rider>>,
    /// The trace that the events carry on.
    pub trace: Option<String>,
}

impl Unit {
    /// A unit of one command, with neither event nor rider.
    #[must_use]
    pub fn of(command: Command) -> Self {
        Self { commands: vec![command], ..Self::default() }
    }
}
