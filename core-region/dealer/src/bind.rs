//! `bind`: a bet is bound durably, and only then is its key shown.

use std::sync::Arc;

use telemetry::{Trace, names};
use wire::v1::Hex;
use wire::v1::dealer::{BindReply, BindRequest};
use wire::v1::record::Record;

use crate::answer::Failure;
use crate::entry::{Entry, Slot};
use crate::lease::{Bind, Decision};
use crate::log::Written;
use crate::service::Inner;
use crate::{LogError, limits};

impl Inner {
    /// Binds the bet, or finds that this very bet stands already; either way the answer is the same.
    pub(crate) async fn bind(&self, request: &BindRequest, trace: &Trace) -> Result<BindReply, Failure> {
        let entry = self.opened(request.intent.lease, trace).await?;
        let mut slot = self.locked(&entry, "bind").await?;
        for _ in 0..limits::DECISIONS {
            match self.decide(&entry, &slot, request)? {
                Decision::Stands(_) => return self.bound(&slot, request).await,
                Decision::Append(record) => {
                    if self.log.write(&mut slot, *record, trace).await? == Written::Stands {
                        metrics::counter!(names::DEALS_BOUND).increment(1);
                        let (lease, deal) = (request.intent.lease, request.intent.deal);
                        tracing::info!(trace_id = trace.trace_id(), %lease, deal, "deal bound");
                        return self.bound(&slot, request).await;
                    }
                }
            }
        }
        Err(LogError::Contended.into())
    }

    fn decide(&self, entry: &Arc<Entry>, slot: &Slot, request: &BindRequest) -> Result<Decision, Failure> {
        let sign = |message: &[u8]| self.keys.sign(message);
        let bind = Bind { request, now_ms: self.clock.now_ms(), valid_until_ms: entry.valid_until_ms(), sign: &sign };
        Ok(slot.lease.bind(&bind)?)
    }

    /// The deal's key, and the records that the edge lacks.
    async fn bound(&self, slot: &Slot, request: &BindRequest) -> Result<BindReply, Failure> {
        let key = slot.round_key(request.intent.deal).ok_or(Failure::Failed("the lease's key is not here"))?;
        let records = self.lacking(slot, request.known_records).await?;
        Ok(BindReply { round_key: Hex(*key.as_bytes()), records })
    }

    /// All records from `known` on. An edge that lacks too many recovers the lease from the log instead.
    async fn lacking(&self, slot: &Slot, known: u32) -> Result<Vec<Record>, Failure> {
        let lacks = slot.lease.records().checked_sub(known);
        let lacks = lacks.ok_or(Failure::Failed("the edge knows of records that the log lacks"))?;
        let lacks = usize::try_from(lacks).unwrap_or(usize::MAX);
        if lacks > limits::MAX_ANSWER_RECORDS {
            return Err(Failure::Failed("the edge lacks too many records: recover the lease"));
        }
        let records = self.log.records(&slot.lease, known, lacks).await?;
        let bytes: usize = records.iter().map(|record| wire::encode(record).len()).sum();
        if bytes > limits::MAX_ANSWER_BYTES {
            return Err(Failure::Failed("the edge lacks too many records: recover the lease"));
        }
        Ok(records)
    }
}
