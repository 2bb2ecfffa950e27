//! The dealer itself: its keys, its log, its leases. Each action is in its own file.

use std::sync::Arc;

use bus::Bus;
use clock::SharedClock;
use ids::{DealerId, LeaseId, RegionId};
use parking_lot::Mutex;
use telemetry::Trace;
use tokio::sync::MutexGuard;
use wire::v1::dealer::{
    Appended, BindReply, BindRequest, CloseLease, OpenLease, RecoverReply, RecoverRequest, TopUpLease,
};
use wire::v1::record::RecordBody;
use wire::v1::{RefusalCode, Reply};

use crate::answer::{Failure, reply};
use crate::entry::{Entry, Slot};
use crate::log::RoundLog;
use crate::registry::Registry;
use crate::{DealerKeys, limits};

/// A dealer, shared by all who have a copy.
#[derive(Clone, Debug)]
pub struct Dealer {
    pub(crate) inner: Arc<Inner>,
}

#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) id: DealerId,
    pub(crate) bus: Bus,
    pub(crate) keys: DealerKeys,
    pub(crate) log: RoundLog,
    pub(crate) clock: SharedClock,
    pub(crate) leases: Registry,
    revivals: Mutex<Revivals>,
}

/// How often the core was asked about unknown leases in the second that runs.
#[derive(Debug, Default)]
struct Revivals {
    second: u64,
    asked: u32,
}

impl Dealer {
    /// A dealer that knows no lease yet, writing the logs of `log_region` in the streams of `domain` (the connected server's own
    /// without one).
    #[must_use]
    pub fn new(
        id: DealerId,
        log_region: RegionId,
        domain: Option<&str>,
        bus: Bus,
        keys: DealerKeys,
        clock: SharedClock,
    ) -> Self {
        let log = RoundLog::new(bus.journal(domain), log_region);
        let (leases, revivals) = (Registry::new(), Mutex::default());
        Self { inner: Arc::new(Inner { id, bus, keys, log, clock, leases, revivals }) }
    }

    /// Leases in memory.
    #[must_use]
    pub fn leases(&self) -> usize {
        self.inner.leases.len()
    }

    /// Takes a lease of the core's: see open.rs.
    pub async fn open(&self, request: &OpenLease, trace: &Trace) -> Reply<Appended> {
        reply("open", request.terms.opening.lease, trace, self.inner.open(request, trace).await)
    }

    /// Binds a bet of an edge's: see bind.rs.
    pub async fn bind(&self, request: &BindRequest, trace: &Trace) -> Reply<BindReply> {
        reply("bind", request.intent.lease, trace, self.inner.bind(request, trace).await)
    }

    /// Writes a top-up of the core's: see topup.rs.
    pub async fn top_up(&self, request: &TopUpLease, trace: &Trace) -> Reply<Appended> {
        reply("topup", request.lease, trace, self.inner.top_up(request, trace).await)
    }

    /// Closes a lease for the core: see close.rs.
    pub async fn close(&self, request: &CloseLease, trace: &Trace) -> Reply<Appended> {
        reply("close", request.lease, trace, self.inner.close(request, trace).await)
    }

    /// Shows an edge the keys of what is bound: see recover.rs.
    pub async fn recover(&self, request: &RecoverRequest, trace: &Trace) -> Reply<RecoverReply> {
        reply("recover", request.lease, trace, self.inner.recover(request, trace).await)
    }
}

impl Inner {
    /// Takes the lease's lock, with all of its log folded.
    pub(crate) async fn locked<'a>(
        &self,
        entry: &'a Entry,
        why: &'static str,
    ) -> Result<MutexGuard<'a, Slot>, Failure> {
        let mut slot = entry.lock().await;
        self.log.catch_up(&mut slot, why).await?;
        Ok(slot)
    }

    /// The lease with its key, for an edge. One that is not in memory is asked for at the core, within bounds.
    pub(crate) async fn opened(&self, lease: LeaseId, trace: &Trace) -> Result<Arc<Entry>, Failure> {
        if let Some(entry) = self.leases.get(lease) {
            let slot = entry.lock().await;
            if slot.key.is_some() || slot.lease.is_closed() {
                drop(slot);
                return Ok(entry);
            }
        }
        if !self.may_revive() {
            return Err(Failure::Failed("too many unknown leases: ask again"));
        }
        let Some(open) = self.ask_core_for(lease, trace).await? else {
            return Err(self.gone(lease).await);
        };
        self.open(&open, trace).await?;
        self.leases.get(lease).ok_or(Failure::Refused(RefusalCode::LeaseClosed))
    }

    /// Why the core does not know the lease as open: its log has ended, or it never was.
    async fn gone(&self, lease: LeaseId) -> Failure {
        match self.log.last(lease).await {
            Ok(Some(record)) if matches!(record.body, RecordBody::Closed(_)) => RefusalCode::LeaseClosed.into(),
            Ok(_) => RefusalCode::LeaseUnknown.into(),
            Err(error) => error.into(),
        }
    }

    fn may_revive(&self) -> bool {
        let second = self.clock.monotonic().as_secs();
        let mut revivals = self.revivals.lock();
        if revivals.second != second {
            *revivals = Revivals { second, asked: 0 };
        }
        revivals.asked = revivals.asked.saturating_add(1);
        revivals.asked <= limits::REVIVALS_A_SECOND
    }
}
