//! `renew`: leases live on. Nothing is answered, and nothing waits for a lease's lock.

use wire::v1::dealer::Renew;

use crate::service::Inner;

impl Inner {
    /// Prolongs the leases that are in memory. The others come with their time to live when the core is asked for them.
    pub(crate) fn renew(&self, request: &Renew) {
        for entry in request.leases.iter().filter_map(|lease| self.leases.get(*lease)) {
            entry.renew(request.valid_until_ms);
        }
    }
}
