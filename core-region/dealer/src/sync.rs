//! After a start: all open leases of this dealer from the core, page by page, each log read back.

use futures::StreamExt;
use ids::LeaseId;
use telemetry::Trace;
use wire::subjects;
use wire::v1::Reply;
use wire::v1::dealer::{OpenLease, SyncReply, SyncRequest};

use crate::answer::{Failure, reply};
use crate::limits;
use crate::service::{Dealer, Inner};

/// Takes up every lease that the core knows as open here. Asks until the core has answered; the caller cancels.
pub async fn sync(dealer: &Dealer) {
    let inner = &dealer.inner;
    let trace = Trace::root();
    let mut after = None;
    loop {
        let page = match inner.page(after, &trace).await {
            Ok(page) => page,
            Err(error) => {
                tracing::warn!(%error, trace_id = trace.trace_id(), "the core can't be asked for leases yet");
                tokio::time::sleep(limits::SYNC_PAUSE).await;
                continue;
            }
        };
        let Some(last) = page.last() else { break };
        after = Some(last.terms.opening.lease);
        inner.take(page, &trace).await;
    }
    tracing::info!(leases = dealer.leases(), trace_id = trace.trace_id(), "in step with the core");
}

impl Inner {
    /// A lease that does not open is logged and left to the core, which asks again or closes it.
    async fn take(&self, page: Vec<OpenLease>, trace: &Trace) {
        let opened = futures::stream::iter(page).for_each_concurrent(limits::SYNC_AT_ONCE, |open| async move {
            let result = self.open(&open, trace).await;
            let _answered = reply("sync", open.terms.opening.lease, trace, result);
        });
        opened.await;
    }

    /// The open leases after `after`, in the order of ids; an empty page is the end.
    async fn page(&self, after: Option<LeaseId>, trace: &Trace) -> Result<Vec<OpenLease>, Failure> {
        let subject = subjects::core_for_dealer(&self.id, "sync");
        let request = SyncRequest { dealer: self.id.clone(), after };
        match self.bus.request::<_, SyncReply>(&subject, &request, limits::SYNC_TIMEOUT, trace).await? {
            Reply::Done(page) => Ok(page.leases),
            Reply::Refused(refusal) => Err(Failure::Refused(refusal.code)),
            Reply::Failed(reason) => {
                tracing::warn!(reason, "the core could not answer");
                Err(Failure::Failed("the core could not answer"))
            }
        }
    }

    /// One lease, as the first of the page that begins with it.
    pub(crate) async fn ask_core_for(&self, lease: LeaseId, trace: &Trace) -> Result<Option<OpenLease>, Failure> {
        let before = u128::from_be_bytes(lease.to_bytes()).checked_sub(1);
        let page = self.page(before.map(|id| LeaseId::from_bytes(id.to_be_bytes())), trace).await?;
        Ok(page.into_iter().next().filter(|open| open.terms.opening.lease == lease))
    }
}
