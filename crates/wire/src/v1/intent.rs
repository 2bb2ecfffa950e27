//! A player's signed intent: one bet of one deal (fairness.md section 6).

use fairness::Bet;
use ids::{Digest, LeaseId};
use money::{Amount, Currency};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::payload::{MAX_PAYLOAD_BYTES, Payload, PayloadError};
use super::{Hex, Signature};

/// What the player wants, signed with the session's key over L("fair1.intent") || O || B_r.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SignedIntent {
    /// The lease.
    pub lease: LeaseId,
    /// The deal's number: 1, 2, 3 … in its lease.
    pub deal: u64,
    /// SHA-256 of the component.
    pub game: Digest,
    /// SHA-256 of its configuration.
    pub params: Digest,
    /// The lease's currency.
    pub currency: Currency,
    /// Stake of this deal, minor units: the sum of the bets, or the action's price.
    pub stake_minor: Amount,
    /// Canonical JSON: see [`Payload`].
    pub payload: String,
    /// Zeros (mode 1) or c_r (mode 2).
    pub client_nonce: Hex<32>,
    /// The session key's signature.
    pub signature: Signature,
}

/// Why an intent can't even be hashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IntentError {
    /// The stake is negative.
    #[error("stake is negative")]
    NegativeStake,
    /// The payload is longer than [`MAX_PAYLOAD_BYTES`].
    #[error("payload is too long")]
    PayloadTooLong,
}

impl SignedIntent {
    /// B_r, the bet's hash.
    ///
    /// # Errors
    /// [`IntentError`] when the fields do not fit fair1's layout.
    pub fn bet_hash(&self) -> Result<[u8; 32], IntentError> {
        if self.payload.len() > MAX_PAYLOAD_BYTES {
            return Err(IntentError::PayloadTooLong);
        }
        let bet = Bet {
            deal: self.deal,
            game: self.game.to_bytes(),
            params: self.params.to_bytes(),
            currency: self.currency.to_bytes(),
            stake_minor: self.stake_minor.unsigned().ok_or(IntentError::NegativeStake)?,
            payload_hash: fairness::payload_hash(self.payload.as_bytes()),
            client_nonce: self.client_nonce.0,
        };
        Ok(bet.hash())
    }

    /// The payload, parsed.
    ///
    /// # Errors
    /// [`PayloadError`] when it is not canonical.
    pub fn parse_payload(&self) -> Result<Payload, PayloadError> {
        Payload::parse(&self.payload)
    }
}
