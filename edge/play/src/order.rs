//! A player's wallet events in order: each once, none missing, however they come.
//!
//! They come live over a subscription that may lose some, and in answers of the core that may repeat some. Until the first
//! such answer nothing is let through. No IO and no clock.

use std::collections::BTreeMap;

use wire::v1::wallet::WalletEvent;

use crate::limits;

/// How far one client has been told.
#[derive(Debug, Default)]
pub(crate) struct WalletOrder {
    last: Option<u64>,
    waiting: BTreeMap<u64, WalletEvent>,
}

impl WalletOrder {
    /// The last event let through; none before the core was heard.
    pub(crate) fn last(&self) -> Option<u64> {
        self.last
    }

    /// Whether an event is here that can't be let through, because one before it is missing.
    pub(crate) fn has_gap(&self) -> bool {
        self.last.is_some() && !self.waiting.is_empty()
    }

    /// A live event; what may be let through now.
    pub(crate) fn live(&mut self, event: WalletEvent) -> Vec<WalletEvent> {
        if self.last.is_none_or(|last| event.core_seq > last) {
            self.waiting.insert(event.core_seq, event);
        }
        // The oldest are kept: those after them are asked for again.
        while self.waiting.len() > limits::WALLET_PENDING {
            self.waiting.pop_last();
        }
        self.release()
    }

    /// The core's answer to "what comes after `last`", or the first answer after the client's own `last`.
    pub(crate) fn fill(&mut self, after: u64, events: Vec<WalletEvent>) -> Vec<WalletEvent> {
        self.last.get_or_insert(after);
        for event in events {
            self.waiting.insert(event.core_seq, event);
        }
        self.release()
    }

    /// A snapshot that holds everything up to `core_seq` replaces the events up to there.
    pub(crate) fn jump(&mut self, core_seq: u64) -> Vec<WalletEvent> {
        self.last = Some(self.last.map_or(core_seq, |last| last.max(core_seq)));
        self.release()
    }

    fn release(&mut self) -> Vec<WalletEvent> {
        let Some(mut last) = self.last else { return Vec::new() };
        self.waiting.retain(|core_seq, _| *core_seq > last);
        let mut released = Vec::new();
        while let Some(event) = self.waiting.remove(&last.saturating_add(1)) {
            last = event.core_seq;
            released.push(event);
        }
        self.last = Some(last);
        released
    }
}

#[cfg(test)]
mod tests {
    use ids::PlayerId;
    use money::{Amount, Currency};
    use proptest::prelude::*;
    use wire::v1::wallet::WalletBody;

    use super::*;

    fn event(core_seq: u64) -> WalletEvent {
        let body = WalletBody::Deposited { currency: Currency::EUR, amount_minor: Amount::from_minor(1) };
        WalletEvent { player: PlayerId::from_bytes([1; 16]), core_seq, at_ms: 0, body }
    }

    #[derive(Clone, Debug)]
    enum Step {
        Live(u64),
        Fill,
        Jump(u64),
    }

    proptest! {
        #[test]
        fn each_event_after_the_cursor_passes_once_and_in_order(
            cursor in 0u64..5,
            steps in proptest::collection::vec(
                prop_oneof![6 => (1u64..20).prop_map(Step::Live), 1 => Just(Step::Fill), 1 => (1u64..20).prop_map(Step::Jump)], 0..60),
        ) {
            let mut order = WalletOrder::default();
            let mut position = cursor;
            let mut heard = false;
            for step in steps {
                let (passed, jumped) = match step {
                    Step::Live(core_seq) => (order.live(event(core_seq)), None),
                    Step::Fill => {
                        let after = order.last().unwrap_or(cursor);
                        heard = true;
                        (order.fill(after, (after + 1..20).take(3).map(event).collect()), None)
                    }
                    Step::Jump(core_seq) => {
                        heard = true;
                        let to = order.last().map_or(core_seq, |last| last.max(core_seq));
                        (order.jump(core_seq), Some(to))
                    }
                };
                position = jumped.unwrap_or(position);
                for event in passed {
                    prop_assert!(heard);
                    prop_assert_eq!(event.core_seq, position + 1);
                    position = event.core_seq;
                }
                prop_assert_eq!(order.last(), heard.then_some(position));
            }
        }
    }

    #[test]
    fn a_gap_shows_until_it_is_filled() {
        let mut order = WalletOrder::default();
        assert!(order.live(event(2)).is_empty() && !order.has_gap(), "the core was not heard yet");
        assert!(order.fill(0, vec![]).is_empty());
        assert!(order.has_gap());
        assert_eq!(order.fill(0, vec![event(1)]).len(), 2);
        assert!(!order.has_gap());
    }

    #[test]
    fn what_waits_is_bounded_and_the_oldest_are_kept() {
        let mut order = WalletOrder::default();
        for core_seq in (1..5_000).rev() {
            order.live(event(core_seq));
        }
        assert_eq!(order.waiting.len(), limits::WALLET_PENDING);
        assert_eq!(order.fill(0, vec![]).len(), limits::WALLET_PENDING);
    }
}
