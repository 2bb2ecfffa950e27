//! A closed lease as a file (fair1 section 10): what the core exports and everybody can verify offline.
//!
//! Promise: the exact JSON of the page, bytes as lowercase hex, and nothing else: an unknown or a doubled field is refused.
//! Beyond the page only `carried`, the round that an earlier lease left open, without which a replay can't go on with it.
//! What may go wrong: a file that isn't this, which [`Bundle::from_json`] says with line and column.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::bet::{Bet, payload_hash};
use crate::draw::{Draw, digest};
use crate::hash::{Bytes16, Bytes32};
use crate::hexed;
use crate::json::{JsonFault, read_json};
use crate::keys::{LeaseKey, RoundKey, Seed, lease_key, round_key};
use crate::link::Entry;
use crate::open::Opening;

/// The value of `spec`.
pub const SPEC: &str = "fair1";

/// Why a file is no bundle.
#[derive(Debug, Error)]
pub enum BundleError {
    /// A field is missing, unknown, doubled, or of another type; the path leads to it.
    #[error("not a lease bundle: {path}: {source}")]
    Field {
        /// Where in the file, such as `rounds[2].stake`.
        path: String,
        /// What was expected, with line and column.
        source: serde_json::Error,
    },
    /// Something stands after the bundle's end.
    #[error("not a lease bundle: {0}")]
    Trailing(#[source] serde_json::Error),
}

/// A closed lease.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bundle {
    /// [`SPEC`].
    pub spec: String,
    /// What the lease was opened with.
    pub open: BundleOpen,
    /// S, revealed.
    #[serde(with = "hexed")]
    pub seed: Bytes32,
    /// The deals, 1 first.
    pub rounds: Vec<Deal>,
    /// What the close says.
    pub close: Close,
    /// Signed-note verifier keys of the log's checkpoints; empty while no deal carries a proof.
    pub vkeys: Vec<String>,
    /// The round that was open when the lease began, if one was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carried: Option<Carried>,
}

/// The fields of an [`Opening`].
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BundleOpen {
    #[serde(with = "hexed")]
    pub lease_id: Bytes16,
    #[serde(with = "hexed")]
    pub commit: Bytes32,
    #[serde(with = "hexed")]
    pub player: Bytes32,
    #[serde(with = "hexed")]
    pub client_seed: Vec<u8>,
    pub client_mode: u8,
    pub beacon_kind: u8,
    pub beacon_round: u64,
    #[serde(with = "hexed")]
    pub beacon_value: Bytes32,
    pub issued_ms: u64,
    pub expires_ms: u64,
    pub max_rounds: u32,
}

/// One deal of the lease. The page calls it a round.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deal {
    /// Its number, from 1.
    pub round: u64,
    /// SHA-256 of the component's bytes.
    #[serde(with = "hexed")]
    pub game: Bytes32,
    /// SHA-256 of the canonical configuration.
    #[serde(with = "hexed")]
    pub params: Bytes32,
    /// ASCII code padded with zeros.
    #[serde(with = "hexed")]
    pub currency: [u8; 8],
    /// Stake in minor units.
    pub stake: u64,
    /// What the player sent to the game.
    #[serde(with = "hexed")]
    pub payload: Vec<u8>,
    /// c_r, or zeros.
    #[serde(with = "hexed")]
    pub client_nonce: Bytes32,
    /// SHA-256 of the outcome's bytes; zeros for a void deal.
    #[serde(with = "hexed")]
    pub outcome: Bytes32,
    /// Win in minor units.
    pub win: u64,
    /// The dealer's time, milliseconds since the Unix epoch.
    pub played_ms: u64,
    /// The edge that served it.
    #[serde(with = "hexed")]
    pub edge: Bytes16,
    /// Every draw in call order: stream, bound, value.
    pub draws: Vec<(u64, u64, u64)>,
    /// link_r.
    #[serde(with = "hexed")]
    pub link: Bytes32,
    /// A C2SP tlog-proof as text, once deals are in the transparency log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<String>,
}

/// What the closing entry says.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Close {
    /// Number of deals.
    pub rounds: u64,
    /// The last deal's link; O for a lease without deals.
    #[serde(with = "hexed")]
    pub last_link: Bytes32,
}

/// A round that an earlier lease of the player left unfinished, as this lease found it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Carried {
    /// SHA-256 of the component that the round is pinned to.
    #[serde(with = "hexed")]
    pub game: Bytes32,
    /// SHA-256 of the configuration that the round is pinned to.
    #[serde(with = "hexed")]
    pub params: Bytes32,
    /// The game's state after the round's last deal.
    #[serde(with = "hexed")]
    pub state: Vec<u8>,
    /// Staked in the round so far, in minor units.
    pub stake: u64,
    /// Won in the round so far, in minor units.
    pub win: u64,
    /// Deals of the round so far.
    pub deals: u32,
    /// What may be done next and its price: action, minor units.
    pub offers: Vec<(u32, u64)>,
}

impl Bundle {
    /// Reads a bundle.
    ///
    /// # Errors
    /// [`BundleError`]: not JSON, a field missing, unknown, doubled or of another type; with its path, line and column.
    pub fn from_json(json: &[u8]) -> Result<Self, BundleError> {
        read_json(json).map_err(|fault| match fault {
            JsonFault::Field { path, source } => BundleError::Field { path, source },
            JsonFault::Trailing(source) => BundleError::Trailing(source),
        })
    }

    /// KL, from the revealed seed and the opening.
    #[must_use]
    pub fn lease_key(&self) -> LeaseKey {
        lease_key(&Seed::from_bytes(self.seed), &self.open.opening().hash())
    }
}

impl BundleOpen {
    /// The opening to hash and check.
    #[must_use]
    pub fn opening(&self) -> Opening {
        Opening {
            lease_id: self.lease_id,
            commit: self.commit,
            player: self.player,
            client_seed: self.client_seed.clone(),
            client_mode: self.client_mode,
            beacon_kind: self.beacon_kind,
            beacon_round: self.beacon_round,
            beacon_value: self.beacon_value,
            issued_ms: self.issued_ms,
            expires_ms: self.expires_ms,
            max_rounds: self.max_rounds,
        }
    }
}

impl From<&Opening> for BundleOpen {
    fn from(open: &Opening) -> Self {
        Self {
            lease_id: open.lease_id,
            commit: open.commit,
            player: open.player,
            client_seed: open.client_seed.clone(),
            client_mode: open.client_mode,
            beacon_kind: open.beacon_kind,
            beacon_round: open.beacon_round,
            beacon_value: open.beacon_value,
            issued_ms: open.issued_ms,
            expires_ms: open.expires_ms,
            max_rounds: open.max_rounds,
        }
    }
}

impl Deal {
    /// B_r's fields.
    #[must_use]
    pub fn bet(&self) -> Bet {
        Bet {
            deal: self.round,
            game: self.game,
            params: self.params,
            currency: self.currency,
            stake_minor: self.stake,
            payload_hash: payload_hash(&self.payload),
            client_nonce: self.client_nonce,
        }
    }

    /// The draws as records.
    #[must_use]
    pub fn record(&self) -> Vec<Draw> {
        self.draws.iter().map(|(stream, bound, value)| Draw { stream: *stream, bound: *bound, value: *value }).collect()
    }

    /// K_r under a lease key.
    #[must_use]
    pub fn round_key(&self, lease: &LeaseKey) -> RoundKey {
        round_key(lease, self.round, &self.game, &self.params, &self.client_nonce)
    }

    /// link_r's fields, over the draws as stored.
    #[must_use]
    pub fn entry(&self, lease_id: Bytes16, prev: Bytes32) -> Entry {
        Entry {
            lease_id,
            deal: self.round,
            bet: self.bet().hash(),
            draws: digest(&self.record()),
            outcome: self.outcome,
            stake_minor: self.stake,
            win_minor: self.win,
            played_ms: self.played_ms,
            edge: self.edge,
            prev,
        }
    }
}
