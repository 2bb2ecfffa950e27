//! Wallet events to the players who are connected here: one subscription for the edge, routed in memory.
//!
//! What the subscription loses is asked of the core: at once when a gap shows, and every few seconds for a player who waits
//! for a settlement that does not come. Nobody is polled without need.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use ids::{LeaseId, PlayerId};
use parking_lot::Mutex;
use telemetry::{Trace, names};
use wire::v1::client::{Cursor, ServerBody};
use wire::v1::core::{Resume, Resumed};
use wire::v1::wallet::{WalletBody, WalletEvent};

use crate::bind::Backoff;
use crate::error::PlayError;
use crate::limits;
use crate::order::WalletOrder;
use crate::outlet::{Moves, Outlet, Push};
use crate::play::Play;

/// A connected player.
#[derive(Debug)]
struct Seat {
    outlet: Outlet,
    order: WalletOrder,
    /// Where the client stood when it connected; none for a fresh start.
    cursor_seq: Option<u64>,
    /// The last deal told and not yet seen settled, or the lease whose end is not.
    expects: Option<(LeaseId, Option<u64>)>,
    heard: Duration,
    /// How long it may wait before the core is asked; grows while the core has nothing.
    patience: Duration,
    filling: bool,
}

impl Seat {
    fn expect(&mut self, lease: LeaseId, deal: Option<u64>) {
        self.expects = Some((lease, deal));
        self.patience = limits::WALLET_SWEEP;
    }

    fn send(&mut self, events: Vec<WalletEvent>) {
        for event in &events {
            if self.expects.is_some_and(|(lease, deal)| settles(&event.body, lease, deal)) {
                self.expects = None;
            }
        }
        self.outlet.push_all(events.into_iter().map(|event| ServerBody::Wallet(event).into()).collect());
    }
}

/// Whether the event is what was waited for: the deal's settlement, or the lease's end.
fn settles(body: &WalletBody, lease: LeaseId, deal: Option<u64>) -> bool {
    match body {
        WalletBody::Closed { lease: closed, .. } => *closed == lease,
        WalletBody::Settled { lease: settled, deals, .. } => {
            let newest = deals.iter().map(|deal| deal.deal).max();
            *settled == lease && deal.is_some_and(|deal| newest >= Some(deal))
        }
        _ => false,
    }
}

/// All connected players.
#[derive(Debug, Default)]
pub(crate) struct Wallets(Mutex<BTreeMap<PlayerId, Seat>>);

impl Wallets {
    /// Buffers the player's events for a new connection, until the core says where it stands.
    pub(crate) fn attach(&self, player: PlayerId, outlet: &Outlet, cursor: Option<Cursor>, now: Duration) {
        let seat = Seat {
            outlet: outlet.clone(),
            order: WalletOrder::default(),
            cursor_seq: cursor.map(|cursor| cursor.core_seq),
            expects: cursor.and_then(|cursor| cursor.lease.map(|lease| (lease, Some(cursor.deal)))),
            heard: now,
            patience: limits::WALLET_SWEEP,
            filling: true,
        };
        self.0.lock().insert(player, seat);
    }

    pub(crate) fn detach(&self, player: PlayerId, connection: u64) {
        let mut seats = self.0.lock();
        if seats.get(&player).is_some_and(|seat| seat.outlet.connection() == connection) {
            seats.remove(&player);
        }
    }

    pub(crate) fn expect_settled(&self, player: PlayerId, lease: LeaseId, deal: u64) {
        if let Some(seat) = self.0.lock().get_mut(&player) {
            seat.expect(lease, Some(deal));
        }
    }

    pub(crate) fn expect_closed(&self, player: PlayerId, lease: LeaseId) {
        if let Some(seat) = self.0.lock().get_mut(&player) {
            seat.expect(lease, None);
        }
    }

    /// A live event. True when the core has to be asked for what is missing before it.
    fn live(&self, event: WalletEvent, now: Duration) -> bool {
        let mut seats = self.0.lock();
        let Some(seat) = seats.get_mut(&event.player) else { return false };
        (seat.heard, seat.patience) = (now, limits::WALLET_SWEEP);
        let released = seat.order.live(event);
        seat.send(released);
        seat.order.has_gap() && !std::mem::replace(&mut seat.filling, true)
    }

    /// Who has waited too long for an event; they are being asked for from here on.
    fn overdue(&self, now: Duration) -> Vec<PlayerId> {
        let mut seats = self.0.lock();
        let waits = |seat: &Seat| !seat.filling && (seat.expects.is_some() || seat.order.has_gap());
        let overdue =
            seats.iter_mut().filter(|(_, seat)| waits(seat) && now.saturating_sub(seat.heard) >= seat.patience);
        overdue
            .map(|(player, seat)| {
                seat.filling = true;
                seat.patience = seat.patience.saturating_mul(2).min(limits::WALLET_PATIENCE_MAX);
                *player
            })
            .collect()
    }

    /// Where to ask from for the player's connection; none when it is gone.
    fn asks_from(&self, player: PlayerId, connection: Option<u64>) -> Option<(u64, u64)> {
        let seats = self.0.lock();
        let seat = seats.get(&player)?;
        let same = connection.is_none_or(|connection| connection == seat.outlet.connection());
        let from = seat.order.last().or(seat.cursor_seq).unwrap_or(0);
        same.then_some((seat.outlet.connection(), from))
    }

    /// The core's answer for a connection. True when the player's newest event is still to be asked for.
    pub(crate) fn fill(
        &self,
        player: PlayerId,
        connection: u64,
        asked_from: u64,
        resumed: Resumed,
        now: Duration,
    ) -> bool {
        let mut seats = self.0.lock();
        let Some(seat) = seats.get_mut(&player).filter(|seat| seat.outlet.connection() == connection) else {
            return false;
        };
        let fresh = seat.cursor_seq.is_none() && seat.order.last().is_none();
        let released = if resumed.resync || fresh {
            metrics::counter!(names::RESYNCS).increment(u64::from(resumed.resync && !fresh));
            let moves = Moves { lease: None, core_seq: Some(resumed.core_seq) };
            let body = ServerBody::Resync { wallet: resumed.wallet };
            seat.outlet.push(Push { moves, ..Push::from(body) });
            seat.order.jump(resumed.core_seq)
        } else {
            seat.order.fill(asked_from, resumed.events)
        };
        seat.send(released);
        seat.heard = now;
        let more = seat.order.last().is_some_and(|last| last < resumed.core_seq);
        seat.filling = more;
        more
    }

    /// The welcome said where a fresh client stands.
    pub(crate) fn start_at(&self, player: PlayerId, connection: u64, core_seq: u64, now: Duration) {
        let mut seats = self.0.lock();
        if let Some(seat) = seats.get_mut(&player).filter(|seat| seat.outlet.connection() == connection) {
            let released = seat.order.jump(core_seq);
            seat.send(released);
            (seat.heard, seat.filling) = (now, false);
        }
    }

    fn stop_filling(&self, player: PlayerId, connection: u64, now: Duration) {
        let mut seats = self.0.lock();
        if let Some(seat) = seats.get_mut(&player).filter(|seat| seat.outlet.connection() == connection) {
            (seat.heard, seat.filling) = (now, false);
        }
    }
}

impl Play {
    /// One subscription for all players; taken up again when the connection ends it.
    pub(crate) async fn follow_wallets(self: Arc<Self>) {
        let mut backoff = Backoff::new();
        loop {
            match self.bus.subscribe("wallet.*").await {
                Ok(mut events) => {
                    while let Some(incoming) = events.next().await {
                        self.route(&incoming);
                    }
                    backoff = Backoff::new();
                }
                Err(error) => tracing::warn!(%error, "no wallet events"),
            }
            backoff.pause().await;
        }
    }

    fn route(self: &Arc<Self>, incoming: &bus::Incoming) {
        let event: WalletEvent = match wire::decode(&incoming.payload) {
            Ok(event) => event,
            Err(error) => {
                tracing::error!(subject = incoming.subject, %error, "unreadable wallet event");
                return;
            }
        };
        let player = event.player;
        if self.wallet.live(event, self.clock.monotonic()) {
            self.fill_in_background(player);
        }
    }

    /// Asks for those whose settlement is overdue: the subscription may have lost it.
    pub(crate) async fn sweep_wallets(self: Arc<Self>) {
        loop {
            tokio::time::sleep(limits::WALLET_SWEEP).await;
            for player in self.wallet.overdue(self.clock.monotonic()) {
                self.fill_in_background(player);
            }
        }
    }

    /// Asks the core for the player's missing events until they are here or the player is gone.
    pub(crate) fn fill_in_background(self: &Arc<Self>, player: PlayerId) {
        let play = Arc::clone(self);
        self.detach_work(async move {
            let Some((connection, _)) = play.wallet.asks_from(player, None) else { return };
            let mut backoff = Backoff::new();
            let mut pages = 0;
            while let Some((_, from)) = play.wallet.asks_from(player, Some(connection)) {
                if play.stopping().is_cancelled() {
                    return;
                }
                match play.wallet_page(player, from).await {
                    Ok(resumed) => {
                        pages += 1;
                        if !play.wallet.fill(player, connection, from, resumed, play.clock.monotonic()) {
                            return;
                        }
                        if pages >= limits::WALLET_PAGES {
                            break;
                        }
                    }
                    Err(error) => {
                        tracing::debug!(%player, %error, "wallet events can't be asked for");
                        backoff.pause().await;
                    }
                }
            }
            play.wallet.stop_filling(player, connection, play.clock.monotonic());
        });
    }

    async fn wallet_page(&self, player: PlayerId, core_seq: u64) -> Result<Resumed, PlayError> {
        let _turn = self.wallet_fills.acquire().await.map_err(|_| PlayError::CutOff)?;
        let cursor = Cursor { core_seq, ..Cursor::default() };
        let question = Resume { player, cursor, holds_lease: true };
        self.ask_core("resume", &question, limits::CORE_TIMEOUT, &Trace::root()).await
    }
}

#[cfg(test)]
#[path = "wallet_tests.rs"]
mod tests;
