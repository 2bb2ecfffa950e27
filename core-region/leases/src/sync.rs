//! `sync`: a dealer that (re)started asks for its leases, page by page.
//!
//! Promise: every open lease of the dealer comes exactly once per round of pages, with its key sealed anew. A page holds at
//! least one lease, at most [`limits::SYNC_PAGE`], and stays under [`limits::SYNC_BYTES`]. Cost: about 100 us a lease.

use ids::{DealerId, LeaseId};
use wire::v1::dealer::{OpenLease, SyncReply, SyncRequest};
use wire::v1::{Hex, RefusalCode};

use crate::error::LeasesError;
use crate::leases::Leases;
use crate::{limits, repo};

impl Leases {
    /// The dealer's next page.
    ///
    /// # Errors
    /// [`LeasesError::Refused`] with `malformed` when the payload names another dealer than the subject, the database's, or
    /// the seeds room's.
    pub async fn sync(&self, dealer: &DealerId, ask: &SyncRequest) -> Result<SyncReply, LeasesError> {
        if ask.dealer != *dealer {
            return Err(RefusalCode::Malformed.because("a dealer asks for its own leases").into());
        }
        let identity = self.rules.dealer(dealer).ok_or_else(|| RefusalCode::Malformed.because("unknown dealer"))?;
        let mut after = ask.after;
        loop {
            let page = repo::open_at(&self.pool, dealer, after, limits::SYNC_PAGE).await?;
            let Some(last) = page.last() else { return Ok(SyncReply { leases: Vec::new() }) };
            after = Some(last.id);
            let opens: Vec<(LeaseId, Hex<32>)> =
                page.iter().filter_map(|lease| Some((lease.id, lease.terms.as_ref()?.open))).collect();
            let mut keys = self.seeds.seal_all_for(&identity.seal_key, &opens).await?;
            let (mut leases, mut bytes) = (Vec::new(), 0);
            for lease in page {
                let (Some(terms), Some(key)) = (lease.terms, keys.remove(&lease.id)) else { continue };
                let open = OpenLease { terms, key, valid_until_ms: lease.valid_until_ms };
                bytes += wire::encode(&open).len();
                if bytes > limits::SYNC_BYTES && !leases.is_empty() {
                    break;
                }
                leases.push(open);
            }
            // A page of which every seed has just been revealed is not the end.
            if !leases.is_empty() {
                return Ok(SyncReply { leases });
            }
        }
    }
}
