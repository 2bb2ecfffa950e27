//! The round log as a broker keeps it: one sequence for all leases, a fence on each lease's last one, ids that are known again.
//!
//! It keeps bytes and checks nothing of their meaning. Answers may get lost, with or without the write.

use std::collections::{BTreeMap, BTreeSet};

use ids::LeaseId;
use wire::v1::record::Record;

use crate::chance::Chance;

/// A stored message.
#[derive(Clone, Debug)]
pub(crate) struct Stored {
    pub(crate) seq: u64,
    pub(crate) payload: Vec<u8>,
}

impl Stored {
    pub(crate) fn record(&self) -> Record {
        wire::decode(&self.payload).unwrap()
    }
}

/// What an append is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// It stands at this sequence.
    Stored(u64),
    /// The id is known; nothing was written now.
    Duplicate,
    /// The lease's last sequence is another one; nothing was written.
    WrongLast,
    /// Nothing: it may stand or not.
    Nothing,
}

/// The stream.
#[derive(Default)]
pub(crate) struct RoundLog {
    by_lease: BTreeMap<LeaseId, Vec<Stored>>,
    ids: BTreeSet<(LeaseId, u32)>,
    last_seq: u64,
    /// Nothing gets lost any more.
    pub(crate) calm: bool,
}

impl RoundLog {
    /// Appends `record`, if the lease's last sequence is `expected`.
    pub(crate) fn append(&mut self, record: &Record, expected: u64, chance: &mut Chance) -> Answer {
        let troubled = !self.calm;
        if troubled && chance.is(2) {
            return Answer::Nothing;
        }
        // The broker looks at the id first, while it remembers it; the fence holds for ever.
        if self.ids.contains(&(record.lease, record.index)) && chance.is(80) {
            return Answer::Duplicate;
        }
        let stored = self.by_lease.entry(record.lease).or_default();
        if stored.last().map_or(0, |last| last.seq) != expected {
            return Answer::WrongLast;
        }
        self.last_seq += 1;
        self.ids.insert((record.lease, record.index));
        stored.push(Stored { seq: self.last_seq, payload: wire::encode(record) });
        if troubled && chance.is(3) {
            return Answer::Nothing;
        }
        Answer::Stored(self.last_seq)
    }

    /// All of a lease, in order.
    pub(crate) fn of(&self, lease: LeaseId) -> &[Stored] {
        self.by_lease.get(&lease).map_or(&[], Vec::as_slice)
    }

    /// The records of a lease from `index` on.
    pub(crate) fn records(&self, lease: LeaseId, index: u32) -> Vec<Record> {
        self.of(lease).iter().skip(usize::try_from(index).unwrap()).map(Stored::record).collect()
    }

    pub(crate) fn len(&self, lease: LeaseId) -> u32 {
        u32::try_from(self.of(lease).len()).unwrap()
    }

    /// SHA-256 over everything, by lease.
    pub(crate) fn digest(&self) -> [u8; 32] {
        let parts: Vec<&[u8]> = self.by_lease.values().flatten().map(|stored| stored.payload.as_slice()).collect();
        fairness::sha256(&parts)
    }
}
