//! The edge's fold of one lease: the log's records, executed with the keys that its dealer showed.

use std::collections::BTreeMap;
use std::sync::Arc;

use fairness::RoundKey;
use money::Amount;
use round::{Action, FoldedDeal, IntentSignature, LeaseState, Progress, verify_intent};
use wire::v1::RefusalCode;
use wire::v1::intent::SignedIntent;
use wire::v1::key::Verifies;
use wire::v1::lease::LeaseTerms;
use wire::v1::record::{Record, RecordBody};

use crate::games::Shelf;

/// One lease at its edge.
#[derive(Clone)]
pub(crate) struct Edge {
    pub(crate) state: LeaseState,
    client: Verifies,
    /// The progress after each record.
    pub(crate) trail: Vec<Progress>,
    /// What each deal came to.
    pub(crate) deals: BTreeMap<u64, FoldedDeal>,
}

impl Edge {
    /// A lease of which no record is known.
    pub(crate) fn new(terms: &Arc<LeaseTerms>) -> Self {
        let client = terms.client_key.parse().unwrap();
        Self { state: LeaseState::new(Arc::clone(terms)), client, trail: Vec::new(), deals: BTreeMap::new() }
    }

    pub(crate) fn known(&self) -> u32 {
        self.state.progress.records
    }

    fn signature(&self, intent: &SignedIntent) -> IntentSignature {
        verify_intent(&self.client, &self.state.terms, intent)
    }

    /// What an honest edge tells its player before it asks the dealer for anything.
    pub(crate) fn refuses(&self, intent: &SignedIntent, now_ms: u64, valid_until_ms: u64) -> Option<RefusalCode> {
        match self.state.check(intent, self.signature(intent), now_ms, valid_until_ms) {
            Err(code) => Some(code),
            Ok(call) => {
                let table = Shelf::shared().table(&call.game);
                execution::check_bets(&table, &call).err().map(|_| RefusalCode::BadBet)
            }
        }
    }

    /// Folds the next records of the log.
    pub(crate) fn follow(&mut self, records: &[Record], key: impl Fn(&SignedIntent) -> RoundKey) {
        for record in records {
            let signature = match &record.body {
                RecordBody::Deal(bound) => self.signature(&bound.intent),
                _ => IntentSignature::Valid,
            };
            let tables = &Shelf::shared().tables;
            let folded = execution::fold(&self.state, record, signature, tables, &key).unwrap();
            assert_eq!(folded.deal.as_ref().and_then(|deal| deal.broken), None, "a real game broke a bound");
            self.state = folded.state;
            self.trail.push(self.state.progress.clone());
            if let Action::Deal(deal) = folded.action {
                self.deals.insert(deal.deal, *deal);
            }
        }
    }

    /// What the player has won less what he has staked, minor units: summed here from the deals, not taken from the state.
    pub(crate) fn net(&self) -> i128 {
        let of = |deal: &FoldedDeal| deal.win_minor.wide() + deal.refund_minor.wide() - deal.stake_minor.wide();
        self.deals.values().map(of).sum()
    }

    /// The escrow before deal number `deal`'s record of that index was folded.
    pub(crate) fn in_play_before(&self, index: u32) -> Amount {
        let before = index.checked_sub(1).and_then(|index| self.trail.get(usize::try_from(index).unwrap()));
        before.map_or(self.state.terms.escrow_minor, |progress| progress.in_play_minor)
    }
}
