//! A bot's own books: every deal and every wallet event it was told of, and what is wrong with them.

use std::collections::BTreeMap;

use ids::{Digest, LeaseId};
use wire::v1::client::{Cursor, DealResult};
use wire::v1::wallet::{WalletBody, WalletEvent};

/// What a bot knows of one lease.
#[derive(Clone, Debug, Default)]
pub struct LeaseBook {
    /// Deals by number: net effect in minor units, link.
    pub deals: BTreeMap<u64, (i64, Digest)>,
    /// Void deals.
    pub voided: u64,
    /// Deals that the core says there were, once the lease is settled.
    pub settled: Option<u64>,
    /// The core's last link.
    pub last_link: Option<Digest>,
}

/// All of it.
#[derive(Clone, Debug, Default)]
pub struct Book {
    /// Leases ever opened.
    pub leases: BTreeMap<LeaseId, LeaseBook>,
    /// Money brought in, minor units.
    pub deposited: i64,
    /// The last wallet event.
    pub core_seq: u64,
    /// Deals or events that were left out.
    pub gaps: u64,
    /// Deals or events that came twice, unasked.
    pub repeats: u64,
    /// Deals told twice with different content.
    pub contradictions: u64,
    /// Snapshots that replaced the cursor.
    pub resyncs: u64,
    /// The first gaps and repeats in words.
    pub oddities: Vec<String>,
}

/// Oddities kept in words; the others are only counted.
const ODDITIES: usize = 4;

/// Whether a result may have been seen before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// By itself: once and in order.
    Live,
    /// Because the bot asked for it again.
    Asked,
}

impl Book {
    /// The last deal of `lease` that is in the book without a gap before it.
    #[must_use]
    pub fn last_deal(&self, lease: LeaseId) -> u64 {
        self.leases.get(&lease).and_then(|book| book.deals.last_key_value()).map_or(0, |(deal, _)| *deal)
    }

    /// The cursor to resume with: it names the newest lease that is not settled.
    #[must_use]
    pub fn cursor(&self) -> Cursor {
        let lease = self.leases.iter().rev().find(|(_, book)| book.settled.is_none()).map(|(lease, _)| *lease);
        Cursor { lease, deal: lease.map_or(0, |lease| self.last_deal(lease)), core_seq: self.core_seq }
    }

    /// Notes a deal's result.
    pub fn note_result(&mut self, result: &DealResult, told: Told) {
        let last = self.last_deal(result.lease);
        let refund = result.void.as_ref().map_or(0, |void| void.refund_minor.minor());
        let net = result.win_minor.minor() + refund - result.stake_minor.minor();
        let book = self.leases.entry(result.lease).or_default();
        if let Some(known) = book.deals.get(&result.deal) {
            if *known != (net, result.link) {
                self.contradictions += 1;
            }
            if told == Told::Live {
                self.repeats += 1;
                self.odd(|| format!("deal {} of {} came again", result.deal, result.lease));
            }
            return;
        }
        if result.deal != last + 1 {
            self.gaps += 1;
            self.odd(|| format!("deal {} of {} came after deal {last}", result.deal, result.lease));
        }
        let book = self.leases.entry(result.lease).or_default();
        book.voided += u64::from(result.void.is_some());
        book.deals.insert(result.deal, (net, result.link));
    }

    /// Notes a wallet event.
    pub fn note_event(&mut self, event: &WalletEvent) {
        let known = self.core_seq;
        if event.core_seq <= known {
            self.repeats += 1;
            self.odd(|| format!("event {} came after event {}: {:?}", event.core_seq, known, event.body));
            return;
        }
        if event.core_seq != known + 1 {
            self.gaps += 1;
            self.odd(|| format!("event {} came after event {}: {:?}", event.core_seq, known, event.body));
        }
        self.core_seq = event.core_seq;
        if let WalletBody::Closed { lease, deals, last_link, .. } = &event.body {
            let book = self.leases.entry(*lease).or_default();
            book.settled = Some(*deals);
            book.last_link = Some(*last_link);
        }
    }

    fn odd(&mut self, what: impl FnOnce() -> String) {
        if self.oddities.len() < ODDITIES {
            self.oddities.push(what());
        }
    }

    /// Leases that are settled but of which deals are missing here.
    #[must_use]
    pub fn incomplete(&self) -> Vec<LeaseId> {
        let missing = |book: &LeaseBook| book.settled.is_some_and(|deals| deals != count(&book.deals));
        self.leases.iter().filter(|(_, book)| missing(book)).map(|(lease, _)| *lease).collect()
    }

    /// Leases that are not settled yet.
    #[must_use]
    pub fn open(&self) -> Vec<LeaseId> {
        self.leases.iter().filter(|(_, book)| book.settled.is_none()).map(|(lease, _)| *lease).collect()
    }

    /// What the bot must have when all its leases are settled and all their deals known, minor units.
    #[must_use]
    pub fn balance(&self) -> i64 {
        self.deposited + self.leases.values().flat_map(|book| book.deals.values()).map(|(net, _)| net).sum::<i64>()
    }

    /// Leases whose last link is not the core's.
    #[must_use]
    pub fn broken_chains(&self) -> u64 {
        let differs = |book: &&LeaseBook| match (book.last_link, book.deals.last_key_value()) {
            (Some(core), Some((_, (_, own)))) => core != *own,
            _ => false,
        };
        count_u64(self.leases.values().filter(differs).count())
    }
}

fn count(deals: &BTreeMap<u64, (i64, Digest)>) -> u64 {
    count_u64(deals.len())
}

fn count_u64(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
