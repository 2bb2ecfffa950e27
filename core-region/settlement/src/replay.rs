//! A lease's deals, recomputed from its log: for a player who missed them, for a bundle, for an operator.
//!
//! Costs one read of the log and one execution a deal, at most 1,000 of them. Nothing is stored for it: what was shown once
//! can be computed again for ever.

use std::collections::BTreeSet;
use std::sync::Arc;

use execution::{DecidedDeal, Folded, Tables, fold};
use fairness::round_key;
use ids::LeaseId;
use round::{Action, LeaseState};
use wire::v1::client::Tail;
use wire::v1::record::Record;

use crate::books::Books;
use crate::entry::Entry;
use crate::error::SettleError;
use crate::logs::Logs;
use crate::settle::bound_deal;

/// The hub's log, ready to be replayed.
#[derive(Clone)]
pub struct Replayer {
    /// The logs.
    pub logs: Logs,
    /// Where leases come from.
    pub books: Books,
    /// The games.
    pub tables: Arc<Tables>,
}

/// A lease as its log tells it.
#[derive(Debug)]
pub struct Replayed {
    /// Its keys and its state after the last record that is here.
    pub entry: Entry,
    /// Its deals in order, each with its record.
    pub deals: Vec<(Record, DecidedDeal)>,
    /// Whether the log is here to its end.
    pub tail: Tail,
}

impl Replayer {
    /// Replays `lease` as far as its log has come to the hub; `None` when the core knows no such lease.
    ///
    /// # Errors
    /// [`SettleError`] when a room, the bus or this machine fails, or the log is not one that settlement would fold.
    pub async fn replay(&self, lease: LeaseId) -> Result<Option<Replayed>, SettleError> {
        let mut held = std::collections::BTreeMap::new();
        self.books.fill(&mut held, &BTreeSet::from([lease])).await?;
        let Some(mut entry) = held.remove(&lease) else { return Ok(None) };
        entry.state = LeaseState::new(Arc::clone(&entry.state.terms));
        let records = self.logs.whole(&entry.state.terms).await?;
        let tables = Arc::clone(&self.tables);
        let work = move || run(entry, records, &tables);
        tokio::task::spawn_blocking(work).await.map_err(|died| SettleError::Worker(died.to_string()))?.map(Some)
    }
}

fn run(mut entry: Entry, records: Vec<Record>, tables: &Tables) -> Result<Replayed, SettleError> {
    let (mut deals, mut tail) = (Vec::new(), Tail::Pending);
    for record in records {
        let signature =
            bound_deal(&record).map_or(round::IntentSignature::Valid, |bound| entry.intent_signature(bound));
        let key = entry.key.clone();
        let folded = fold(&entry.state, &record, signature, tables, |intent| {
            round_key(&key, intent.deal, intent.game.as_bytes(), intent.params.as_bytes(), &intent.client_nonce.0)
        });
        let Folded { state, action, deal } = match folded {
            // A redelivery that the hub's window let through, or a record that settlement has put in quarantine.
            Err(execution::FoldError::Log(_)) => continue,
            other => other?,
        };
        entry.state = state;
        if matches!(action, Action::Closed(_)) {
            tail = Tail::Complete;
        }
        if let Some(deal) = deal {
            deals.push((record, deal));
        }
    }
    Ok(Replayed { entry, deals, tail })
}
