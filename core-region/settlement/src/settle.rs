//! The pure heart: a batch of log records in, commands, events and rows out. No IO, no clock.
//!
//! The fold decides; this collects. A record that can't belong to its log is set aside with the reason, and its lease is
//! frozen from there on; other leases of the batch go on. What this machine could not execute stops the batch: nothing of
//! it is settled, and the same batch is tried again.

use std::collections::BTreeMap;

use execution::{FoldError, Tables, fold};
use fairness::round_key;
use ids::{Digest, LeaseId};
use ledger::{Command, Intent};
use round::{Action, ClosedLease, IntentSignature, LogFault, Progress};
use wire::v1::record::{Record, RecordBody};

use crate::entry::Entry;
use crate::transfer;

/// One record as it came from the stream.
#[derive(Clone, Debug)]
pub struct Delivered {
    /// Its place in the hub's stream.
    pub stream_seq: u64,
    /// The record.
    pub record: Record,
    /// The trace of the frame that caused it, or empty.
    pub trace: String,
}

/// A settled deal's row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DealRow {
    /// The lease.
    pub lease: LeaseId,
    /// What the fold said.
    pub deal: round::FoldedDeal,
    /// Why it is void as a stable name; empty when it is not.
    pub void_code: &'static str,
    /// The trace of the frame that caused it, or empty.
    pub trace: String,
}

/// A lease whose log ended in this batch.
#[derive(Clone, Debug)]
pub struct Ended {
    /// The lease.
    pub lease: LeaseId,
    /// What the fold said.
    pub closed: ClosedLease,
}

/// A record that is set aside.
#[derive(Clone, Debug)]
pub struct SetAside {
    /// Its place in the hub's stream.
    pub stream_seq: u64,
    /// The lease.
    pub lease: LeaseId,
    /// Why.
    pub fault: Fault,
}

/// Why a record is set aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// It can't belong to its log.
    #[error(transparent)]
    Log(#[from] LogFault),
    /// The dealer's receipt is not the dealer's.
    #[error("the dealer did not sign this bet")]
    Receipt,
    /// An earlier record of the lease is set aside.
    #[error("the lease is frozen")]
    Frozen,
    /// The core knows no such lease.
    #[error("no such lease")]
    UnknownLease,
    /// The bytes are no record.
    #[error("not a record")]
    Malformed,
}

/// What a batch comes to.
#[derive(Clone, Debug, Default)]
pub struct Settled {
    /// Deals in the order of the stream.
    pub deals: Vec<DealRow>,
    /// Leases that ended.
    pub ended: Vec<Ended>,
    /// Postings, in the order of the stream.
    pub commands: Vec<(LeaseId, Command)>,
    /// Progress of every lease that moved.
    pub progress: BTreeMap<LeaseId, Progress>,
    /// Records set aside.
    pub aside: Vec<SetAside>,
    /// Components to quarantine, and why.
    pub broken: BTreeMap<Digest, &'static str>,
    /// Records that were settled before: redelivered.
    pub repeated: u64,
}

/// Folds `delivered`, in order, into `leases`. Every lease named must be in there.
///
/// # Errors
/// [`FoldError`] for trouble of this machine: `leases` is then in between, and must be dropped.
pub fn settle(
    leases: &mut BTreeMap<LeaseId, Entry>,
    delivered: &[(Delivered, IntentSignature, bool)],
    tables: &Tables,
) -> Result<Settled, FoldError> {
    let mut settled = Settled::default();
    for (delivered, signature, receipt_good) in delivered {
        let lease = delivered.record.lease;
        let mut set_aside = |fault| settled.aside.push(SetAside { stream_seq: delivered.stream_seq, lease, fault });
        let Some(entry) = leases.get_mut(&lease) else {
            set_aside(Fault::UnknownLease);
            continue;
        };
        if entry.frozen {
            set_aside(Fault::Frozen);
            continue;
        }
        if is_repeated(&entry.state.progress, &delivered.record) {
            settled.repeated += 1;
            continue;
        }
        if !receipt_good {
            entry.frozen = true;
            set_aside(Fault::Receipt);
            continue;
        }
        let key = entry.key.clone();
        let folded = fold(&entry.state, &delivered.record, *signature, tables, |intent| {
            round_key(&key, intent.deal, intent.game.as_bytes(), intent.params.as_bytes(), &intent.client_nonce.0)
        });
        match folded {
            Ok(folded) => {
                entry.state = folded.state;
                if let Some(digest) = folded.deal.as_ref().and_then(|deal| deal.broken) {
                    settled.broken.insert(digest, folded.deal.as_ref().and_then(|deal| deal.void_code).unwrap_or(""));
                }
                let void_code = folded.deal.as_ref().and_then(|deal| deal.void_code).unwrap_or("");
                book(&mut settled, entry, delivered, folded.action, void_code);
            }
            Err(FoldError::Log(fault)) => {
                entry.frozen = true;
                set_aside(fault.into());
            }
            Err(other) => return Err(other),
        }
    }
    Ok(settled)
}

/// Redelivery is a no-op. The last record folded must be the very same; of older ones the index is enough, since each is
/// chained to the next by its digest.
fn is_repeated(progress: &Progress, record: &Record) -> bool {
    match record.index.checked_add(1) {
        Some(after) if after == progress.records => record.digest() == progress.prev,
        Some(after) => after < progress.records,
        None => false,
    }
}

/// Notes what a folded record means.
fn book(settled: &mut Settled, entry: &Entry, delivered: &Delivered, action: Action, void_code: &'static str) {
    let lease = entry.lease();
    let terms = &entry.state.terms;
    settled.progress.insert(lease, entry.state.progress.clone());
    match action {
        Action::Opened | Action::ToppedUp(_) => {}
        Action::Deal(deal) => {
            if let (Some(game), true) = (deal.game.clone(), deal.void.is_none() || deal.stake_minor.is_positive()) {
                let (stake, win, refund) = (deal.stake_minor, deal.win_minor, deal.refund_minor);
                let intent = match deal.void {
                    None => Intent::Deal { lease, game, deal: deal.deal, stake, win },
                    Some(_) => Intent::Void { lease, game, deal: deal.deal, stake, refund },
                };
                let id = transfer::deal(lease, deal.deal);
                let command = Command { id, currency: terms.currency, intent, event_ms: deal.played_ms };
                settled.commands.push((lease, command));
            }
            settled.deals.push(DealRow { lease, deal: *deal, void_code, trace: delivered.trace.clone() });
        }
        Action::Closed(closed) => {
            let amount = closed.returned_minor;
            let intent = Intent::LeaseReturn { player: terms.player, lease, amount };
            let event_ms = delivered.record.at_ms;
            let command = Command { id: transfer::close(lease), currency: terms.currency, intent, event_ms };
            settled.commands.push((lease, command));
            settled.ended.push(Ended { lease, closed });
        }
    }
}

/// Whether the record is a bet whose signatures have to be checked.
#[must_use]
pub(crate) fn bound_deal(record: &Record) -> Option<&wire::v1::record::BoundDeal> {
    match &record.body {
        RecordBody::Deal(bound) => Some(bound),
        _ => None,
    }
}
