//! `topup`: more escrow, written into the log once. No key is needed, so a restarted dealer can do it at once.

use telemetry::Trace;
use wire::v1::dealer::{Appended, TopUpLease};

use crate::answer::Failure;
use crate::entry::Slot;
use crate::lease::Decision;
use crate::log::Written;
use crate::service::Inner;
use crate::{LogError, limits};

impl Inner {
    /// Writes the top-up, or finds it written: the answer is its record.
    pub(crate) async fn top_up(&self, request: &TopUpLease, trace: &Trace) -> Result<Appended, Failure> {
        let entry = self.leases.get_or_insert(request.lease);
        let mut slot = entry.lock().await;
        let result = self.top_up_in(&mut slot, request, trace).await;
        // The log has ended, or never began: there is nothing to keep.
        if slot.key.is_none() && (slot.lease.is_closed() || slot.lease.records() == 0) {
            drop(slot);
            self.leases.remove(request.lease, &entry);
        }
        result
    }

    async fn top_up_in(&self, slot: &mut Slot, request: &TopUpLease, trace: &Trace) -> Result<Appended, Failure> {
        self.log.catch_up(slot, "topup").await?;
        for _ in 0..limits::DECISIONS {
            match slot.lease.top_up(request, self.clock.now_ms())? {
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

    /// The record that stands at `index`.
    pub(crate) async fn standing(&self, slot: &Slot, index: u32) -> Result<Appended, Failure> {
        let records = self.log.records(&slot.lease, index, 1).await?;
        let record = records.into_iter().next().ok_or(Failure::Failed("the log does not show the record"))?;
        Ok(Appended { record })
    }
}
