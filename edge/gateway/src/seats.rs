//! Who is connected: one connection a player. A newer one ends the older, so a player never hears a thing twice.

use std::collections::BTreeMap;
use std::sync::Arc;

use ids::PlayerId;
use parking_lot::Mutex;
use play::Outlet;
use tokio::sync::watch;
use wire::v1::client::{Cursor, close_code};

/// Why a connection ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// The client went, or its network did.
    Gone,
    /// Too many frames that are no protocol, or one too long to be read.
    Protocol,
    /// No valid token.
    Unauthenticated,
    /// The same player connected again.
    Replaced,
    /// It reads too slowly.
    Slow,
    /// The edge stops.
    Draining,
}

impl End {
    /// The close code, and the reason beside it: for a slow reader its cursor, to resume by. At most 123 bytes.
    pub(crate) fn close(self, cursor: Cursor) -> Option<(u16, String)> {
        let (code, reason) = match self {
            Self::Gone => return None,
            Self::Protocol => (close_code::PROTOCOL, "not the protocol".to_owned()),
            Self::Unauthenticated => (close_code::UNAUTHENTICATED, "no valid token".to_owned()),
            Self::Replaced => (close_code::REPLACED, "connected again elsewhere".to_owned()),
            Self::Slow => (close_code::SLOW_CONSUMER, serde_json::to_string(&cursor).unwrap_or_default()),
            Self::Draining => (close_code::DRAINING, "this edge stops".to_owned()),
        };
        Some((code, reason))
    }
}

/// A connection's place.
#[derive(Debug)]
pub(crate) struct Seat {
    outlet: Outlet,
    end: watch::Sender<Option<End>>,
}

impl Seat {
    /// Waits until somebody ends the connection.
    pub(crate) async fn ended(&self) -> End {
        let mut end = self.end.subscribe();
        let ended = end.wait_for(Option::is_some).await.ok().and_then(|end| *end);
        ended.unwrap_or(End::Gone)
    }

    fn end(&self, why: End) {
        self.end.send_if_modified(|end| {
            let first = end.is_none();
            end.get_or_insert(why);
            first
        });
    }
}

/// All places.
#[derive(Debug, Default)]
pub(crate) struct Seats(Mutex<BTreeMap<PlayerId, Arc<Seat>>>);

impl Seats {
    /// The player's place is this connection's; the one before ends.
    pub(crate) fn take(&self, player: PlayerId, outlet: Outlet) -> Arc<Seat> {
        let seat = Arc::new(Seat { outlet, end: watch::Sender::new(None) });
        let before = self.0.lock().insert(player, Arc::clone(&seat));
        if let Some(before) = before {
            before.end(End::Replaced);
        }
        seat
    }

    pub(crate) fn leave(&self, player: PlayerId, connection: u64) {
        let mut seats = self.0.lock();
        if seats.get(&player).is_some_and(|seat| seat.outlet.connection() == connection) {
            seats.remove(&player);
        }
    }

    pub(crate) fn outlets(&self) -> Vec<Outlet> {
        self.0.lock().values().map(|seat| seat.outlet.clone()).collect()
    }

    pub(crate) fn end_all(&self, why: End) {
        self.0.lock().values().for_each(|seat| seat.end(why));
    }
}

#[cfg(test)]
mod tests {
    use ids::LeaseId;

    use super::*;

    const ANA: PlayerId = PlayerId::from_bytes([1; 16]);

    #[tokio::test]
    async fn the_newer_connection_of_a_player_ends_the_older_and_keeps_its_place() {
        let seats = Seats::default();
        let older = seats.take(ANA, Outlet::bounded(1, 1).0);
        let newer = seats.take(ANA, Outlet::bounded(2, 1).0);
        assert_eq!(older.ended().await, End::Replaced);
        seats.leave(ANA, 1);
        assert_eq!(seats.outlets().len(), 1, "the older one takes nothing with it");
        seats.end_all(End::Draining);
        assert_eq!(newer.ended().await, End::Draining);
        seats.leave(ANA, 2);
        assert!(seats.outlets().is_empty());
    }

    #[test]
    fn a_slow_readers_cursor_fits_a_close_frame() {
        let cursor = Cursor { lease: Some(LeaseId::from_bytes([255; 16])), deal: u64::MAX, core_seq: u64::MAX };
        let (code, reason) = End::Slow.close(cursor).unwrap();
        assert_eq!(code, 4429);
        assert!(reason.len() <= 123, "{reason}");
        assert_eq!(serde_json::from_str::<Cursor>(&reason).unwrap(), cursor);
    }
}
