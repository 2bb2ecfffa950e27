//! `open`: the dealer takes a lease: its key in memory, its first record in the log.

use std::sync::Arc;

use telemetry::Trace;
use wire::v1::RefusalCode;
use wire::v1::dealer::{Appended, OpenLease};
use wire::v1::lease::LeaseTerms;

use crate::answer::Failure;
use crate::entry::Entry;
use crate::lease::Decision;
use crate::log::Written;
use crate::service::Inner;
use crate::{LogError, limits};

impl Inner {
    /// Takes the lease, or finds it taken: the answer is the log's first record.
    pub(crate) async fn open(&self, request: &OpenLease, trace: &Trace) -> Result<Appended, Failure> {
        let terms = &request.terms;
        let lease = terms.opening.lease;
        self.check_terms(terms)?;
        let key = self.keys.unseal(&request.key, lease, &terms.open)?;
        let entry = self.leases.get_or_insert(lease);
        let opened = self.open_in(&entry, terms, trace).await;
        let mut slot = entry.lock().await;
        match opened {
            Ok(appended) if !slot.lease.is_closed() => {
                slot.key = Some(key);
                entry.renew(request.valid_until_ms);
                Ok(appended)
            }
            // Closed since, or not to be had at all: an entry without a key serves nobody.
            ended => {
                if slot.key.is_none() {
                    drop(slot);
                    self.leases.remove(lease, &entry);
                }
                ended.and(Err(RefusalCode::LeaseClosed.into()))
            }
        }
    }

    async fn open_in(&self, entry: &Arc<Entry>, terms: &LeaseTerms, trace: &Trace) -> Result<Appended, Failure> {
        let mut slot = self.locked(entry, "open").await?;
        for _ in 0..limits::DECISIONS {
            match slot.lease.open(terms, self.clock.now_ms())? {
                Decision::Stands(index) => return self.standing(&slot, index).await,
                Decision::Append(record) => {
                    let appended = Appended { record: (*record).clone() };
                    if self.log.write(&mut slot, *record, trace).await? == Written::Stands {
                        return Ok(appended);
                    }
                }
            }
        }
        Err(LogError::Contended.into())
    }

    /// Terms that this dealer can serve, whose O is their opening's.
    fn check_terms(&self, terms: &LeaseTerms) -> Result<(), Failure> {
        if terms.dealer != self.id || terms.log_region != *self.log.region() {
            return Err(Failure::Failed("the lease is another dealer's"));
        }
        if terms.opening.to_fair1().hash() != terms.open.0 {
            return Err(Failure::Failed("O is not the opening's hash"));
        }
        terms.client_key.parse().map(|_| ()).map_err(|_| RefusalCode::BadKey.into())
    }
}
