//! What happened in a run, counted by name: a simulation that meets no trouble proves nothing.

use std::collections::BTreeMap;

/// Counts by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Stats(BTreeMap<&'static str, u64>);

/// What the fixed seeds together must have met.
pub(crate) const SOUND: &[&str] = &[
    "deal settled",
    "deal void: terms",
    "deal void: game_fault",
    "round carried on",
    "bind refused",
    "bind repeated",
    "second content refused",
    "answer lost",
    "append of unknown outcome",
    "append fenced",
    "append known by its id",
    "dealer restarted",
    "bound by the second dealer",
    "edge restarted",
    "lease unpaid",
    "lease closed unopened",
    "lease fenced",
    "lease expired",
    "top-up written",
    "top-up given back",
    "top-up unpaid",
    "redelivered",
    "settler died before its commit",
    "settler died before its acknowledgement",
    "ledger killed",
    "ledger fenced",
    "second settler refused",
    "settler restarted from its rows",
];

impl Stats {
    /// Counts one.
    pub(crate) fn note(&mut self, what: &'static str) {
        self.note_many(what, 1);
    }

    pub(crate) fn note_many(&mut self, what: &'static str, times: u64) {
        *self.0.entry(what).or_default() += times;
    }

    pub(crate) fn of(&self, what: &str) -> u64 {
        self.0.get(what).copied().unwrap_or(0)
    }

    pub(crate) fn add(&mut self, other: &Self) {
        other.0.iter().for_each(|(what, times)| self.note_many(what, *times));
    }

    pub(crate) fn assert_seen(&self, all: &[&str]) {
        let unseen: Vec<_> = all.iter().filter(|what| self.of(what) == 0).collect();
        assert!(unseen.is_empty(), "never happened: {unseen:?} in {self:?}");
    }
}
