//! What the players learn of a settled batch: wallet events, one or more a lease, then the end with its seed.

use std::collections::BTreeMap;

use ids::LeaseId;
use ledger::WalletEvent;
use wire::v1::Hex;
use wire::v1::wallet::{SettledDeal, WalletBody};

use crate::entry::Entry;
use crate::limits::DEALS_PER_EVENT;
use crate::settle::Settled;

/// The events of `settled`, in order for each player.
#[must_use]
pub fn events(leases: &BTreeMap<LeaseId, Entry>, settled: &Settled) -> Vec<WalletEvent> {
    let mut by_lease: BTreeMap<LeaseId, Vec<SettledDeal>> = BTreeMap::new();
    for row in &settled.deals {
        let deal = &row.deal;
        let (stake_minor, win_minor, refund_minor) = (deal.stake_minor, deal.win_minor, deal.refund_minor);
        by_lease.entry(row.lease).or_default().push(SettledDeal {
            deal: deal.deal,
            stake_minor,
            win_minor,
            refund_minor,
        });
    }
    let mut events = Vec::new();
    for (lease, deals) in by_lease {
        let Some(entry) = leases.get(&lease) else { continue };
        for deals in deals.chunks(DEALS_PER_EVENT) {
            let body = WalletBody::Settled { lease, currency: entry.state.terms.currency, deals: deals.to_vec() };
            events.push(event(entry, &body));
        }
    }
    for ended in &settled.ended {
        let Some(entry) = leases.get(&ended.lease) else { continue };
        let body = WalletBody::Closed {
            lease: ended.lease,
            currency: entry.state.terms.currency,
            returned_minor: ended.closed.returned_minor,
            deals: ended.closed.deals,
            reason: ended.closed.reason,
            last_link: ended.closed.last_link,
            seed: Hex(*entry.seed.as_bytes()),
        };
        events.push(event(entry, &body));
    }
    events
}

fn event(entry: &Entry, body: &WalletBody) -> WalletEvent {
    let body = String::from_utf8(wire::encode(body)).unwrap_or_default();
    WalletEvent { player: entry.state.terms.player, body }
}
