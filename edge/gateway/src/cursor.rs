//! Where a client stands after each frame: written as frames leave, so it never runs ahead of them.

use play::Moves;
use wire::v1::client::{Cursor, ServerBody};

/// The cursor of one connection.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Standing(Cursor);

impl Standing {
    /// Where the client says that it stands.
    pub(crate) fn at(cursor: Option<Cursor>) -> Self {
        Self(cursor.unwrap_or_default())
    }

    pub(crate) fn cursor(&self) -> Cursor {
        self.0
    }

    /// The cursor after a frame. It never goes back within a lease or in wallet events.
    pub(crate) fn after(&mut self, body: &ServerBody, moves: Moves) -> Cursor {
        let cursor = &mut self.0;
        match body {
            ServerBody::Result(result) if cursor.lease == Some(result.lease) => {
                cursor.deal = cursor.deal.max(result.deal)
            }
            ServerBody::Opened(opened) if cursor.lease != Some(opened.terms.opening.lease) => {
                (cursor.lease, cursor.deal) = (Some(opened.terms.opening.lease), 0);
            }
            ServerBody::Wallet(event) => cursor.core_seq = cursor.core_seq.max(event.core_seq),
            _ => {}
        }
        if let Some((lease, deal)) = moves.lease {
            (cursor.lease, cursor.deal) = (Some(lease), deal);
        }
        if let Some(core_seq) = moves.core_seq {
            cursor.core_seq = core_seq;
        }
        *cursor
    }
}

#[cfg(test)]
mod tests {
    use ids::{Digest, LeaseId, PlayerId};
    use money::{Amount, Currency};
    use wire::v1::Hex;
    use wire::v1::client::{DealResult, Receipt};
    use wire::v1::wallet::{WalletBody, WalletEvent};

    use super::*;

    const LEASE: LeaseId = LeaseId::from_bytes([1; 16]);
    const OTHER: LeaseId = LeaseId::from_bytes([2; 16]);

    fn result(lease: LeaseId, deal: u64) -> ServerBody {
        let zeros = Digest::from_bytes([0; 32]);
        ServerBody::Result(Box::new(DealResult {
            lease,
            deal,
            stake_minor: Amount::ZERO,
            win_minor: Amount::ZERO,
            void: None,
            finished: true,
            offers: vec![],
            events: vec![],
            in_play_minor: Amount::ZERO,
            outcome: zeros,
            link: zeros,
            receipt: Receipt { bet: Hex([0; 32]), played_ms: 0, signature: Hex([0; 64]) },
        }))
    }

    fn wallet(core_seq: u64) -> ServerBody {
        let body = WalletBody::Deposited { currency: Currency::EUR, amount_minor: Amount::ZERO };
        ServerBody::Wallet(WalletEvent { player: PlayerId::from_bytes([3; 16]), core_seq, at_ms: 0, body })
    }

    #[test]
    fn results_of_the_lease_and_wallet_events_move_it_on_and_nothing_moves_it_back() {
        let mut standing = Standing::at(Some(Cursor { lease: Some(LEASE), deal: 4, core_seq: 9 }));
        let none = Moves::default();
        assert_eq!(standing.after(&result(LEASE, 5), none).deal, 5);
        assert_eq!(standing.after(&result(LEASE, 2), none).deal, 5, "a result that was asked for again");
        assert_eq!(standing.after(&result(OTHER, 7), none).deal, 5, "a lease of before");
        assert_eq!(standing.after(&wallet(10), none).core_seq, 10);
        assert_eq!(standing.after(&ServerBody::Pong { sent_ms: 0 }, none), standing.cursor());
    }

    #[test]
    fn a_welcome_and_a_snapshot_set_it() {
        let mut standing = Standing::at(None);
        let welcome = Moves { lease: Some((LEASE, 3)), core_seq: Some(8) };
        let pong = ServerBody::Pong { sent_ms: 0 };
        assert_eq!(standing.after(&pong, welcome), Cursor { lease: Some(LEASE), deal: 3, core_seq: 8 });
        assert_eq!(standing.after(&pong, Moves { lease: None, core_seq: Some(20) }).core_seq, 20);
    }
}
