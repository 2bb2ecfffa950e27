//! What the batch under evaluation has written so far, and its sealing.

use std::collections::BTreeMap;

use money::{Amount, Currency};

use super::account::AccountRow;
use super::batch::{Batch, BatchHead, OutboxRow};
use super::command::Prepared;
use super::hash;
use super::intent::TransferCode;
use super::row::{Movement, Status, TransferRow};
use super::state::{Invariant, State};
use crate::unit::WalletEvent;

/// Rows and events under way.
#[derive(Debug)]
pub(super) struct Work {
    no: u64,
    posted_ms: u64,
    first_seq: u64,
    first_event: u64,
    pub(super) rows: Vec<TransferRow>,
    pub(super) events: Vec<OutboxRow>,
}

fn numbered(first: u64, before: usize) -> Result<u64, Invariant> {
    let before = u64::try_from(before).map_err(|_| Invariant::CounterRanOut)?;
    first.checked_add(before).ok_or(Invariant::CounterRanOut)
}

impl Work {
    /// Batch `no`, empty.
    pub(super) const fn new(no: u64, posted_ms: u64, first_seq: u64, first_event: u64) -> Self {
        Self { no, posted_ms, first_seq, first_event, rows: Vec::new(), events: Vec::new() }
    }

    /// Adds a row of `command`.
    pub(super) fn write(
        &mut self,
        command: &Prepared,
        leg: u16,
        status: Status,
        moved: Option<(TransferCode, Movement)>,
    ) -> Result<(), Invariant> {
        self.rows.push(TransferRow {
            seq: numbered(self.first_seq, self.rows.len())?,
            id: command.id,
            leg,
            code: moved.map_or(command.code, |(code, _)| code),
            status,
            body: command.body,
            subject: command.subject,
            ref_no: command.ref_no,
            currency: command.currency,
            event_ms: command.event_ms,
            batch: self.no,
            posted_ms: self.posted_ms,
            movement: moved.map(|(_, movement)| movement),
        });
        Ok(())
    }

    /// Adds an outbox row.
    pub(super) fn emit(
        &mut self,
        event: &WalletEvent,
        core_seq: u64,
        (currency, cash): (Currency, i64),
        trace: Option<String>,
    ) -> Result<(), Invariant> {
        self.events.push(OutboxRow {
            event_no: numbered(self.first_event, self.events.len())?,
            player: event.player,
            core_seq,
            posted_ms: self.posted_ms,
            currency,
            cash_after: Amount::from_minor(cash),
            body: event.body.clone(),
            trace,
        });
        Ok(())
    }

    /// Chains what was written to `before`, after asserting what must hold of it.
    pub(super) fn seal(&mut self, state: &State, before: &BatchHead, epoch: u64) -> Result<Batch, Invariant> {
        state.check_zero_sum()?;
        let rows = std::mem::take(&mut self.rows);
        let events = std::mem::take(&mut self.events);
        let accounts = final_accounts(state, &rows)?;
        if let Some(wrong) = accounts.iter().find(|row| row.key.kind.no_negative() && row.balance < 0) {
            return Err(Invariant::BelowZero(wrong.id));
        }
        let wallet_heads: BTreeMap<_, _> = events.iter().map(|event| (event.player, event.core_seq)).collect();
        let mut head = BatchHead {
            shard: before.shard,
            no: self.no,
            epoch,
            first_seq: self.first_seq,
            n: u32::try_from(rows.len()).map_err(|_| Invariant::CounterRanOut)?,
            last_event: events.last().map_or(before.last_event, |event| event.event_no),
            posted_ms: self.posted_ms,
            root: hash::root(&rows),
            prev_hash: before.hash,
            hash: hash::Hash::default(),
        };
        head.hash = hash::batch(&head);
        Ok(Batch { head, rows, accounts, events, wallet_heads: wallet_heads.into_iter().collect() })
    }
}

/// The accounts that `rows` touched, as they stand, by number.
fn final_accounts(state: &State, rows: &[TransferRow]) -> Result<Vec<AccountRow>, Invariant> {
    let movements = rows.iter().filter_map(|row| row.movement.as_ref());
    let mut numbers: Vec<_> = movements.flat_map(|moved| [moved.debit.account, moved.credit.account]).collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers.into_iter().map(|number| state.row(number)).collect()
}
