//! Records that no honest dealer wrote, put into the hub's stream: each must freeze its lease, be kept, and hurt nobody else.

use ids::{Digest, LeaseId};
use money::Amount;
use round::LogFault;
use settlement::Fault;
use wire::v1::Hex;
use wire::v1::lease::CloseReason;
use wire::v1::record::{Closed, Record, RecordBody, ToppedUp};

use crate::world::World;

/// What is wrong with the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// It does not follow from the record before.
    Forked,
    /// A record is missing before it.
    Gap,
    /// It replaces the newest record.
    Rewritten,
    /// A bet without the dealer's receipt.
    Unsigned,
    /// It is earlier than the record before.
    Early,
    /// It stands after the end.
    AfterEnd,
    /// It opens the lease on other terms than the core's.
    OtherTerms,
    /// It tops up twice at once.
    TopUpSkipped,
    /// It ends the log with a deal too many.
    WrongCount,
    /// Its lease does not exist.
    Stranger,
}

/// A lease's records that have arrived at the hub.
struct Arrived {
    lease: LeaseId,
    records: Vec<Record>,
}

impl Kind {
    pub(crate) const ALL: &[Self] = &[
        Self::Forked,
        Self::Gap,
        Self::Rewritten,
        Self::Unsigned,
        Self::Early,
        Self::AfterEnd,
        Self::OtherTerms,
        Self::TopUpSkipped,
        Self::WrongCount,
        Self::Stranger,
    ];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Forked => "injected: fork",
            Self::Gap => "injected: gap",
            Self::Rewritten => "injected: rewritten",
            Self::Unsigned => "injected: unsigned receipt",
            Self::Early => "injected: earlier",
            Self::AfterEnd => "injected: after the end",
            Self::OtherTerms => "injected: other terms",
            Self::TopUpSkipped => "injected: top-up skipped",
            Self::WrongCount => "injected: wrong count",
            Self::Stranger => "injected: unknown lease",
        }
    }

    /// Whether settlement must set it aside for this reason.
    pub(crate) fn explains(self, fault: Fault) -> bool {
        match self {
            Self::Forked => matches!(fault, Fault::Log(LogFault::Forked { .. })),
            Self::Gap => matches!(fault, Fault::Log(LogFault::Gap { .. })),
            // A rewritten bet lacks its receipt.
            Self::Rewritten => fault == Fault::Receipt || matches!(fault, Fault::Log(LogFault::Repeated { .. })),
            Self::Unsigned => fault == Fault::Receipt,
            Self::Early => matches!(fault, Fault::Log(LogFault::TimeStepsBack { .. })),
            Self::AfterEnd => matches!(fault, Fault::Log(LogFault::AfterEnd { .. })),
            Self::OtherTerms => fault == Fault::Log(LogFault::OtherTerms),
            Self::TopUpSkipped => matches!(fault, Fault::Log(LogFault::BadTopUp { .. })),
            Self::WrongCount => matches!(fault, Fault::Log(LogFault::WrongCount { .. })),
            Self::Stranger => fault == Fault::UnknownLease,
        }
    }

    /// A bad next record of a lease, if it stands where that can be.
    fn forge(self, arrived: &Arrived, world: &World) -> Option<Record> {
        if self == Self::OtherTerms {
            return arrived.other_terms(world);
        }
        let last = arrived.records.last()?;
        let deals = arrived.deals();
        let end = |deals| RecordBody::Closed(Closed { deals, reason: CloseReason::Fenced, epoch: 9 });
        let next =
            |body| Record { lease: arrived.lease, index: last.index + 1, prev: last.digest(), at_ms: last.at_ms, body };
        if arrived.is_ended() != (self == Self::AfterEnd) {
            return None;
        }
        Some(match self {
            Self::Forked => Record { prev: Digest::from_bytes([7; 32]), ..next(end(deals)) },
            Self::Gap => Record { index: last.index + 2, ..next(end(deals)) },
            Self::Rewritten => Record { at_ms: last.at_ms + 1, ..last.clone() },
            Self::Unsigned => next(arrived.unsigned()?),
            Self::Early => Record { at_ms: last.at_ms.checked_sub(1)?, ..next(end(deals)) },
            Self::AfterEnd => next(end(deals)),
            Self::TopUpSkipped => {
                next(RecordBody::ToppedUp(ToppedUp { grant: 1_000, amount_minor: Amount::from_minor(1) }))
            }
            Self::WrongCount => next(end(deals + 1)),
            Self::Stranger => Record { lease: LeaseId::from_bytes([9; 16]), ..next(end(deals)) },
            Self::OtherTerms => return None,
        })
    }
}

impl Arrived {
    fn deals(&self) -> u64 {
        let deals = self.records.iter().filter(|record| matches!(record.body, RecordBody::Deal(_)));
        u64::try_from(deals.count()).unwrap()
    }

    fn is_ended(&self) -> bool {
        self.records.last().is_some_and(|last| matches!(last.body, RecordBody::Closed(_)))
    }

    fn unsigned(&self) -> Option<RecordBody> {
        self.records.iter().find_map(|record| match &record.body {
            RecordBody::Deal(bound) => {
                let mut bound = bound.clone();
                bound.signature = Hex([3; 64]);
                Some(RecordBody::Deal(bound))
            }
            _ => None,
        })
    }

    fn other_terms(&self, world: &World) -> Option<Record> {
        let first = world.log.records(self.lease, 0).into_iter().next().filter(|_| self.records.is_empty())?;
        let RecordBody::Opened(mut terms) = first.body else { return None };
        terms.escrow_minor = terms.escrow_minor.checked_add(Amount::from_minor(1_000)).unwrap();
        Some(Record { body: RecordBody::Opened(terms), ..first })
    }
}

impl World {
    /// Injects the planned fault once, into some lease where it fits.
    pub(crate) fn inject(&mut self) {
        let Some(kind) = self.plan.fault.filter(|_| self.hit.is_none()) else { return };
        let ids: Vec<LeaseId> = self.leases.keys().copied().collect();
        let Some(lease) = self.chance.pick(&ids).copied() else { return };
        let mut records = self.log.records(lease, 0);
        records.truncate(self.hub.taken(lease));
        let Some(record) = kind.forge(&Arrived { lease, records }, self) else { return };
        self.stats.note(kind.name());
        self.hit = Some((self.hub.inject(&record), record.lease));
    }
}
