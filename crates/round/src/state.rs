//! A lease's state: its fixed terms, and how far its log has been folded.

use std::sync::Arc;

use ids::Digest;
use money::Amount;
use serde::{Deserialize, Serialize};
use wire::v1::HexBytes;
use wire::v1::client::Offered;
use wire::v1::lease::{CarriedRound, LeaseTerms};
use wire::v1::record::{Closed, Record, RecordBody};

use crate::LogFault;

/// A lease between two records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeaseState {
    /// Fixed at the opening.
    pub terms: Arc<LeaseTerms>,
    /// Moved on by each record.
    pub progress: Progress,
}

/// What changes in a lease. Settlement stores it with each batch of postings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Progress {
    /// Records folded, and so the next record's index.
    pub records: u32,
    /// SHA-256 of the last record; zeros before the first.
    pub prev: Digest,
    /// Time of the last record.
    pub at_ms: u64,
    /// Deals folded; the next one is this plus one.
    pub deals: u64,
    /// link of the last deal; O before the first.
    pub link: Digest,
    /// The nonce that the next one is checked against; empty before the first deal.
    pub nonce: HexBytes,
    /// Time of the last deal that opened a round; 0 before the first.
    pub round_opened_ms: u64,
    /// Escrow left, minor units.
    pub in_play_minor: Amount,
    /// All stakes so far less refunds, minor units.
    pub staked_minor: Amount,
    /// All wins so far, minor units.
    pub won_minor: Amount,
    /// Top-ups so far.
    pub topups: u32,
    /// The round that waits for an action.
    pub round: Option<OpenRound>,
    /// The end, once it is there.
    pub closed: Option<Closed>,
}

/// A round that is not over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenRound {
    /// The component that opened it, and its configuration.
    pub digest: Digest,
    /// SHA-256 of the configuration.
    pub params: Digest,
    /// Staked in it so far, minor units.
    pub stake_minor: Amount,
    /// Won in it so far, minor units.
    pub win_minor: Amount,
    /// Deals in it so far.
    pub deals: u32,
    /// The game's own state.
    pub state: HexBytes,
    /// What may be done next, and its price.
    pub offers: Vec<Offered>,
}

impl LeaseState {
    /// A lease whose log is still empty.
    #[must_use]
    pub fn new(terms: Arc<LeaseTerms>) -> Self {
        let progress = Progress {
            records: 0,
            prev: Digest::from_bytes([0; 32]),
            at_ms: 0,
            deals: 0,
            link: Digest::from_bytes(terms.open.0),
            nonce: HexBytes(Vec::new()),
            round_opened_ms: 0,
            in_play_minor: terms.escrow_minor,
            staked_minor: Amount::ZERO,
            won_minor: Amount::ZERO,
            topups: 0,
            round: terms.carried.clone().map(OpenRound::from),
            closed: None,
        };
        Self { terms, progress }
    }

    /// The state of the log's first record alone, as an edge learns of a lease.
    ///
    /// # Errors
    /// [`LogFault::OutOfPlace`] when the record does not open a log.
    pub fn from_opening(record: &Record) -> Result<Self, LogFault> {
        let RecordBody::Opened(terms) = &record.body else {
            return Err(LogFault::OutOfPlace { index: record.index });
        };
        let (state, _) = Self::new(Arc::new((**terms).clone())).apply(record, crate::IntentSignature::Valid, None)?;
        Ok(state)
    }

    /// The number of the next deal.
    #[must_use]
    pub fn next_deal(&self) -> u64 {
        self.progress.deals.saturating_add(1)
    }

    /// What the open round offers; nothing when none is open.
    #[must_use]
    pub fn offers(&self) -> &[Offered] {
        self.progress.round.as_ref().map_or(&[], |round| &round.offers)
    }
}

impl From<CarriedRound> for OpenRound {
    fn from(carried: CarriedRound) -> Self {
        let CarriedRound { digest, params, stake_minor, win_minor, deals, state, offers } = carried;
        Self { digest, params, stake_minor, win_minor, deals, state, offers }
    }
}

impl From<OpenRound> for CarriedRound {
    fn from(round: OpenRound) -> Self {
        let OpenRound { digest, params, stake_minor, win_minor, deals, state, offers } = round;
        Self { digest, params, stake_minor, win_minor, deals, state, offers }
    }
}
