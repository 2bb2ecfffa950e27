//! Units as the writer gets them: checked, hashed, bounded.

use ids::TransferId;

use super::command::{Command, Prepared};
use super::intent::Malformed;
use super::reply::{Reason, Rejected};
use crate::limits;
use crate::unit::WalletEvent;

/// A unit checked and hashed: what a caller's thread does ahead of the writer.
#[derive(Clone, Debug)]
pub struct PreparedUnit {
    pub(super) commands: Vec<Prepared>,
    pub(super) events: Vec<WalletEvent>,
    pub(super) trace: Option<String>,
}

impl PreparedUnit {
    /// Checks and hashes a unit's parts.
    ///
    /// # Errors
    /// The rejection that the caller gets, when a part is malformed.
    pub fn try_new(commands: &[Command], events: Vec<WalletEvent>, trace: Option<String>) -> Result<Self, Rejected> {
        let first = commands.first().map_or(TransferId::from_bytes([0; 16]), |command| command.id);
        let reject = |index, id, why| Rejected { index, id, reason: Reason::Malformed(why), is_final: false };
        let too_many = commands.len() > limits::UNIT_COMMANDS || events.len() > limits::UNIT_EVENTS;
        if commands.is_empty() || too_many {
            return Err(reject(0, first, Malformed::UnitSize));
        }
        let long_trace = trace.as_ref().is_some_and(|trace| trace.len() > limits::TRACE_BYTES);
        if long_trace || events.iter().any(|event| event.body.len() > limits::EVENT_BYTES) {
            return Err(reject(0, first, Malformed::EventSize));
        }
        let prepared = commands.iter().enumerate();
        let prepared = prepared.map(|(index, command)| command.prepare().map_err(|why| reject(index, command.id, why)));
        Ok(Self { commands: prepared.collect::<Result<_, _>>()?, events, trace })
    }

    /// The ids of its commands.
    pub fn ids(&self) -> impl Iterator<Item = TransferId> + '_ {
        self.commands.iter().map(|command| command.id)
    }

    /// How many commands it has; at least one.
    #[must_use]
    pub fn size(&self) -> usize {
        self.commands.len()
    }
}
