//! A batch: what the store appends at once, and the head that chains it to the one before.

use ids::PlayerId;
use money::{Amount, Currency};

use super::account::AccountRow;
use super::hash::{self, Hash};
use super::row::TransferRow;

/// The header of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BatchHead {
    /// Which shard.
    pub shard: u16,
    /// Its number in the shard, from 1 without a gap: the fence.
    pub no: u64,
    /// Which incarnation of the writer, one more at each opening.
    pub epoch: u64,
    /// The number of its first row.
    pub first_seq: u64,
    /// How many rows.
    pub n: u32,
    /// The number of the shard's last wallet event after it.
    pub last_event: u64,
    /// When, Unix milliseconds: the wall clock, or one more than the batch before, whichever is later.
    pub posted_ms: u64,
    /// Merkle root over its rows.
    pub root: Hash,
    /// The hash of the batch before; zeros for the first.
    pub prev_hash: Hash,
    /// The hash of this one.
    pub hash: Hash,
}

impl BatchHead {
    /// What stands before the first batch of a shard.
    #[must_use]
    pub const fn genesis(shard: u16) -> Self {
        Self {
            shard,
            no: 0,
            epoch: 0,
            first_seq: 1,
            n: 0,
            last_event: 0,
            posted_ms: 0,
            root: [0; 32],
            prev_hash: [0; 32],
            hash: [0; 32],
        }
    }

    /// The number that the next row gets.
    #[must_use]
    pub fn next_seq(&self) -> u64 {
        self.first_seq.saturating_add(u64::from(self.n))
    }

    /// Whether the hash is that of the header.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.no == 0 || self.hash == hash::batch(self)
    }
}

/// A wallet event as it stands in the outbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboxRow {
    /// Its number in the shard, from 1 without a gap: the order of publishing.
    pub event_no: u64,
    /// Whose.
    pub player: PlayerId,
    /// Its number among the player's, from 1 without a gap.
    pub core_seq: u64,
    /// When its batch was posted, Unix milliseconds.
    pub posted_ms: u64,
    /// The currency of the unit's first command.
    pub currency: Currency,
    /// The player's cash in that currency right after the unit.
    pub cash_after: Amount,
    /// What the caller wrote, JSON.
    pub body: String,
    /// The caller's trace id.
    pub trace: Option<String>,
}

/// What one append writes, all or nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// The header.
    pub head: BatchHead,
    /// The rows in order; never empty.
    pub rows: Vec<TransferRow>,
    /// The accounts it touched, as they stand after it, by number.
    pub accounts: Vec<AccountRow>,
    /// The wallet events in order.
    pub events: Vec<OutboxRow>,
    /// The last event number of each player in `events`, by player.
    pub wallet_heads: Vec<(PlayerId, u64)>,
}
