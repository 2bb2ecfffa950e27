//! Reading the log back.

use database::{Pool, read_snapshot};
use ids::{PlayerId, TransferId};
use money::{Amount, Currency};
use sqlx::PgConnection;
use sqlx::Row;
use sqlx::postgres::PgRow;
use uuid::Uuid;

use super::columns::hash;
use crate::engine::{
    AccountId, AccountKey, AccountKind, AccountRow, BatchHead, Movement, OutboxRow, Side, Status, TransferCode,
    TransferRow,
};
use crate::store::{Loaded, StoreError};

macro_rules! heads {
    ($rest:literal) => {
        concat!(
            "SELECT shard, no, epoch, first_seq, n, last_event, posted_ms, root, prev_hash, hash FROM ledger_batches ",
            $rest
        )
    };
}

macro_rules! transfers {
    ($rest:literal) => {
        concat!(
            "SELECT t.id, t.subject, t.seq, t.batch, t.ref_no, t.event_ms, t.amount, t.leg, t.code, t.status, t.currency, t.body, \
             b.posted_ms, t.debit, t.debit_balance, t.debit_version, d.kind AS debit_kind, d.owner AS debit_owner, \
             t.credit, t.credit_balance, t.credit_version, c.kind AS credit_kind, c.owner AS credit_owner \
             FROM ledger_transfers t JOIN ledger_batches b ON b.shard = t.shard AND b.no = t.batch \
             LEFT JOIN ledger_accounts d ON d.shard = t.shard AND d.id = t.debit \
             LEFT JOIN ledger_accounts c ON c.shard = t.shard AND c.id = t.credit ",
            $rest
        )
    };
}

macro_rules! events {
    ($rest:literal) => {
        concat!(
            "SELECT event_no, player, core_seq, posted_ms, currency, cash_after, body, trace FROM ledger_outbox ",
            $rest
        )
    };
}

pub(super) async fn load(pool: &Pool, shard: u16) -> Result<Loaded, StoreError> {
    read_snapshot(pool, "ledger_load", async move |tx| {
        let head = head(tx, shard).await?;
        let accounts = sqlx::query(
            "SELECT id, kind, owner, currency, balance, version FROM ledger_accounts WHERE shard = $1 ORDER BY id",
        )
        .bind(shard.cast_signed())
        .fetch_all(&mut *tx)
        .await?;
        let wallets =
            sqlx::query_as("SELECT player, core_seq FROM ledger_wallet_heads WHERE shard = $1 ORDER BY player")
                .bind(shard.cast_signed())
                .fetch_all(&mut *tx)
                .await?;
        Ok::<_, StoreError>(Loaded {
            head,
            accounts: accounts.iter().map(account).collect::<Result<_, _>>()?,
            wallet_heads: wallets
                .into_iter()
                .map(|(player, core_seq): (Uuid, i64)| (PlayerId::from(player), core_seq.cast_unsigned()))
                .collect(),
        })
    })
    .await
}

pub(super) async fn head(connection: &mut PgConnection, shard: u16) -> Result<BatchHead, StoreError> {
    let row = sqlx::query(heads!("WHERE shard = $1 ORDER BY no DESC LIMIT 1"))
        .bind(shard.cast_signed())
        .fetch_optional(connection)
        .await?;
    row.as_ref().map_or(Ok(BatchHead::genesis(shard)), batch_head)
}

pub(super) async fn batches(pool: &Pool, shard: u16, first: u64, n: u64) -> Result<Vec<BatchHead>, StoreError> {
    let rows = sqlx::query(heads!("WHERE shard = $1 AND no >= $2 AND no < $3 ORDER BY no"))
        .bind(shard.cast_signed())
        .bind(first.cast_signed())
        .bind(first.saturating_add(n).cast_signed())
        .fetch_all(pool)
        .await?;
    rows.iter().map(batch_head).collect()
}

pub(super) async fn lookup(
    connection: &mut PgConnection,
    shard: u16,
    ids: &[TransferId],
) -> Result<Vec<TransferRow>, StoreError> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.as_uuid()).collect();
    let rows = sqlx::query(transfers!("WHERE t.id = ANY($2) AND t.shard = $1 ORDER BY t.id, t.leg"))
        .bind(shard.cast_signed())
        .bind(ids)
        .fetch_all(connection)
        .await?;
    rows.iter().map(transfer).collect()
}

pub(super) async fn transfers(pool: &Pool, shard: u16, first: u64, n: u64) -> Result<Vec<TransferRow>, StoreError> {
    let rows = sqlx::query(transfers!("WHERE t.shard = $1 AND t.seq >= $2 AND t.seq < $3 ORDER BY t.seq"))
        .bind(shard.cast_signed())
        .bind(first.cast_signed())
        .bind(first.saturating_add(n).cast_signed())
        .fetch_all(pool)
        .await?;
    rows.iter().map(transfer).collect()
}

pub(super) async fn unpublished(pool: &Pool, shard: u16, limit: u32) -> Result<Vec<OutboxRow>, StoreError> {
    let rows = sqlx::query(events!(
        "WHERE shard = $1 AND event_no > coalesce((SELECT published FROM ledger_outbox_marks WHERE shard = $1), 0) \
         ORDER BY event_no LIMIT $2"
    ))
    .bind(shard.cast_signed())
    .bind(i64::from(limit))
    .fetch_all(pool)
    .await?;
    rows.iter().map(event).collect()
}

pub(super) async fn mark_published(pool: &Pool, shard: u16, event_no: u64) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO ledger_outbox_marks AS marks (shard, published) VALUES ($1, $2) \
         ON CONFLICT (shard) DO UPDATE SET published = excluded.published WHERE marks.published < excluded.published",
    )
    .bind(shard.cast_signed())
    .bind(event_no.cast_signed())
    .execute(pool)
    .await?;
    Ok(())
}

pub(super) async fn wallet(
    pool: &Pool,
    shard: u16,
    player: PlayerId,
    after: u64,
    limit: u32,
) -> Result<Vec<OutboxRow>, StoreError> {
    let rows = sqlx::query(events!("WHERE shard = $1 AND player = $2 AND core_seq > $3 ORDER BY core_seq LIMIT $4"))
        .bind(shard.cast_signed())
        .bind(player.as_uuid())
        .bind(after.cast_signed())
        .bind(i64::from(limit))
        .fetch_all(pool)
        .await?;
    rows.iter().map(event).collect()
}

fn currency(row: &PgRow) -> Result<Currency, StoreError> {
    let code: &str = row.try_get("currency")?;
    code.parse().map_err(|_| StoreError::Corrupt("a currency has no such code"))
}

fn kind(code: i16) -> Result<AccountKind, StoreError> {
    AccountKind::try_from_code(code).ok_or(StoreError::Corrupt("no account kind has that code"))
}

fn number(id: i64) -> Result<AccountId, StoreError> {
    AccountId::try_from(id).map_err(|_| StoreError::Corrupt("an account's number is out of range"))
}

fn unsigned(row: &PgRow, column: &str) -> Result<u64, StoreError> {
    Ok(row.try_get::<i64, _>(column)?.cast_unsigned())
}

fn account(row: &PgRow) -> Result<AccountRow, StoreError> {
    let owner: Uuid = row.try_get("owner")?;
    let key = AccountKey { kind: kind(row.try_get("kind")?)?, owner: owner.into_bytes(), currency: currency(row)? };
    let (id, balance, version) = (number(row.try_get("id")?)?, row.try_get("balance")?, unsigned(row, "version")?);
    Ok(AccountRow { id, key, balance, version })
}

fn batch_head(row: &PgRow) -> Result<BatchHead, StoreError> {
    Ok(BatchHead {
        shard: row.try_get::<i16, _>("shard")?.cast_unsigned(),
        no: unsigned(row, "no")?,
        epoch: unsigned(row, "epoch")?,
        first_seq: unsigned(row, "first_seq")?,
        n: row.try_get::<i32, _>("n")?.cast_unsigned(),
        last_event: unsigned(row, "last_event")?,
        posted_ms: unsigned(row, "posted_ms")?,
        root: hash(row.try_get("root")?)?,
        prev_hash: hash(row.try_get("prev_hash")?)?,
        hash: hash(row.try_get("hash")?)?,
    })
}

/// One side of a stored movement; all nothing when no money moved.
struct StoredSide {
    account: Option<i64>,
    balance: Option<i64>,
    version: Option<i64>,
    kind: Option<i16>,
    owner: Option<Uuid>,
}

fn side(stored: StoredSide, currency: Currency) -> Result<Option<Side>, StoreError> {
    let StoredSide { account, balance, version, kind: code, owner } = stored;
    match (account, balance, version, code, owner) {
        (None, None, None, None, None) => Ok(None),
        (Some(account), Some(balance), Some(version), Some(code), Some(owner)) => {
            let key = AccountKey { kind: kind(code)?, owner: owner.into_bytes(), currency };
            Ok(Some(Side { account: number(account)?, key, balance, version: version.cast_unsigned() }))
        }
        _ => Err(StoreError::Corrupt("a transfer has half a side")),
    }
}

fn transfer(row: &PgRow) -> Result<TransferRow, StoreError> {
    let currency = currency(row)?;
    let debit = StoredSide {
        account: row.try_get("debit")?,
        balance: row.try_get("debit_balance")?,
        version: row.try_get("debit_version")?,
        kind: row.try_get("debit_kind")?,
        owner: row.try_get("debit_owner")?,
    };
    let credit = StoredSide {
        account: row.try_get("credit")?,
        balance: row.try_get("credit_balance")?,
        version: row.try_get("credit_version")?,
        kind: row.try_get("credit_kind")?,
        owner: row.try_get("credit_owner")?,
    };
    let movement = match (side(debit, currency)?, side(credit, currency)?) {
        (Some(debit), Some(credit)) => Some(Movement { amount: row.try_get("amount")?, debit, credit }),
        (None, None) => None,
        _ => return Err(StoreError::Corrupt("a transfer has one side only")),
    };
    let code = TransferCode::try_from_code(row.try_get("code")?);
    let status = Status::try_from_code(row.try_get("status")?);
    Ok(TransferRow {
        seq: unsigned(row, "seq")?,
        id: TransferId::from(row.try_get::<Uuid, _>("id")?),
        leg: row.try_get::<i16, _>("leg")?.cast_unsigned(),
        code: code.ok_or(StoreError::Corrupt("no transfer has that code"))?,
        status: status.ok_or(StoreError::Corrupt("no transfer has that status"))?,
        body: hash(row.try_get("body")?)?,
        subject: row.try_get::<Uuid, _>("subject")?.into_bytes(),
        ref_no: row.try_get("ref_no")?,
        currency,
        event_ms: unsigned(row, "event_ms")?,
        batch: unsigned(row, "batch")?,
        posted_ms: unsigned(row, "posted_ms")?,
        movement,
    })
}

fn event(row: &PgRow) -> Result<OutboxRow, StoreError> {
    Ok(OutboxRow {
        event_no: unsigned(row, "event_no")?,
        player: PlayerId::from(row.try_get::<Uuid, _>("player")?),
        core_seq: unsigned(row, "core_seq")?,
        posted_ms: unsigned(row, "posted_ms")?,
        currency: currency(row)?,
        cash_after: Amount::from_minor(row.try_get("cash_after")?),
        body: row.try_get("body")?,
        trace: row.try_get("trace")?,
    })
}
