//! What can be wrong with a lease bundle, one variant a rule of fair1.
//!
//! Promise: each message names the deal and the fields that can be at fault, in the words of the file. A hash over many fields
//! can't tell which of them was changed: then all that the other checks leave open are named.

use thiserror::Error;

use crate::draw::DrawError;
use crate::open::OpeningError;

/// One fault of a bundle. `deal` is the position in `rounds`, counted from 1.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Problem {
    /// Another or no version of this scheme.
    #[error("spec: expected \"fair1\", found {0:?}")]
    Spec(String),
    /// C is not the commitment to S.
    #[error("open.commit is not the commitment to seed: one of the two was changed")]
    Commit,
    /// The opening breaks a rule.
    #[error("open: {0}")]
    Opening(OpeningError),
    /// Something that only a transparency log's checkpoint could back.
    #[error(
        "deal {deal}: proof: this verifier checks no inclusion proofs, and the file can't be called verified with one"
    )]
    Proof {
        /// Which deal.
        deal: u64,
    },
    /// Keys without a proof to check with them.
    #[error("vkeys: {0} verifier keys, but no deal carries a proof")]
    VerifierKeys(usize),
    /// Numbers that don't run 1, 2, 3.
    #[error("deal {deal}: round is {found}: deals must be numbered without a gap")]
    Contiguity {
        /// Which deal.
        deal: u64,
        /// Its number in the file.
        found: u64,
    },
    /// More deals than the opening allows.
    #[error("deal {deal}: beyond open.max_rounds {max_rounds}")]
    TooManyDeals {
        /// Which deal.
        deal: u64,
        /// The limit.
        max_rounds: u32,
    },
    /// A bet outside the lease's time.
    #[error("deal {deal}: played_ms {played_ms} is outside open.issued_ms..open.expires_ms")]
    Time {
        /// Which deal.
        deal: u64,
        /// The dealer's time.
        played_ms: u64,
    },
    /// The nonce does not follow.
    #[error("deal {deal}: client_nonce does not follow from the one before (from open.client_seed for deal 1)")]
    Nonce {
        /// Which deal.
        deal: u64,
    },
    /// A draw that the deal's key does not give.
    #[error(
        "deal {deal}: draws[{index}]: stream {stream} below {bound} gives {expected}, the file says {found}: \
         draws, seed, an open field, or the deal's round, game, params or client_nonce was changed"
    )]
    Draw {
        /// Which deal.
        deal: u64,
        /// Which of its draws, counted from 0.
        index: usize,
        /// The stream.
        stream: u64,
        /// The bound.
        bound: u64,
        /// What the key gives.
        expected: u64,
        /// What the file says.
        found: u64,
    },
    /// A draw that no game can have made.
    #[error("deal {deal}: draws[{index}]: {error}")]
    DrawRefused {
        /// Which deal.
        deal: u64,
        /// Which of its draws, counted from 0.
        index: usize,
        /// Why it can't be.
        error: DrawError,
    },
    /// Only the link itself was changed: what follows agrees with the recomputed one.
    #[error("deal {deal}: link was changed: the deal's fields and what follows agree with another")]
    LinkField {
        /// Which deal.
        deal: u64,
    },
    /// A link that is not the hash of its deal.
    #[error("deal {deal}: link is not the hash of the deal: one of {} was changed", suspects(*.deal, *.drawn))]
    Link {
        /// Which deal.
        deal: u64,
        /// Whether the deal has draws, and all of them agree with its key.
        drawn: bool,
    },
    /// The close counts other deals.
    #[error("close.rounds is {closed}, the file has {found} deals")]
    CloseCount {
        /// What the close says.
        closed: u64,
        /// Deals in the file.
        found: u64,
    },
    /// The close names another last link.
    #[error("close.last_link is not the last deal's link (a lease without deals: not the hash of the open fields)")]
    CloseLink,
}

/// The fields that a wrong link leaves open: the key has vouched for some when draws agree.
fn suspects(deal: u64, drawn: bool) -> &'static str {
    match (deal, drawn) {
        (1, true) => "draws, currency, stake, payload, outcome, win, played_ms, edge, link, or open.lease_id",
        (1, false) => {
            "round, game, params, currency, stake, payload, client_nonce, draws, outcome, win, played_ms, edge, link, or of open's \
             lease_id, commit, player, client_seed, client_mode, beacon_kind, beacon_round, beacon_value, issued_ms, expires_ms, max_rounds"
        }
        (_, true) => {
            "draws, currency, stake, payload, outcome, win, played_ms, edge, link, open.lease_id, or the link before"
        }
        (_, false) => {
            "round, game, params, currency, stake, payload, client_nonce, draws, outcome, win, played_ms, edge, link, open.lease_id, \
             or the link before"
        }
    }
}
