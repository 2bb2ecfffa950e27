//! What a folded record means for the money and for the player.

use ids::{Digest, GameId};
use money::Amount;
use wire::v1::client::{Offered, VoidCause};
use wire::v1::lease::{CarriedRound, CloseReason};

/// The meaning of one record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// The lease began.
    Opened,
    /// A deal was decided.
    Deal(Box<FoldedDeal>),
    /// The escrow grew by this, minor units.
    ToppedUp(Amount),
    /// The log ended.
    Closed(ClosedLease),
}

/// A decided deal. Amounts are minor units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoldedDeal {
    /// Its number.
    pub deal: u64,
    /// The game, when the lease pins it; a void deal may name none.
    pub game: Option<GameId>,
    /// Taken from the escrow. Zero for a deal that broke the lease's terms: it could not be paid for, or must not be.
    pub stake_minor: Amount,
    /// Paid into the escrow.
    pub win_minor: Amount,
    /// Given back into the escrow.
    pub refund_minor: Amount,
    /// Why it is void, if it is.
    pub void: Option<VoidCause>,
    /// Whether no round is open after it.
    pub finished: bool,
    /// What may be done next, and its price.
    pub offers: Vec<Offered>,
    /// Escrow left after it.
    pub in_play_minor: Amount,
    /// B_r.
    pub bet: Digest,
    /// SHA-256 of the outcome's bytes; zeros when void.
    pub outcome: Digest,
    /// link_r.
    pub link: Digest,
    /// The dealer's time.
    pub played_ms: u64,
}

/// The end of a lease. Amounts are minor units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClosedLease {
    /// What is left of the escrow and goes back to the player.
    pub returned_minor: Amount,
    /// Deals in all.
    pub deals: u64,
    /// The last link; O when there was no deal.
    pub last_link: Digest,
    /// Why it ended.
    pub reason: CloseReason,
    /// A round that the player's next lease goes on with.
    pub carried: Option<CarriedRound>,
}
