//! `recover`: an edge that lost its memory takes a lease up again. It gets the keys of what is bound, and reads the log itself.

use telemetry::Trace;
use wire::v1::dealer::{RecoverReply, RecoverRequest};
use wire::v1::{Hex, RefusalCode};

use crate::answer::Failure;
use crate::service::Inner;

impl Inner {
    /// The keys of every bound deal, for the edge that holds the lease and the player whose it is. Anybody else learns no more
    /// than that he has no such lease.
    pub(crate) async fn recover(&self, request: &RecoverRequest, trace: &Trace) -> Result<RecoverReply, Failure> {
        let entry = self.opened(request.lease, trace).await?;
        let slot = self.locked(&entry, "recover").await?;
        let terms = slot.lease.terms().ok_or(RefusalCode::LeaseUnknown)?;
        if terms.edge != request.edge || terms.player != request.player {
            return Err(RefusalCode::LeaseUnknown.into());
        }
        if slot.lease.is_closed() {
            return Err(RefusalCode::LeaseClosed.into());
        }
        let keys = slot.round_keys().ok_or(Failure::Failed("the lease's key is not here"))?;
        Ok(RecoverReply {
            records: slot.lease.records(),
            epoch: terms.epoch,
            round_keys: keys.iter().map(|key| Hex(*key.as_bytes())).collect(),
            valid_until_ms: entry.valid_until_ms(),
            closed: false,
        })
    }
}
