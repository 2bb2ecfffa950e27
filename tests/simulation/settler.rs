//! The settler's shell as shard.rs has it: fill, check, settle, rider, events, one unit. Everything in it but the reading of rows is
//! the real room's.
//!
//! It holds leases and the watermark where it left them; whoever has another watermark than the store is fenced by the rider.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use async_trait::async_trait;
use ed25519_dalek::VerifyingKey;
use ids::LeaseId;
use ledger::{Fault, Memory, MemoryTables, Reason, Rider, RiderError, Unit, UnitReply};
use round::{LeaseState, Progress};
use settlement::{Delivered, Entry, SettleRider, Settled};

use crate::bank::{Bank, Writer};
use crate::games::Shelf;
use crate::hub::Delivery;
use crate::lease::Lease;

const SHARD: u16 = 0;

/// What the settler stands on.
pub(crate) struct Core<'a> {
    pub(crate) bank: &'a mut Bank,
    pub(crate) leases: &'a BTreeMap<LeaseId, Lease>,
    pub(crate) dealer: VerifyingKey,
    /// Records set aside, by their place in the stream.
    pub(crate) quarantine: &'a mut BTreeMap<u64, (LeaseId, settlement::Fault)>,
}

/// When its process dies, if it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Death {
    /// It lives.
    Never,
    /// All is computed, nothing submitted.
    BeforeSubmit,
    /// The ledger dies with it, before or after its commit.
    WithLedger(Fault),
}

/// How a delivery ended.
#[derive(Debug)]
pub(crate) enum Ended {
    /// It stands, with the watermark after it.
    Committed(Box<Settled>),
    /// Another settler has moved the watermark; nothing was written.
    Fenced,
    /// All its postings stood already, so its rows were not written: a delivery may hold records without postings, and must not be
    /// acknowledged before their rows stand.
    Replayed,
    /// It is not known to this process what stands.
    Unknown,
}

/// One settler process.
#[derive(Clone, Default)]
pub(crate) struct Settler {
    held: BTreeMap<LeaseId, Entry>,
    mark: Option<u64>,
}

/// The room's rider, and beside it whether each lease is frozen, which the memory tables of the room leave out.
#[derive(Debug)]
struct Rows(SettleRider);

#[async_trait]
impl Rider for Rows {
    async fn write(&self, connection: &mut sqlx::PgConnection) -> Result<(), RiderError> {
        self.0.write(connection).await
    }

    fn write_memory(&self, tables: &mut MemoryTables) -> Result<(), RiderError> {
        self.0.write_memory(tables)?;
        for (lease, _, frozen) in &self.0.progress {
            tables.put("frozen", lease.to_bytes().to_vec(), vec![u8::from(*frozen)]);
        }
        Ok(())
    }
}

/// How far the shard is settled.
pub(crate) fn watermark(store: &Memory) -> u64 {
    let row = store.rooms(|tables| tables.get("settle_watermarks", &SHARD.to_be_bytes()).map(<[u8]>::to_vec));
    row.map_or(0, |row| u64::from_be_bytes(row.try_into().unwrap()))
}

/// A lease's stored progress, and whether it is frozen.
pub(crate) fn progress(store: &Memory, lease: LeaseId) -> Option<(Progress, bool)> {
    store.rooms(|tables| {
        let progress = serde_json::from_slice(tables.get("lease_progress", &lease.to_bytes())?).unwrap();
        Some((progress, tables.get("frozen", &lease.to_bytes()) == Some(&[1])))
    })
}

impl Settler {
    /// Whether another settler has moved the watermark since this one left it.
    pub(crate) fn is_stale(&self, store: &Memory) -> bool {
        self.mark.is_some_and(|mark| mark != watermark(store))
    }

    /// Whether it knows nothing but what the store holds.
    pub(crate) fn is_new(&self) -> bool {
        self.mark.is_none()
    }

    fn fill(&mut self, core: &Core<'_>, batch: &[Delivery]) {
        if self.mark.is_none() {
            (self.held, self.mark) = (BTreeMap::new(), Some(watermark(&core.bank.store)));
        }
        let wanted: BTreeSet<LeaseId> = batch.iter().map(|delivery| delivery.record.lease).collect();
        for id in wanted {
            let Some(lease) = core.leases.get(&id) else { continue };
            self.held.entry(id).or_insert_with(|| {
                let mut state = LeaseState::new(Arc::clone(&lease.terms));
                let (stored, frozen) = progress(&core.bank.store, id).unwrap_or((state.progress.clone(), false));
                state.progress = stored;
                Entry::try_new(state, lease.seed.clone(), core.dealer, frozen).unwrap()
            });
        }
    }

    /// Settles a delivery.
    pub(crate) async fn settle(
        &mut self,
        core: &mut Core<'_>,
        batch: &[Delivery],
        writer: Writer,
        death: Death,
    ) -> Ended {
        self.fill(core, batch);
        let delivered = batch.iter().map(|delivery| Delivered {
            stream_seq: delivery.seq,
            record: delivery.record.clone(),
            trace: String::new(),
        });
        let checked = settlement::check(&self.held, delivered.collect());
        let settled = settlement::settle(&mut self.held, &checked, &Shelf::shared().tables).unwrap();
        // What a settler holds that was overtaken is not the truth, and nothing of it will stand.
        if !self.is_stale(&core.bank.store) {
            for aside in &settled.aside {
                core.quarantine.entry(aside.stream_seq).or_insert((aside.lease, aside.fault));
            }
        }
        let last = batch.iter().map(|delivery| delivery.seq).max().unwrap_or(0);
        let mark = self.mark.unwrap();
        let rider = SettleRider::of(SHARD, mark, last.max(mark), &self.held, &settled);
        let events = settlement::events(&self.held, &settled);
        let ended = match death {
            Death::BeforeSubmit => Ended::Unknown,
            _ if settled.commands.is_empty() => write_rows(&core.bank.store, Rows(rider), settled),
            _ => {
                let commands = settled.commands.iter().map(|(_, command)| command.clone()).collect();
                let unit = Unit { commands, events, rider: Some(Arc::new(Rows(rider))), trace: None };
                submit(core.bank, unit, settled, writer, death).await
            }
        };
        match &ended {
            Ended::Committed(settled) => {
                self.mark = Some(last.max(mark));
                settled.ended.iter().for_each(|ended| drop(self.held.remove(&ended.lease)));
            }
            Ended::Replayed | Ended::Fenced | Ended::Unknown => *self = Self::default(),
        }
        ended
    }
}

async fn submit(bank: &mut Bank, unit: Unit, settled: Settled, writer: Writer, death: Death) -> Ended {
    if let Death::WithLedger(fault) = death {
        bank.submit_and_die(unit, fault).await;
        return Ended::Unknown;
    }
    let mut reply = bank.submit(unit.clone(), writer).await;
    if let Some(UnitReply::Rejected(no)) = &reply
        && !matches!(no.reason, Reason::Rider(_))
    {
        // A writer that was overtaken may say so of balances that have changed since; the next one knows.
        bank.restart().await;
        reply = bank.submit(unit, Writer::Present).await;
    }
    match reply {
        Some(UnitReply::Applied(applied)) if applied.replayed => Ended::Replayed,
        Some(UnitReply::Applied(_)) => Ended::Committed(Box::new(settled)),
        Some(UnitReply::Rejected(no)) if no.reason == Reason::Rider("watermark_moved") => Ended::Fenced,
        Some(UnitReply::Rejected(no)) => panic!("the ledger refuses a settled delivery: {no:?}"),
        None => Ended::Unknown,
    }
}

/// A delivery without postings, in a transaction of its own.
fn write_rows(store: &Memory, rows: Rows, settled: Settled) -> Ended {
    store.rooms(|tables| {
        let mut changed = tables.clone();
        match rows.write_memory(&mut changed) {
            Ok(()) => {
                *tables = changed;
                Ended::Committed(Box::new(settled))
            }
            Err(RiderError::Refused("watermark_moved")) => Ended::Fenced,
            Err(other) => panic!("the rows are refused: {other}"),
        }
    })
}
