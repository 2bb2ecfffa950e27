//! The one statement that appends a batch.
//!
//! Five tables, each written by one part: CockroachDB and YugabyteDB refuse two parts that change one table. New accounts and
//! changed balances are therefore one upsert.

use sqlx::PgConnection;
use uuid::Uuid;

use super::columns::{AccountColumns, EventColumns, TransferColumns};
use super::of_statement;
use crate::engine::{Batch, Hash};
use crate::store::{AppendError, StoreError};
use database::DbError;

const APPEND: &str = "\
WITH head AS ( \
  INSERT INTO ledger_batches (shard, no, epoch, first_seq, n, last_event, posted_ms, root, prev_hash, hash) \
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
), balances AS ( \
  INSERT INTO ledger_accounts (shard, id, kind, owner, currency, balance, version) \
  SELECT $1, * FROM UNNEST($11::bigint[], $12::smallint[], $13::uuid[], $14::text[], $15::bigint[], $16::bigint[]) \
  ON CONFLICT (shard, id) DO UPDATE SET balance = excluded.balance, version = excluded.version \
), events AS ( \
  INSERT INTO ledger_outbox (shard, posted_ms, event_no, player, core_seq, currency, cash_after, body, trace) \
  SELECT $1, $7, * FROM UNNEST($17::bigint[], $18::uuid[], $19::bigint[], $20::text[], $21::bigint[], $22::text[], $23::text[]) \
), wallets AS ( \
  INSERT INTO ledger_wallet_heads (shard, player, core_seq) \
  SELECT $1, * FROM UNNEST($24::uuid[], $25::bigint[]) \
  ON CONFLICT (shard, player) DO UPDATE SET core_seq = excluded.core_seq \
) \
INSERT INTO ledger_transfers (shard, batch, id, subject, seq, ref_no, event_ms, amount, debit, debit_balance, debit_version, \
  credit, credit_balance, credit_version, leg, code, status, currency, body) \
SELECT $1, $2, * FROM UNNEST($26::uuid[], $27::uuid[], $28::bigint[], $29::bigint[], $30::bigint[], $31::bigint[], \
  $32::bigint[], $33::bigint[], $34::bigint[], $35::bigint[], $36::bigint[], $37::bigint[], $38::smallint[], \
  $39::smallint[], $40::smallint[], $41::text[], $42::bytea[])";

/// Runs the statement, and checks that every transfer was written.
pub(super) async fn execute(connection: &mut PgConnection, batch: &Batch) -> Result<(), AppendError> {
    let head = &batch.head;
    let accounts = AccountColumns::of(batch);
    let events = EventColumns::of(batch);
    let rows = TransferColumns::of(batch);
    let done = sqlx::query(APPEND)
        .bind(head.shard.cast_signed())
        .bind(head.no.cast_signed())
        .bind(head.epoch.cast_signed())
        .bind(head.first_seq.cast_signed())
        .bind(head.n.cast_signed())
        .bind(head.last_event.cast_signed())
        .bind(head.posted_ms.cast_signed())
        .bind::<&[u8]>(&head.root)
        .bind::<&[u8]>(&head.prev_hash)
        .bind::<&[u8]>(&head.hash)
        .bind::<&[i64]>(&accounts.id)
        .bind::<&[i16]>(&accounts.kind)
        .bind::<&[Uuid]>(&accounts.owner)
        .bind::<&[&str]>(&accounts.currency)
        .bind::<&[i64]>(&accounts.balance)
        .bind::<&[i64]>(&accounts.version)
        .bind::<&[i64]>(&events.event_no)
        .bind::<&[Uuid]>(&events.player)
        .bind::<&[i64]>(&events.core_seq)
        .bind::<&[&str]>(&events.currency)
        .bind::<&[i64]>(&events.cash_after)
        .bind::<&[&str]>(&events.body)
        .bind::<&[Option<&str>]>(&events.trace)
        .bind::<&[Uuid]>(&events.head_player)
        .bind::<&[i64]>(&events.head_seq)
        .bind::<&[Uuid]>(&rows.id)
        .bind::<&[Uuid]>(&rows.subject)
        .bind::<&[i64]>(&rows.seq)
        .bind::<&[i64]>(&rows.ref_no)
        .bind::<&[i64]>(&rows.event_ms)
        .bind::<&[i64]>(&rows.amount)
        .bind::<&[Option<i64>]>(&rows.debit.account)
        .bind::<&[Option<i64>]>(&rows.debit.balance)
        .bind::<&[Option<i64>]>(&rows.debit.version)
        .bind::<&[Option<i64>]>(&rows.credit.account)
        .bind::<&[Option<i64>]>(&rows.credit.balance)
        .bind::<&[Option<i64>]>(&rows.credit.version)
        .bind::<&[i16]>(&rows.leg)
        .bind::<&[i16]>(&rows.code)
        .bind::<&[i16]>(&rows.status)
        .bind::<&[&str]>(&rows.currency)
        .bind::<&[Hash]>(&rows.body)
        .execute(connection)
        .await
        .map_err(of_statement)?;
    let (due, found) = (u64::from(head.n), done.rows_affected());
    if due == found {
        Ok(())
    } else {
        Err(AppendError::Refused(StoreError::Database(DbError::RowCount { what: "ledger_transfers", due, found })))
    }
}
