//! The opening of a lease and its hash O (fair1 section 3), with the rules that an opening must keep.
//!
//! Promise: O binds every field; `hash` works on any values, since vectors contain arbitrary ones, and [`Opening::check`] says
//! whether they are those of a real lease. Cost: two hashes.

use thiserror::Error;

use crate::hash::{Bytes16, Bytes32, CLIENT_SEED, OPEN, sha256};

/// Who chose the client seed, and how the client's nonces run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientMode {
    /// 0: the server chose it; must be shown as "not player-seeded".
    Server,
    /// 1: one static seed of 16..64 bytes; nonces are zeros.
    Static,
    /// 2: the seed is the tip of the client's hash chain; nonces walk the chain.
    Chain,
}

impl ClientMode {
    /// The byte that stands for the mode in an opening.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::Server => 0,
            Self::Static => 1,
            Self::Chain => 2,
        }
    }

    /// The mode of a byte.
    ///
    /// # Errors
    /// [`OpeningError::Mode`] for a byte that fair1 does not define.
    pub fn try_from_code(code: u8) -> Result<Self, OpeningError> {
        match code {
            0 => Ok(Self::Server),
            1 => Ok(Self::Static),
            2 => Ok(Self::Chain),
            other => Err(OpeningError::Mode(other)),
        }
    }
}

/// Where public randomness of the opening comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BeaconKind {
    /// 0: no beacon; round 0 and a value of zeros.
    None,
    /// 1: drand quicknet, the first round strictly after the client seed arrived; the value is SHA-256(signature).
    DrandQuicknet,
}

impl BeaconKind {
    /// The byte that stands for the kind in an opening.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::None => 0,
            Self::DrandQuicknet => 1,
        }
    }
}

/// Everything a lease is opened with, as fair1 hashes it. Times are milliseconds since the Unix epoch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opening {
    /// The lease.
    pub lease_id: Bytes16,
    /// C, the commitment to the lease's seed.
    pub commit: Bytes32,
    /// player_tag: the MAC pseudonym of the player.
    pub player: Bytes32,
    /// The client's raw seed bytes.
    pub client_seed: Vec<u8>,
    /// A [`ClientMode`] code.
    pub client_mode: u8,
    /// A [`BeaconKind`] code.
    pub beacon_kind: u8,
    /// The beacon's round, 0 without a beacon.
    pub beacon_round: u64,
    /// The beacon's value, zeros without a beacon.
    pub beacon_value: Bytes32,
    /// First moment at which a bet is good.
    pub issued_ms: u64,
    /// Last moment at which a bet is good.
    pub expires_ms: u64,
    /// Most deals the lease may have.
    pub max_rounds: u32,
}

/// Why an opening is not that of a real lease.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum OpeningError {
    /// The mode byte is none of 0, 1, 2.
    #[error("client_mode {0} does not exist")]
    Mode(u8),
    /// The seed's length does not fit the mode.
    #[error("client_seed of {length} bytes does not fit client_mode {mode}")]
    SeedLength {
        /// The mode byte.
        mode: u8,
        /// Bytes of the seed.
        length: usize,
    },
    /// The beacon byte is none of 0, 1.
    #[error("beacon_kind {0} does not exist")]
    Beacon(u8),
    /// Kind 0 with a round or a value.
    #[error("beacon_kind 0 goes with beacon_round 0 and a beacon_value of zeros")]
    BeaconNotEmpty,
    /// Issued after it expires.
    #[error("issued_ms is after expires_ms")]
    Window,
    /// No deal is allowed.
    #[error("max_rounds is 0")]
    NoDeals,
}

impl Opening {
    /// O: the hash of the opening, which the client and the core sign.
    #[must_use]
    pub fn hash(&self) -> Bytes32 {
        sha256(&[
            &OPEN,
            &self.lease_id,
            &self.commit,
            &self.player,
            &sha256(&[&CLIENT_SEED, &self.client_seed]),
            &[self.client_mode, self.beacon_kind],
            &self.beacon_round.to_be_bytes(),
            &self.beacon_value,
            &self.issued_ms.to_be_bytes(),
            &self.expires_ms.to_be_bytes(),
            &self.max_rounds.to_be_bytes(),
        ])
    }

    /// The client's mode.
    ///
    /// # Errors
    /// [`OpeningError::Mode`] for a byte that fair1 does not define.
    pub fn mode(&self) -> Result<ClientMode, OpeningError> {
        ClientMode::try_from_code(self.client_mode)
    }

    /// Whether the fields keep the rules of fair1 section 3: mode, seed length, beacon, window, number of deals.
    ///
    /// # Errors
    /// The first rule that is broken, in the order of the fields.
    pub fn check(&self) -> Result<(), OpeningError> {
        let length = self.client_seed.len();
        let fits = match self.mode()? {
            ClientMode::Server | ClientMode::Static => (16..=64).contains(&length),
            ClientMode::Chain => length == 32,
        };
        if !fits {
            return Err(OpeningError::SeedLength { mode: self.client_mode, length });
        }
        match self.beacon_kind {
            0 if self.beacon_round != 0 || self.beacon_value != [0; 32] => return Err(OpeningError::BeaconNotEmpty),
            0 | 1 => {}
            other => return Err(OpeningError::Beacon(other)),
        }
        if self.issued_ms > self.expires_ms {
            return Err(OpeningError::Window);
        }
        if self.max_rounds == 0 { Err(OpeningError::NoDeals) } else { Ok(()) }
    }
}
