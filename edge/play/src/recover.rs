//! A lease from its log: after a restart of this edge, after a lost answer, or for a client whose cursor is older than the ring.
//!
//! The dealer gives the draw keys of all bound deals, the log the records; the fold and the games give the same results as
//! before. Cost: one request, one read of the log, one execution a deal.

use std::sync::Arc;

use ids::{DealerId, LeaseId, PlayerId, RegionId};
use round::{IntentSignature, LeaseState};
use telemetry::Trace;
use wire::subjects;
use wire::v1::client::DealResult;
use wire::v1::dealer::{RecoverReply, RecoverRequest};
use wire::v1::lease::LeaseTerms;
use wire::v1::record::{Record, RecordBody};
use wire::v1::{Hex, Refusal, RefusalCode};

use crate::error::PlayError;
use crate::held::Slot;
use crate::lease::{FoldError, Folded, HeldLease, RunError};
use crate::limits;
use crate::play::Play;
use crate::take::{Answer, Keys};

/// A lease folded anew, with every result.
pub(crate) struct Rebuilt {
    pub(crate) held: HeldLease,
    pub(crate) results: Vec<Arc<DealResult>>,
}

impl Play {
    /// Takes up a lease that this edge held before it lost its memory.
    ///
    /// # Errors
    /// [`PlayError`]: [`RefusalCode::LeaseClosed`] when its log ended.
    pub(crate) async fn recover(
        &self,
        player: PlayerId,
        lease: LeaseId,
        terms: Option<&LeaseTerms>,
        trace: &Trace,
    ) -> Result<(Arc<Slot>, Vec<Arc<DealResult>>), PlayError> {
        let dealer = terms.map_or(&self.options.dealer, |terms| &terms.dealer);
        let log_region = terms.map_or(&self.options.region, |terms| &terms.log_region);
        let Rebuilt { held, results } = self.rebuild(player, lease, dealer, log_region, trace).await?;
        let slot = Slot::try_new(held).map_err(|error| PlayError::Fold { lease, reason: error.to_string() })?;
        tracing::info!(trace_id = %trace.trace_id(), %lease, deals = results.len(), "lease recovered from its log");
        Ok((self.held.insert(slot), results))
    }

    /// Folds the whole log again.
    ///
    /// # Errors
    /// [`PlayError`].
    pub(crate) async fn rebuild(
        &self,
        player: PlayerId,
        lease: LeaseId,
        dealer: &DealerId,
        log_region: &RegionId,
        trace: &Trace,
    ) -> Result<Rebuilt, PlayError> {
        let recovered = self.ask_dealer(player, lease, dealer, trace).await?;
        if recovered.closed {
            return Err(Refusal::from(RefusalCode::LeaseClosed).into());
        }
        let records = self.read_log(log_region, lease, recovered.records).await?;
        let fault = |reason: String| PlayError::Fold { lease, reason };
        let (first, rest) = records.split_first().ok_or_else(|| fault("the log is empty".into()))?;
        let state = LeaseState::from_opening(first).map_err(|error| fault(error.to_string()))?;
        self.ours(player, &state.terms)?;
        self.load_games(&state.terms, trace).await;
        let mut held = HeldLease::new(state, recovered.valid_until_ms);
        let mut results = Vec::new();
        for record in rest {
            let folded = self.refold(&mut held, record, &recovered.round_keys);
            if let Folded::Deal { result, .. } = folded.map_err(|error| PlayError::fold(lease, &error))? {
                results.push(result);
            }
        }
        Ok(Rebuilt { held, results })
    }

    /// The dealer verified each intent before it bound it; settlement verifies all of them again.
    fn refold(&self, held: &mut HeldLease, record: &Record, keys: &[Hex<32>]) -> Result<Folded, FoldError> {
        let RecordBody::Deal(bound) = &record.body else {
            return held.fold(record, IntentSignature::Valid, |_| Err(RunError::NoKey(0)));
        };
        held.fold(record, IntentSignature::Valid, |call| self.execute(call, &bound.intent, Keys::All(keys)))
    }

    /// Brings a held lease up to its log: what it lacks is folded, and told to the client.
    ///
    /// # Errors
    /// The refusal for the player when the log can't be read or folded now.
    pub(crate) async fn sync(&self, slot: &Slot, answer: Answer<'_>, trace: &Trace) -> Result<(), Refusal> {
        self.sync_log(slot, answer, trace).await.map_err(|error| error.refusal(trace))
    }

    /// # Errors
    /// [`PlayError`].
    pub(crate) async fn sync_log(&self, slot: &Slot, answer: Answer<'_>, trace: &Trace) -> Result<(), PlayError> {
        let asked = self.ask_dealer(slot.player, slot.lease, &slot.terms.dealer, trace).await;
        // A dealer that shows no keys any more has closed the log, and that can be read.
        let (said, keys) = match asked {
            Ok(recovered) => (recovered.records, recovered.round_keys),
            Err(PlayError::Refused(_)) => (0, Vec::new()),
            Err(error) => return Err(error),
        };
        let records = self.read_log(&slot.terms.log_region, slot.lease, said).await?;
        match self.take(slot, &records, Keys::All(&keys), answer) {
            Ok(()) => Ok(()),
            Err(FoldError::Run(RunError::NoKey(_))) => match records.last() {
                Some(last) if matches!(last.body, RecordBody::Closed(_)) => {
                    self.end(slot, last, answer, trace).await;
                    Ok(())
                }
                _ => Err(PlayError::Refused(RefusalCode::Unavailable.into())),
            },
            Err(error) => Err(PlayError::fold(slot.lease, &error)),
        }
    }

    async fn ask_dealer(
        &self,
        player: PlayerId,
        lease: LeaseId,
        dealer: &DealerId,
        trace: &Trace,
    ) -> Result<RecoverReply, PlayError> {
        let subject = subjects::dealer_rpc(dealer, "recover");
        let question = RecoverRequest { edge: self.options.edge.clone(), player, lease };
        let reply = self.bus.request::<_, RecoverReply>(&subject, &question, limits::BIND_TIMEOUT, trace).await?;
        Ok(reply.into_result()?)
    }

    /// All records of the lease; at least `said` of them.
    async fn read_log(&self, log_region: &RegionId, lease: LeaseId, said: u32) -> Result<Vec<Record>, PlayError> {
        let regional = *log_region == self.options.region;
        let journal = if regional { &self.regional } else { &self.hub };
        let stream = subjects::rounds_stream(subjects::shard_of(lease));
        let subject = subjects::rounds(log_region, lease);
        let mut reads = 1;
        loop {
            let stored = journal.read(&stream, &subject, 1, limits::LOG_RECORDS).await?;
            let decoded = stored.iter().map(|stored| wire::decode::<Record>(&stored.payload));
            let records: Vec<Record> =
                decoded.collect::<Result<_, _>>().map_err(|source| PlayError::Record { lease, source })?;
            let held = u32::try_from(records.len()).unwrap_or(u32::MAX);
            if held >= said {
                return Ok(records);
            }
            if reads >= limits::LOG_READS {
                return Err(PlayError::ShortLog { lease, held, said });
            }
            reads += 1;
            tokio::time::sleep(limits::LOG_READ_PAUSE).await;
        }
    }
}
