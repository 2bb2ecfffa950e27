//! The bet's hash and the two messages that are signed over it (fair1 section 6).
//!
//! Promise: B_r binds game, configuration, currency, stake, payload and nonce. Cost: one hash. Nothing can fail.

use crate::hash::{BET, BIND, Bytes32, INTENT, concat, sha256};

/// One bet, as fair1 hashes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bet {
    /// The deal's number in its lease, from 1.
    pub deal: u64,
    /// SHA-256 of the component's bytes.
    pub game: Bytes32,
    /// SHA-256 of the canonical configuration.
    pub params: Bytes32,
    /// The currency's code in ASCII, padded with zeros.
    pub currency: [u8; 8],
    /// Stake in minor units.
    pub stake_minor: u64,
    /// [`payload_hash`] of what the player sent to the game.
    pub payload_hash: Bytes32,
    /// c_r, or zeros.
    pub client_nonce: Bytes32,
}

impl Bet {
    /// B_r = H(L("fair1.bet") || deal u64 || game || params || currency\[8\] || stake u64 || H(payload) || client_nonce).
    #[must_use]
    pub fn hash(&self) -> Bytes32 {
        sha256(&[
            &BET,
            &self.deal.to_be_bytes(),
            &self.game,
            &self.params,
            &self.currency,
            &self.stake_minor.to_be_bytes(),
            &self.payload_hash,
            &self.client_nonce,
        ])
    }
}

/// H(payload): plain SHA-256 of the payload's bytes.
#[must_use]
pub fn payload_hash(payload: &[u8]) -> Bytes32 {
    sha256(&[payload])
}

/// What the client signs: L("fair1.intent") || O || B_r.
#[must_use]
pub fn intent_message(open: &Bytes32, bet: &Bytes32) -> [u8; 80] {
    concat(&[&INTENT, open, bet])
}

/// What the dealer signs, the player's receipt: L("fair1.bind") || O || B_r || played_ms.
///
/// `played_ms` is the dealer's own time, milliseconds since the Unix epoch.
#[must_use]
pub fn bind_message(open: &Bytes32, bet: &Bytes32, played_ms: u64) -> [u8; 88] {
    concat(&[&BIND, open, bet, &played_ms.to_be_bytes()])
}
