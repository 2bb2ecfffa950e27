//! Opening: load, check, remember, start.

use std::collections::BTreeMap;
use std::sync::Arc;

use clock::SharedClock;
use parking_lot::RwLock;
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::run::Writer;
use super::{Inner, OpenError, Options, State};
use crate::engine::{AccountId, AccountRow, BatchHead, Engine, TransferRow};
use crate::limits;
use crate::store::Store;
use crate::verify::{Fault, check_rows};
use crate::view::View;

pub(super) async fn open(store: Arc<dyn Store>, clock: SharedClock, options: Options) -> Result<Inner, OpenError> {
    let loaded = store.load().await?;
    check_last_batch(store.as_ref(), &loaded.head, &loaded.accounts).await?;
    let mut engine = Engine::restore(loaded.head, &loaded.accounts, &loaded.wallet_heads, options.known_ids)?;
    let next = loaded.head.next_seq();
    let mut from = next.saturating_sub(options.preload_transfers).max(1);
    let holds_all = from == 1;
    let mut tail = Vec::new();
    while from < next {
        let n = limits::PAGE_ROWS.min(next - from);
        tail.append(&mut store.read_transfers(from, n).await?);
        from += n;
    }
    engine.learn(whole_commands(&tail));
    if holds_all {
        engine.has_learned_all();
    }
    tracing::info!(shard = store.shard(), batch = loaded.head.no, accounts = loaded.accounts.len(), "ledger opened");
    let (queue, pending) = mpsc::channel(options.queue_units);
    let (state_sender, state) = watch::channel(State::Running);
    let (event_sender, last_event) = watch::channel(loaded.head.last_event);
    let view = Arc::new(RwLock::new(View::of(&loaded.accounts)));
    let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
    let writer = Writer {
        engine,
        store: Arc::clone(&store),
        clock: Arc::clone(&clock),
        batch_commands: options.batch_commands,
        queue: pending,
        view: Arc::clone(&view),
        state: state_sender,
        last_event: event_sender,
        stop: stop.clone(),
        is_closing: false,
    };
    tasks.spawn(writer.run());
    Ok(Inner { store, clock, options, queue, view, state, last_event, stop, tasks })
}

/// The head's hash must be that of its rows, and the accounts they touched last must stand as they left them.
async fn check_last_batch(store: &dyn Store, head: &BatchHead, accounts: &[AccountRow]) -> Result<(), OpenError> {
    if head.no == 0 {
        return Ok(());
    }
    let rows = store.read_transfers(head.first_seq, u64::from(head.n)).await?;
    check_rows(head, &rows)?;
    let mut last: BTreeMap<AccountId, (i64, u64)> = BTreeMap::new();
    for movement in rows.iter().filter_map(|row| row.movement.as_ref()) {
        for side in [movement.debit, movement.credit] {
            last.insert(side.account, (side.balance, side.version));
        }
    }
    for row in accounts {
        if last.get(&row.id).is_some_and(|after| *after != (row.balance, row.version)) {
            return Err(OpenError::Tampered(Fault::Account { id: row.id }));
        }
    }
    Ok(())
}

/// The tail may begin inside a command of two legs: half a command is not learned, the primary key knows it.
fn whole_commands(rows: &[TransferRow]) -> &[TransferRow] {
    let begin = rows.iter().position(|row| row.leg == 0).unwrap_or(rows.len());
    rows.get(begin..).unwrap_or_default()
}
