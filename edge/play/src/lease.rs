//! One lease as this edge holds it: the fold's state, the last results, and the connection that watches.
//!
//! Promise: records are folded once each and in order, whichever way they come; every result goes to the watching
//! connection exactly once, and to one that attaches later exactly once from its cursor on. No IO, no clock, no waiting.

use std::collections::BTreeMap;
use std::sync::Arc;

use execution::{ExecuteError, Executed, result_of};
use ids::Digest;
use round::{Action, ClosedLease, GameCall, IntentSignature, LeaseState, LogFault, Plan, Verdict};
use wire::v1::RefusalCode;
use wire::v1::client::{DealResult, OpenedLease, ServerBody};
use wire::v1::intent::SignedIntent;
use wire::v1::record::{Record, RecordBody};

use crate::limits;
use crate::outlet::{Asker, Outlet, Push};
use crate::ring::Ring;

/// What an intent's deal number means to this lease.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// The next deal: to be checked and bound.
    Next,
    /// Bound before with the same content: its result stands.
    Bound(Arc<DealResult>),
}

/// What a record did.
#[derive(Debug)]
pub(crate) enum Folded {
    /// Folded before.
    Known,
    /// Kept until the records before it are here.
    Early,
    /// The log began.
    Opened,
    /// A deal has its result; the game broke if `broken` names it.
    Deal { result: Arc<DealResult>, broken: Option<Digest> },
    /// The escrow grew.
    ToppedUp,
    /// The log ended.
    Closed(ClosedLease),
}

/// Why a bound deal could not be executed here and now. Never a verdict: it is tried again.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RunError {
    /// The dealer shows the key of every bound deal, but not of this one.
    #[error("the draw key of deal {0} is not known")]
    NoKey(u64),
    /// The component is not loaded.
    #[error("game {0} is not loaded")]
    NoGame(Digest),
    /// A fault of this machine, several times in a row.
    #[error(transparent)]
    Machine(#[from] ExecuteError),
}

/// Why a record could not be folded.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FoldError {
    /// It can't belong to this log.
    #[error(transparent)]
    Fault(#[from] LogFault),
    /// Its deal could not be executed.
    #[error(transparent)]
    Run(#[from] RunError),
}

/// A lease in this edge's memory.
#[derive(Debug)]
pub(crate) struct HeldLease {
    state: LeaseState,
    valid_until_ms: u64,
    ring: Ring,
    early: BTreeMap<u32, Record>,
    outlet: Option<Outlet>,
    let_go: bool,
}

impl HeldLease {
    pub(crate) fn new(state: LeaseState, valid_until_ms: u64) -> Self {
        let ring = Ring::new(limits::RING);
        Self { state, valid_until_ms, ring, early: BTreeMap::new(), outlet: None, let_go: false }
    }

    pub(crate) fn state(&self) -> &LeaseState {
        &self.state
    }

    /// Records folded.
    pub(crate) fn records(&self) -> u32 {
        self.state.progress.records
    }

    pub(crate) fn valid_until_ms(&self) -> u64 {
        self.valid_until_ms
    }

    /// A beat of the core came through. The time to live never shrinks by a late message.
    pub(crate) fn renew(&mut self, valid_until_ms: u64) {
        self.valid_until_ms = self.valid_until_ms.max(valid_until_ms);
    }

    /// From now on no deal is taken: the core gave the lease to another edge, or it ended.
    pub(crate) fn let_go(&mut self) {
        self.let_go = true;
    }

    /// The lease as its player sees it.
    pub(crate) fn opened(&self) -> OpenedLease {
        OpenedLease {
            terms: (*self.state.terms).clone(),
            next_deal: self.state.next_deal(),
            in_play_minor: self.state.progress.in_play_minor,
            offers: self.state.offers().to_vec(),
        }
    }

    /// Where the intent's deal stands.
    ///
    /// # Errors
    /// The refusal for a deal that is neither the next one nor bound with this content.
    pub(crate) fn place(&self, intent: &SignedIntent) -> Result<Place, RefusalCode> {
        let next = self.state.next_deal();
        if intent.deal > next || intent.deal == 0 {
            return Err(RefusalCode::DealOutOfOrder);
        }
        if intent.deal < next {
            let bet = intent.bet_hash().map_err(|_| RefusalCode::DealTaken)?;
            let kept = self.ring.find(intent.deal).filter(|result| result.receipt.bet.0 == bet);
            return kept.cloned().map(Place::Bound).ok_or(RefusalCode::DealTaken);
        }
        if self.let_go { Err(RefusalCode::LeaseClosed) } else { Ok(Place::Next) }
    }

    /// Folds one record. `run` executes the deal when the fold says that it keeps the lease's terms.
    ///
    /// # Errors
    /// [`FoldError`]; nothing was changed.
    pub(crate) fn fold(
        &mut self,
        record: &Record,
        signature: IntentSignature,
        run: impl FnOnce(&GameCall) -> Result<Executed, RunError>,
    ) -> Result<Folded, FoldError> {
        if record.index < self.records() {
            return Ok(Folded::Known);
        }
        if record.index > self.records() && record.lease == self.state.terms.opening.lease {
            return self.keep_early(record);
        }
        let (verdict, events) = match self.state.plan(record, signature)? {
            Plan::Run(call) => {
                let ran = run(&call)?;
                (Some(ran.verdict), ran.events)
            }
            Plan::Control | Plan::Void(_) => (None, Vec::new()),
        };
        let broke = matches!(verdict, Some(Verdict::Broken));
        let (state, action) = self.state.clone().apply(record, signature, verdict)?;
        self.state = state;
        Ok(match (action, &record.body) {
            (Action::Deal(folded), RecordBody::Deal(bound)) => {
                let result = Arc::new(result_of(record, bound, &folded, events));
                self.ring.push(Arc::clone(&result));
                Folded::Deal { result, broken: broke.then_some(bound.intent.game) }
            }
            (Action::Closed(closed), _) => {
                self.let_go = true;
                Folded::Closed(closed)
            }
            (Action::ToppedUp(_), _) => Folded::ToppedUp,
            (Action::Opened | Action::Deal(_), _) => Folded::Opened,
        })
    }

    fn keep_early(&mut self, record: &Record) -> Result<Folded, FoldError> {
        if self.early.len() >= limits::EARLY_RECORDS && !self.early.contains_key(&record.index) {
            return Err(LogFault::Gap { index: record.index, next: self.records() }.into());
        }
        self.early.insert(record.index, record.clone());
        Ok(Folded::Early)
    }

    /// The record that came before its turn and whose turn it is now.
    pub(crate) fn take_early(&mut self) -> Option<Record> {
        let next = self.records();
        self.early.retain(|index, _| *index >= next);
        self.early.remove(&next)
    }

    /// The results after deal `after`, completed from `older`; `None` when the ring does not reach back that far.
    pub(crate) fn missed(&self, after: u64, older: &[Arc<DealResult>]) -> Option<Vec<Arc<DealResult>>> {
        self.ring.missed(after, self.state.progress.deals, older)
    }

    /// Makes `outlet` the watching connection: `first`, then what it missed, then all that happens.
    pub(crate) fn attach(&mut self, outlet: &Outlet, first: Push, missed: Vec<Arc<DealResult>>) {
        let missed = missed.into_iter().map(|result| Push::from(ServerBody::Result(Box::new((*result).clone()))));
        outlet.push_all(std::iter::once(first).chain(missed).collect());
        self.outlet = Some(outlet.clone());
    }

    /// The connection is gone.
    pub(crate) fn detach(&mut self, connection: u64) {
        self.outlet.take_if(|outlet| outlet.connection() == connection);
    }

    /// Sends `body` to whoever watches, as the answer to `asker` when that is the same connection.
    pub(crate) fn tell(&self, body: ServerBody, asker: Option<&Asker>) {
        match (&self.outlet, asker) {
            (Some(outlet), Some(asker)) if outlet.connection() == asker.outlet.connection() => asker.answer(body),
            (Some(outlet), _) => outlet.push(body),
            (None, Some(asker)) => asker.answer(body),
            (None, None) => {}
        }
    }
}

#[cfg(test)]
#[path = "lease_tests.rs"]
mod tests;
