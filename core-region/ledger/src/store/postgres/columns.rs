//! A batch as columns, for UNNEST, and numbers as SQL has them.
//!
//! The engine's counters are `u64` that start at 1 and could not pass 2^63 in a thousand years; bigint holds them bit for bit.

use uuid::Uuid;

use crate::engine::{Batch, Hash, Side};
use crate::store::StoreError;

/// The columns of `ledger_transfers`.
#[derive(Default)]
pub(super) struct TransferColumns<'a> {
    pub(super) id: Vec<Uuid>,
    pub(super) subject: Vec<Uuid>,
    pub(super) seq: Vec<i64>,
    pub(super) ref_no: Vec<i64>,
    pub(super) event_ms: Vec<i64>,
    pub(super) amount: Vec<i64>,
    pub(super) debit: SideColumns,
    pub(super) credit: SideColumns,
    pub(super) leg: Vec<i16>,
    pub(super) code: Vec<i16>,
    pub(super) status: Vec<i16>,
    pub(super) currency: Vec<&'a str>,
    pub(super) body: Vec<Hash>,
}

/// The columns of one side.
#[derive(Default)]
pub(super) struct SideColumns {
    pub(super) account: Vec<Option<i64>>,
    pub(super) balance: Vec<Option<i64>>,
    pub(super) version: Vec<Option<i64>>,
}

impl SideColumns {
    fn push(&mut self, side: Option<&Side>) {
        self.account.push(side.map(|side| i64::from(side.account)));
        self.balance.push(side.map(|side| side.balance));
        self.version.push(side.map(|side| side.version.cast_signed()));
    }
}

impl<'a> TransferColumns<'a> {
    pub(super) fn of(batch: &'a Batch) -> Self {
        let mut columns = Self::default();
        for row in &batch.rows {
            let movement = row.movement.as_ref();
            columns.id.push(row.id.as_uuid());
            columns.subject.push(Uuid::from_bytes(row.subject));
            columns.seq.push(row.seq.cast_signed());
            columns.ref_no.push(row.ref_no);
            columns.event_ms.push(row.event_ms.cast_signed());
            columns.amount.push(movement.map_or(0, |movement| movement.amount));
            columns.debit.push(movement.map(|movement| &movement.debit));
            columns.credit.push(movement.map(|movement| &movement.credit));
            columns.leg.push(row.leg.cast_signed());
            columns.code.push(row.code.code());
            columns.status.push(row.status.code());
            columns.currency.push(row.currency.code());
            columns.body.push(row.body);
        }
        columns
    }
}

/// The columns of `ledger_accounts`.
#[derive(Default)]
pub(super) struct AccountColumns<'a> {
    pub(super) id: Vec<i64>,
    pub(super) kind: Vec<i16>,
    pub(super) owner: Vec<Uuid>,
    pub(super) currency: Vec<&'a str>,
    pub(super) balance: Vec<i64>,
    pub(super) version: Vec<i64>,
}

impl<'a> AccountColumns<'a> {
    pub(super) fn of(batch: &'a Batch) -> Self {
        let mut columns = Self::default();
        for row in &batch.accounts {
            columns.id.push(i64::from(row.id));
            columns.kind.push(row.key.kind.code());
            columns.owner.push(Uuid::from_bytes(row.key.owner));
            columns.currency.push(row.key.currency.code());
            columns.balance.push(row.balance);
            columns.version.push(row.version.cast_signed());
        }
        columns
    }
}

/// The columns of `ledger_outbox` and `ledger_wallet_heads`.
#[derive(Default)]
pub(super) struct EventColumns<'a> {
    pub(super) event_no: Vec<i64>,
    pub(super) player: Vec<Uuid>,
    pub(super) core_seq: Vec<i64>,
    pub(super) currency: Vec<&'a str>,
    pub(super) cash_after: Vec<i64>,
    pub(super) body: Vec<&'a str>,
    pub(super) trace: Vec<Option<&'a str>>,
    pub(super) head_player: Vec<Uuid>,
    pub(super) head_seq: Vec<i64>,
}

impl<'a> EventColumns<'a> {
    pub(super) fn of(batch: &'a Batch) -> Self {
        let mut columns = Self::default();
        for event in &batch.events {
            columns.event_no.push(event.event_no.cast_signed());
            columns.player.push(event.player.as_uuid());
            columns.core_seq.push(event.core_seq.cast_signed());
            columns.currency.push(event.currency.code());
            columns.cash_after.push(event.cash_after.minor());
            columns.body.push(&event.body);
            columns.trace.push(event.trace.as_deref());
        }
        for (player, core_seq) in &batch.wallet_heads {
            columns.head_player.push(player.as_uuid());
            columns.head_seq.push(core_seq.cast_signed());
        }
        columns
    }
}

/// A stored hash.
pub(super) fn hash(bytes: &[u8]) -> Result<Hash, StoreError> {
    Hash::try_from(bytes).map_err(|_| StoreError::Corrupt("a hash is not 32 bytes"))
}
