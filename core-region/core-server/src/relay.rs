//! The ledger's outbox onto the bus: each wallet event to `wallet.<player>`.
//!
//! At least once, and in order for each player: an event is marked as published only after the stream has it, and its message
//! id is `<player>/<number>`, so that what is sent again within the stream's window is stored once. Players are served side by
//! side, a player's events one after the other. Costs one append an event. What may go wrong: the bus is away; then the
//! events wait in the database, which readers ask for what they miss.

use std::collections::BTreeMap;

use bus::{Append, AppendError, Journal};
use futures::{StreamExt, TryStreamExt};
use ids::PlayerId;
use ledger::{Ledger, OutboxRow, StoreError};
use telemetry::Trace;
use tokio_util::sync::CancellationToken;
use wire::subjects;
use wire::v1::wallet::WalletEvent;

use crate::limits;

/// Why a page was not relayed. It is tried again.
#[derive(Debug, thiserror::Error)]
pub enum RelayError {
    /// The outbox.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The bus.
    #[error(transparent)]
    Append(#[from] AppendError),
}

/// The relay.
#[derive(Debug)]
pub struct Relay {
    ledger: Ledger,
    journal: Journal,
}

impl Relay {
    /// From `ledger` to the hub's stream behind `journal`.
    #[must_use]
    pub fn new(ledger: Ledger, journal: Journal) -> Self {
        Self { ledger, journal }
    }

    /// Relays until `cancel`, and then what is left.
    pub async fn run(self, cancel: CancellationToken) {
        let mut last_event = self.ledger.last_event();
        let mut pause = limits::RELAY_FIRST_PAUSE;
        loop {
            let ending = cancel.is_cancelled();
            match self.page().await {
                Ok(0) if ending => return,
                Ok(0) => tokio::select! {
                    () = cancel.cancelled() => {}
                    _changed = last_event.changed() => {}
                    () = tokio::time::sleep(limits::RELAY_IDLE) => {}
                },
                Ok(_) => pause = limits::RELAY_FIRST_PAUSE,
                Err(error) => {
                    tracing::warn!(%error, "wallet events wait");
                    tokio::time::sleep(pause).await;
                    pause = (pause * 2).min(limits::RELAY_LONGEST_PAUSE);
                }
            }
        }
    }

    /// Relays one page, and gives the number of its events.
    ///
    /// # Errors
    /// [`RelayError`]; the page will be relayed again, whole.
    pub async fn page(&self) -> Result<usize, RelayError> {
        let page = self.ledger.next_unpublished(limits::RELAY_PAGE).await?;
        let Some(last) = page.last().map(|row| row.event_no) else { return Ok(0) };
        let count = page.len();
        let mut by_player: BTreeMap<PlayerId, Vec<OutboxRow>> = BTreeMap::new();
        page.into_iter().for_each(|row| by_player.entry(row.player).or_default().push(row));
        futures::stream::iter(by_player.into_values().map(|rows| self.publish(rows)))
            .buffer_unordered(limits::RELAY_PLAYERS)
            .try_collect::<()>()
            .await?;
        self.ledger.mark_published(last).await?;
        Ok(count)
    }

    /// The events of one player, in order.
    async fn publish(&self, rows: Vec<OutboxRow>) -> Result<(), AppendError> {
        for row in rows {
            let Some(event) = event(&row) else { continue };
            let append = Append {
                message_id: Some(format!("{}/{}", row.player, row.core_seq)),
                expected_last_subject_seq: None,
                payload: wire::encode(&event).into(),
                trace: Trace::of_header(row.trace.as_deref()),
            };
            self.journal.append(&subjects::wallet(row.player), append).await?;
        }
        Ok(())
    }
}

/// The event as it goes out. One that can't be read would hold up all others: it is left out and alarms, and its reader finds
/// the gap in the numbers.
fn event(row: &OutboxRow) -> Option<WalletEvent> {
    match wire::decode(row.body.as_bytes()) {
        Ok(body) => Some(WalletEvent { player: row.player, core_seq: row.core_seq, at_ms: row.posted_ms, body }),
        Err(error) => {
            tracing::error!(player = %row.player, core_seq = row.core_seq, %error, "ALARM a wallet event can't be read");
            None
        }
    }
}
