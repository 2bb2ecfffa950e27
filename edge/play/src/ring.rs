//! The last results of a lease, for an intent that is sent again and for a client that comes back.
//!
//! Deals in it are contiguous. Cost: one reference-counted result each, at most the capacity.

use std::collections::VecDeque;
use std::sync::Arc;

use wire::v1::client::DealResult;

/// Results in the order of their deals.
#[derive(Debug)]
pub(crate) struct Ring {
    kept: VecDeque<Arc<DealResult>>,
    capacity: usize,
}

impl Ring {
    pub(crate) fn new(capacity: usize) -> Self {
        Self { kept: VecDeque::new(), capacity: capacity.max(1) }
    }

    pub(crate) fn push(&mut self, result: Arc<DealResult>) {
        while self.kept.len() >= self.capacity {
            self.kept.pop_front();
        }
        self.kept.push_back(result);
    }

    pub(crate) fn find(&self, deal: u64) -> Option<&Arc<DealResult>> {
        let first = self.kept.front()?.deal;
        self.kept.get(usize::try_from(deal.checked_sub(first)?).ok()?)
    }

    /// The results after deal `after`, completed at the front from `older`; `None` when some are in neither.
    /// `newest` is the last deal that there is.
    pub(crate) fn missed(&self, after: u64, newest: u64, older: &[Arc<DealResult>]) -> Option<Vec<Arc<DealResult>>> {
        if newest <= after {
            return Some(Vec::new());
        }
        let first_kept = self.kept.front().map_or(u64::MAX, |result| result.deal);
        let front = older.iter().filter(|result| result.deal > after && result.deal < first_kept);
        let back = self.kept.iter().filter(|result| result.deal > after);
        let missed: Vec<_> = front.chain(back).cloned().collect();
        let expected = (after.saturating_add(1)..=newest).collect::<Vec<_>>();
        let whole = missed.iter().map(|result| result.deal).eq(expected);
        whole.then_some(missed)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::sample::result;

    proptest! {
        #[test]
        fn what_is_missed_is_every_deal_after_the_cursor_once_or_nothing_at_all(
            capacity in 1usize..8, deals in 0u64..20, after in 0u64..22, replayed in 0u64..20,
        ) {
            let mut ring = Ring::new(capacity);
            (1..=deals).for_each(|deal| ring.push(Arc::new(result(deal))));
            let older: Vec<_> = (1..=replayed.min(deals)).map(|deal| Arc::new(result(deal))).collect();
            let kept = deals.min(u64::try_from(capacity).unwrap());
            let covered = deals <= after || after + 1 > deals - kept || replayed.min(deals) >= deals - kept;
            match ring.missed(after, deals, &older) {
                Some(missed) => {
                    let expected: Vec<u64> = (after + 1..=deals).collect();
                    prop_assert_eq!(missed.iter().map(|result| result.deal).collect::<Vec<_>>(), expected);
                }
                None => prop_assert!(!covered, "capacity {capacity} deals {deals} after {after} replayed {replayed}"),
            }
        }

        #[test]
        fn a_kept_deal_is_found_by_its_number(capacity in 1usize..8, deals in 0u64..20, deal in 0u64..22) {
            let mut ring = Ring::new(capacity);
            (1..=deals).for_each(|deal| ring.push(Arc::new(result(deal))));
            let kept = deal >= 1 && deal <= deals && deal + u64::try_from(capacity).unwrap() > deals;
            prop_assert_eq!(ring.find(deal).map(|result| result.deal), kept.then_some(deal));
        }
    }
}
