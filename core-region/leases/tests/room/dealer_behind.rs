//! The dealer's own machine and keys behind the port, its logs in memory. It can be dark, or lose its answers.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use clock::{Clock, ManualClock};
use dealer::{Bind, DealerKeys, DealerLease, Decision, Denied};
use ids::{DealerId, LeaseId, RegionId};
use leases::{DealerError, DealerPort};
use parking_lot::Mutex;
use telemetry::Trace;
use wire::v1::dealer::{BindRequest, CloseLease, OpenLease, Renew, TopUpLease};
use wire::v1::record::Record;

/// How the dealer behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mood {
    Answers,
    /// It does what it is asked, and nobody hears of it.
    LosesAnswers,
    /// It does nothing.
    Dark,
}

#[derive(Debug)]
struct Held {
    machine: DealerLease,
    log: Vec<Record>,
}

#[derive(Debug)]
pub(crate) struct DealerBehind {
    pub(crate) keys: DealerKeys,
    clock: Arc<ManualClock>,
    mood: Mutex<Mood>,
    held: Mutex<BTreeMap<LeaseId, Held>>,
    pub(crate) lease_keys: Mutex<BTreeMap<LeaseId, [u8; 32]>>,
    pub(crate) renewals: Mutex<Vec<(DealerId, Renew)>>,
}

impl DealerBehind {
    pub(crate) fn new(clock: Arc<ManualClock>) -> Self {
        Self {
            keys: DealerKeys::new(&[3; 32], &[4; 32]),
            clock,
            mood: Mutex::new(Mood::Answers),
            held: Mutex::default(),
            lease_keys: Mutex::default(),
            renewals: Mutex::default(),
        }
    }

    pub(crate) fn set(&self, mood: Mood) {
        *self.mood.lock() = mood;
    }

    pub(crate) fn log(&self, lease: LeaseId) -> Vec<Record> {
        self.held.lock().get(&lease).map(|held| held.log.clone()).unwrap_or_default()
    }

    pub(crate) fn bind(&self, request: &BindRequest, valid_until_ms: u64) -> Result<Record, Denied> {
        let sign = |message: &[u8]| self.keys.sign(message);
        let bind = Bind { request, now_ms: self.clock.now_ms(), valid_until_ms, sign: &sign };
        self.append(request.intent.lease, |machine| machine.bind(&bind))
    }

    fn append(
        &self,
        lease: LeaseId,
        decide: impl FnOnce(&DealerLease) -> Result<Decision, Denied>,
    ) -> Result<Record, Denied> {
        let mut all = self.held.lock();
        let held = all.entry(lease).or_insert_with(|| Held { machine: DealerLease::new(lease), log: Vec::new() });
        match decide(&held.machine)? {
            Decision::Stands(index) => Ok(held.log[usize::try_from(index).unwrap()].clone()),
            Decision::Append(record) => {
                let seq = u64::from(record.index) + 1;
                held.machine.apply((*record).clone(), record.digest(), seq).unwrap();
                held.log.push((*record).clone());
                Ok(*record)
            }
        }
    }

    fn asked(
        &self,
        lease: LeaseId,
        decide: impl FnOnce(&DealerLease) -> Result<Decision, Denied>,
    ) -> Result<Record, DealerError> {
        let mood = *self.mood.lock();
        if mood == Mood::Dark {
            return Err(DealerError::NoAnswer("dark".to_owned()));
        }
        let done = self.append(lease, decide);
        if mood == Mood::LosesAnswers {
            return Err(DealerError::NoAnswer("lost".to_owned()));
        }
        done.map_err(|denied| match denied {
            Denied::Refused(code) => DealerError::Refused(code.into()),
            Denied::Conflict(what) => DealerError::NoAnswer(what.to_owned()),
        })
    }
}

#[async_trait]
impl DealerPort for DealerBehind {
    async fn open(&self, _: &DealerId, ask: &OpenLease, _: &Trace) -> Result<Record, DealerError> {
        let lease = ask.terms.opening.lease;
        let key = self.keys.unseal(&ask.key, lease, &ask.terms.open).unwrap();
        let opened = self.asked(lease, |machine| machine.open(&ask.terms, self.clock.now_ms()));
        if *self.mood.lock() != Mood::Dark {
            self.lease_keys.lock().insert(lease, *key.as_bytes());
        }
        opened
    }

    async fn topup(&self, _: &DealerId, ask: &TopUpLease, _: &Trace) -> Result<Record, DealerError> {
        self.asked(ask.lease, |machine| machine.top_up(ask, self.clock.now_ms()))
    }

    async fn close(&self, _: &DealerId, ask: &CloseLease, _: &Trace) -> Result<Record, DealerError> {
        self.asked(ask.lease, |machine| Ok(machine.close(ask, self.clock.now_ms())))
    }

    async fn renew(&self, dealer: &DealerId, ask: &Renew) -> Result<(), DealerError> {
        self.renewals.lock().push((dealer.clone(), ask.clone()));
        Ok(())
    }

    async fn read_log(&self, _: &RegionId, lease: LeaseId) -> Result<Vec<Record>, DealerError> {
        Ok(self.log(lease))
    }
}
