//! A lease from offer to terms (fairness.md sections 2 and 3).
//!
//! The core makes the offer, with the seed's commitment and every field of the opening except the client's own; the client
//! picks its seed, computes O by itself, signs it, and only then does the core move money and give out the terms.

use ids::{DealerId, Digest, EdgeId, GameId, LeaseId, PlayerId, RegionId};
use money::{Amount, Currency};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::client::Offered;
use super::{ClientKey, Hex, HexBytes, Signature};

/// Where the dealer of a lease stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Placement {
    /// Beside the edge, in its region.
    #[default]
    Regional,
    /// In the core: one more network round trip, for jackpots, high stakes and jurisdictions that ask for it.
    Strict,
}

/// What a client asks an offer for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OfferRequest {
    /// Currency of the escrow.
    pub currency: Currency,
    /// Minor units to take from the player's cash into the lease's escrow.
    pub escrow_minor: Amount,
    /// Where the dealer should stand; a rule may make it strict anyway.
    #[serde(default)]
    pub placement: Placement,
}

/// The core's commitment to a seed that serves this lease only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LeaseOffer {
    /// The lease that the offer becomes.
    pub lease: LeaseId,
    /// C: SHA-256 commitment to the lease's seed.
    pub commit: Hex<32>,
    /// When the offer was made.
    pub offer_ms: u64,
    /// The player's pseudonym in the opening.
    pub player_tag: Hex<32>,
    /// Opening field: no deal is bound before.
    pub issued_ms: u64,
    /// Opening field: no deal is bound after.
    pub expires_ms: u64,
    /// Opening field: the most deals.
    pub max_rounds: u32,
    /// The core's Ed25519 signature over [`LeaseOffer::message`].
    pub signature: Signature,
}

impl LeaseOffer {
    /// What the core signs: [`fairness::offer_message`].
    #[must_use]
    pub fn message(&self) -> [u8; 72] {
        fairness::offer_message(&self.lease.to_bytes(), &self.commit.0, self.offer_ms)
    }

    /// The opening that the client and the core sign, once the client has picked its seed.
    #[must_use]
    pub fn opening(&self, client_seed: HexBytes, client_mode: u8) -> Opening {
        Opening {
            lease: self.lease,
            commit: self.commit,
            player_tag: self.player_tag,
            client_seed,
            client_mode,
            beacon_kind: 0,
            beacon_round: 0,
            beacon_value: Hex([0; 32]),
            issued_ms: self.issued_ms,
            expires_ms: self.expires_ms,
            max_rounds: self.max_rounds,
        }
    }
}

/// The client's half of the opening.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenRequest {
    /// The offered lease.
    pub lease: LeaseId,
    /// 16 to 64 bytes (mode 1) or exactly 32 (mode 2).
    pub client_seed: HexBytes,
    /// 1 = static, 2 = hash chain. Mode 0 (chosen by the server) can't be asked for.
    pub client_mode: u8,
    /// The session's signing key.
    pub client_key: ClientKey,
    /// The session key's signature over O.
    pub signature: Signature,
}

/// Every field of fair1's opening (fairness.md section 3); O is its hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Opening {
    /// `lease_id`
    pub lease: LeaseId,
    /// C
    pub commit: Hex<32>,
    /// `player_tag`
    pub player_tag: Hex<32>,
    /// `client_seed`
    pub client_seed: HexBytes,
    /// `client_mode`
    pub client_mode: u8,
    /// `beacon_kind`: 0, no beacon.
    pub beacon_kind: u8,
    /// `beacon_round`
    pub beacon_round: u64,
    /// `beacon_value`
    pub beacon_value: Hex<32>,
    /// `issued_ms`
    pub issued_ms: u64,
    /// `expires_ms`
    pub expires_ms: u64,
    /// `max_rounds`
    pub max_rounds: u32,
}

impl Opening {
    /// The same in fair1's own terms, to be checked and hashed.
    #[must_use]
    pub fn to_fair1(&self) -> fairness::Opening {
        fairness::Opening {
            lease_id: self.lease.to_bytes(),
            commit: self.commit.0,
            player: self.player_tag.0,
            client_seed: self.client_seed.0.clone(),
            client_mode: self.client_mode,
            beacon_kind: self.beacon_kind,
            beacon_round: self.beacon_round,
            beacon_value: self.beacon_value.0,
            issued_ms: self.issued_ms,
            expires_ms: self.expires_ms,
            max_rounds: self.max_rounds,
        }
    }
}

/// A game as this lease plays it: the odds never change inside a lease.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PinnedGame {
    /// The catalogue's name.
    pub game: GameId,
    /// SHA-256 of the component's bytes.
    pub digest: Digest,
    /// SHA-256 of `config`.
    pub params: Digest,
    /// The canonical configuration that every call is given.
    pub config: String,
    /// Shortest time between two deals of this game, milliseconds.
    pub min_cycle_ms: u64,
}

/// What the lease allows. An edge can't exceed it, even cut off from the core.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Least stake of a deal that opens a round, minor units.
    pub min_stake_minor: Amount,
    /// Most stake of one deal, minor units.
    pub max_stake_minor: Amount,
    /// Most that stakes may exceed wins by, minor units.
    pub max_loss_minor: Amount,
}

/// A round that began in an earlier lease and goes on in this one, exactly where it stood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CarriedRound {
    /// The component that opened it.
    pub digest: Digest,
    /// Its configuration.
    pub params: Digest,
    /// Staked in the round so far, minor units.
    pub stake_minor: Amount,
    /// Won in the round so far, minor units.
    pub win_minor: Amount,
    /// Deals of the round so far.
    pub deals: u32,
    /// The game's own state.
    pub state: HexBytes,
    /// What may be done next, and its price.
    pub offers: Vec<Offered>,
}

/// All that a dealer, an edge and settlement need to know of a lease. Fixed at its opening.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LeaseTerms {
    /// Whose money it is.
    pub player: PlayerId,
    /// Where it is played.
    pub region: RegionId,
    /// The edge that holds it.
    pub edge: EdgeId,
    /// The dealer that binds its deals, and whose region's stream holds its log.
    pub dealer: DealerId,
    /// The region whose stream holds the log: the edge's own, or `core` for strict placement.
    pub log_region: RegionId,
    /// Fencing number: an edge that knows a lower one has lost the lease.
    pub epoch: u32,
    /// Currency of everything in the lease.
    pub currency: Currency,
    /// Escrowed at the opening, minor units.
    pub escrow_minor: Amount,
    /// What the lease allows.
    pub limits: Limits,
    /// The games, each pinned to its bytes.
    pub games: Vec<PinnedGame>,
    /// A round to finish first, if one was left open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carried: Option<CarriedRound>,
    /// The player's session key.
    pub client_key: ClientKey,
    /// fair1's opening.
    pub opening: Opening,
    /// O, the opening's hash.
    pub open: Hex<32>,
    /// The session key's signature over O.
    pub client_signature: Signature,
    /// The core's Ed25519 signature over O.
    pub core_signature: Signature,
}

/// Why a lease's log was closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CloseReason {
    /// The player asked.
    Asked,
    /// Its time is over.
    Expired,
    /// All its deals are used.
    DealsUsedUp,
    /// The escrow or the exposure reached its cap.
    Cap,
    /// A new release of a game.
    Release,
    /// The player moved to another edge, or the edge fell silent.
    Fenced,
    /// The edge is stopping.
    Draining,
    /// It never opened: the dealer could not be told.
    Unopened,
}
