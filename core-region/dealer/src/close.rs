//! `close`: the log's last record, and the key is wiped. A lease that this dealer never heard of is closed too: by its log alone.

use telemetry::Trace;
use wire::v1::dealer::{Appended, CloseLease};

use crate::answer::Failure;
use crate::entry::Slot;
use crate::lease::Decision;
use crate::log::Written;
use crate::service::Inner;
use crate::{LogError, limits};

impl Inner {
    /// Closes the log, or finds it closed: the answer is its last record, always the same.
    pub(crate) async fn close(&self, request: &CloseLease, trace: &Trace) -> Result<Appended, Failure> {
        if request.log_region != *self.log.region() {
            return Err(Failure::Failed("the lease's log is in another region"));
        }
        let entry = self.leases.get_or_insert(request.lease);
        let mut slot = entry.lock().await;
        let closed = self.close_in(&mut slot, request, trace).await;
        if slot.lease.is_closed() {
            slot.key = None;
            drop(slot);
            self.leases.remove(request.lease, &entry);
        }
        closed
    }

    async fn close_in(&self, slot: &mut Slot, request: &CloseLease, trace: &Trace) -> Result<Appended, Failure> {
        self.log.catch_up(slot, "close").await?;
        for _ in 0..limits::DECISIONS {
            match slot.lease.close(request, self.clock.now_ms()) {
                Decision::Stands(index) => return self.standing(slot, index).await,
                Decision::Append(record) => {
                    let appended = Appended { record: (*record).clone() };
                    if self.log.write(slot, *record, trace).await? == Written::Stands {
                        return Ok(appended);
                    }
                }
            }
        }
        Err(LogError::Contended.into())
    }
}
