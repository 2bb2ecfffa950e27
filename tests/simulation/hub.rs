//! The hub's stream: what came of the round log, each lease in order, and all of them mixed, late and more than once.

use std::collections::{BTreeMap, BTreeSet};

use ids::LeaseId;
use wire::v1::record::Record;

use crate::chance::Chance;
use crate::log::RoundLog;

/// Most messages of one delivery.
const BATCH: u64 = 40;

/// The stream, and how far its consumer has acknowledged it.
#[derive(Default)]
pub(crate) struct Hub {
    stream: Vec<Vec<u8>>,
    taken: BTreeMap<LeaseId, usize>,
    /// Leases whose region is cut off.
    pub(crate) dark: BTreeSet<LeaseId>,
    acked: usize,
}

/// A message as it is delivered.
#[derive(Clone, Debug)]
pub(crate) struct Delivery {
    pub(crate) seq: u64,
    pub(crate) record: Record,
}

impl Hub {
    /// Takes a few records of a lease that has some, unless it is cut off. Whether there was anything to take.
    pub(crate) fn source(&mut self, log: &RoundLog, leases: &[LeaseId], chance: &mut Chance) -> bool {
        let behind: Vec<LeaseId> = leases.iter().copied().filter(|lease| self.is_behind(log, *lease)).collect();
        let Some(lease) = chance.pick(&behind).copied() else { return false };
        let from = self.taken(lease);
        let most = 1 + chance.place(6);
        let fresh = log.of(lease).iter().skip(from).take(most);
        self.stream.extend(fresh.map(|stored| stored.payload.clone()));
        self.taken.insert(lease, (from + most).min(log.of(lease).len()));
        true
    }

    fn is_behind(&self, log: &RoundLog, lease: LeaseId) -> bool {
        !self.dark.contains(&lease) && self.taken(lease) < log.of(lease).len()
    }

    /// Records of a lease that have arrived.
    pub(crate) fn taken(&self, lease: LeaseId) -> usize {
        self.taken.get(&lease).copied().unwrap_or(0)
    }

    /// Puts a record there that no dealer wrote. Its place in the stream.
    pub(crate) fn inject(&mut self, record: &Record) -> u64 {
        self.stream.push(wire::encode(record));
        sequence(self.stream.len())
    }

    /// Acknowledged so far.
    pub(crate) fn acked(&self) -> usize {
        self.acked
    }

    /// What the consumer is given next: from its last acknowledgement on, or from before it; older messages may follow again.
    pub(crate) fn deliver(&self, chance: &mut Chance) -> Vec<Delivery> {
        let rewind = if chance.is(25) { chance.place(self.acked + 1).min(30) } else { 0 };
        let mut batch = self.from(self.acked - rewind, chance);
        if chance.is(10) && !batch.is_empty() {
            let older = self.from(chance.place(self.acked + 1), chance);
            let end = batch.last().map_or(0, |last| last.seq);
            batch.extend(older.into_iter().filter(|again| again.seq <= end));
        }
        batch
    }

    /// A stretch of the stream from `place` on.
    pub(crate) fn from(&self, place: usize, chance: &mut Chance) -> Vec<Delivery> {
        let most = usize::try_from(1 + chance.below(BATCH)).unwrap();
        let some = self.stream.iter().enumerate().skip(place).take(most);
        some.map(|(at, payload)| Delivery { seq: sequence(at + 1), record: wire::decode(payload).unwrap() }).collect()
    }

    /// The consumer is done with `batch`, and with all before it.
    pub(crate) fn acknowledge(&mut self, batch: &[Delivery]) {
        let last = batch.iter().map(|delivery| delivery.seq).max().unwrap_or(0);
        self.acked = self.acked.max(usize::try_from(last).unwrap());
    }

    /// Whether all that arrived is acknowledged.
    pub(crate) fn is_done(&self) -> bool {
        self.acked == self.stream.len()
    }

    /// All records of the stream in order.
    pub(crate) fn all(&self) -> impl Iterator<Item = (u64, Record)> {
        self.stream.iter().enumerate().map(|(at, payload)| (sequence(at + 1), wire::decode(payload).unwrap()))
    }
}

fn sequence(place: usize) -> u64 {
    u64::try_from(place).unwrap()
}
