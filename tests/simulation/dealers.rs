//! Dealers: the real pure machine, over the in-memory log. The shell does what the dealer's own log.rs does.
//!
//! Two of them serve the same leases and believe that each is alone: the fence of the log is all that keeps them together.

use std::collections::BTreeMap;

use dealer::{Bind, DealerKeys, DealerLease, Decision, Denied};
use fairness::{LeaseKey, RoundKey};
use ids::LeaseId;
use wire::v1::RefusalCode;
use wire::v1::dealer::{BindRequest, CloseLease, TopUpLease};
use wire::v1::record::Record;

use crate::chance::Chance;
use crate::lease::{Lease, round_key};
use crate::log::{Answer, RoundLog};
use crate::stats::Stats;

/// What a dealer stands on.
pub(crate) struct Ground<'a> {
    pub(crate) log: &'a mut RoundLog,
    pub(crate) chance: &'a mut Chance,
    pub(crate) stats: &'a mut Stats,
    pub(crate) now_ms: u64,
}

/// Why a dealer does not do it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// The asker may not.
    Refused(RefusalCode),
    /// It can't now, and what became of it may be unknown.
    Failed,
}

struct Slot {
    id: LeaseId,
    lease: DealerLease,
    key: Option<LeaseKey>,
    valid_until_ms: u64,
    stale: bool,
}

/// One dealer process.
pub(crate) struct Dealer {
    slots: BTreeMap<LeaseId, Slot>,
    keys: DealerKeys,
}

impl Dealer {
    /// A process that has just begun, with the keys of its name.
    pub(crate) fn new() -> Self {
        Self { slots: BTreeMap::new(), keys: DealerKeys::new(&[11; 32], &[12; 32]) }
    }

    /// Its receipts' public key.
    pub(crate) fn verifying_key(&self) -> ed25519_dalek::VerifyingKey {
        ed25519_dalek::VerifyingKey::from_bytes(&self.keys.signing_public().0).unwrap()
    }

    /// Whether what it knows of the lease is all that the log holds.
    pub(crate) fn is_in_step(&self, lease: LeaseId, log: &RoundLog) -> bool {
        self.slots.get(&lease).is_some_and(|slot| slot.lease.records() == log.len(lease))
    }

    /// The lease from the core, as at its opening and after a restart of the dealer.
    pub(crate) fn learn(&mut self, lease: &Lease) {
        let slot = self.slot(lease.id);
        slot.key.get_or_insert_with(|| lease.key());
        slot.valid_until_ms = slot.valid_until_ms.max(lease.valid_until_ms);
    }

    fn slot(&mut self, lease: LeaseId) -> &mut Slot {
        let fresh = || Slot { id: lease, lease: DealerLease::new(lease), key: None, valid_until_ms: 0, stale: true };
        self.slots.entry(lease).or_insert_with(fresh)
    }

    /// Decides, appends, and decides again when another dealer was faster. The record's index.
    fn decide(
        &mut self,
        ground: &mut Ground<'_>,
        lease: LeaseId,
        decide: impl Fn(&Slot, &DealerKeys) -> Result<Decision, Denied>,
    ) -> Result<u32, Failure> {
        self.slot(lease);
        let (slot, keys) = (self.slots.get_mut(&lease).unwrap(), &self.keys);
        slot.catch_up(ground.log);
        for _ in 0..4 {
            match decide(slot, keys) {
                Err(Denied::Refused(code)) => return Err(Failure::Refused(code)),
                Err(Denied::Conflict(_)) => return Err(Failure::Failed),
                Ok(Decision::Stands(index)) => return Ok(index),
                Ok(Decision::Append(record)) => {
                    if slot.write(ground, &record)? {
                        return Ok(record.index);
                    }
                }
            }
        }
        Err(Failure::Failed)
    }

    /// The lease's first record.
    pub(crate) fn open(&mut self, ground: &mut Ground<'_>, lease: &Lease) -> Result<u32, Failure> {
        self.learn(lease);
        let now_ms = ground.now_ms;
        self.decide(ground, lease.id, |slot, _| slot.lease.open(&lease.terms, now_ms))
    }

    /// Binds a bet, and only then shows its key.
    pub(crate) fn bind(&mut self, ground: &mut Ground<'_>, request: &BindRequest) -> Result<(u32, RoundKey), Failure> {
        let (now_ms, lease) = (ground.now_ms, request.intent.lease);
        let index = self.decide(ground, lease, |slot, keys| {
            let sign = |message: &[u8]| keys.sign(message);
            slot.lease.bind(&Bind { request, now_ms, valid_until_ms: slot.valid_until_ms, sign: &sign })
        })?;
        let key = self.slots.get(&lease).and_then(|slot| slot.key.as_ref()).ok_or(Failure::Failed)?;
        Ok((index, round_key(key, &request.intent)))
    }

    pub(crate) fn top_up(&mut self, ground: &mut Ground<'_>, request: &TopUpLease) -> Result<u32, Failure> {
        let now_ms = ground.now_ms;
        self.decide(ground, request.lease, |slot, _| slot.lease.top_up(request, now_ms))
    }

    /// The closing record; the key is forgotten.
    pub(crate) fn close(&mut self, ground: &mut Ground<'_>, request: &CloseLease) -> Result<u32, Failure> {
        let now_ms = ground.now_ms;
        let index = self.decide(ground, request.lease, |slot, _| Ok(slot.lease.close(request, now_ms)))?;
        self.slot(request.lease).key = None;
        Ok(index)
    }
}

impl Slot {
    fn catch_up(&mut self, log: &RoundLog) {
        if !self.stale {
            return;
        }
        for stored in log.of(self.id).iter().skip(usize::try_from(self.lease.records()).unwrap()) {
            let record = stored.record();
            let digest = record.digest();
            self.lease.apply(record, digest, stored.seq).expect("a dealer's log always folds");
        }
        self.stale = false;
    }

    /// Whether `record` stands now; if not, another does, and is folded.
    fn write(&mut self, ground: &mut Ground<'_>, record: &Record) -> Result<bool, Failure> {
        let digest = record.digest();
        self.stale = true;
        for _ in 0..3 {
            match ground.log.append(record, self.lease.last_seq(), ground.chance) {
                Answer::Stored(seq) => {
                    self.lease.apply(record.clone(), digest, seq).expect("what it decided, it can fold");
                    self.stale = false;
                    return Ok(true);
                }
                Answer::Nothing => ground.stats.note("append of unknown outcome"),
                answer @ (Answer::Duplicate | Answer::WrongLast) => {
                    let how = if answer == Answer::Duplicate { "append known by its id" } else { "append fenced" };
                    ground.stats.note(how);
                    self.catch_up(ground.log);
                    return Ok(self.lease.digest_of(record.index) == Some(digest));
                }
            }
            // A process that dies here leaves a record that nobody was told of.
            if !ground.log.calm && ground.chance.is(30) {
                break;
            }
        }
        Err(Failure::Failed)
    }
}
