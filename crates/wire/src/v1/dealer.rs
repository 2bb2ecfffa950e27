//! What edges and the core ask of a dealer.
//!
//! A dealer trusts subjects, not payloads: only the core's credentials may publish to its control subjects, only the edges
//! of its region to its requests.

use ids::{DealerId, EdgeId, LeaseId, PlayerId, RegionId};
use money::Amount;
use serde::{Deserialize, Serialize};

use super::intent::SignedIntent;
use super::lease::{CloseReason, LeaseTerms};
use super::record::Record;
use super::{Hex, HexBytes};

/// `rpc.dealer.<dealer>.bind`: bind this bet, then show its draw key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BindRequest {
    /// The edge that asks.
    pub edge: EdgeId,
    /// The lease's epoch as the edge knows it.
    pub epoch: u32,
    /// Records of the lease that the edge has: the answer brings the others.
    pub known_records: u32,
    /// What the player signed.
    pub intent: SignedIntent,
}

/// The bet is durably bound.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BindReply {
    /// K_r of this deal.
    pub round_key: Hex<32>,
    /// The records from `known_records` on, in order; the deal's own is among them unless the edge had it already.
    pub records: Vec<Record>,
}

/// `rpc.dealer.<dealer>.recover`: an edge that lost its memory of a lease takes it up again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecoverRequest {
    /// The edge that asks; only the lease's own edge is answered.
    pub edge: EdgeId,
    /// The player at the other end of the connection.
    pub player: PlayerId,
    /// The lease.
    pub lease: LeaseId,
}

/// What an edge needs beside the log, which it reads from its own region's stream.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecoverReply {
    /// Records in the log.
    pub records: u32,
    /// The lease's epoch.
    pub epoch: u32,
    /// K_r of deal 1, 2, 3 …: all of them are bound.
    pub round_keys: Vec<Hex<32>>,
    /// The lease's time to live.
    pub valid_until_ms: u64,
    /// Whether the log is closed.
    pub closed: bool,
}

/// KL, encrypted to one dealer (HPKE base mode, X25519, HKDF-SHA256, ChaCha20-Poly1305; the lease id and O are the
/// associated data).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SealedKey {
    /// The encapsulated key.
    pub enc: Hex<32>,
    /// KL's ciphertext and tag.
    pub ciphertext: HexBytes,
}

impl SealedKey {
    /// HPKE's `info`.
    pub const INFO: &'static [u8] = b"house-edge lease key v1";

    /// The associated data: lease id, then O.
    #[must_use]
    pub fn associated(lease: LeaseId, open: &Hex<32>) -> Vec<u8> {
        [lease.to_bytes().as_slice(), open.0.as_slice()].concat()
    }
}

/// `ctl.dealer.<dealer>.open`: take this lease. Sent again after a lost answer, and to a dealer that restarted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenLease {
    /// The lease's terms.
    pub terms: LeaseTerms,
    /// Its key.
    pub key: SealedKey,
    /// Its time to live.
    pub valid_until_ms: u64,
}

/// `ctl.dealer.<dealer>.renew`: these leases live on. No answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Renew {
    /// The leases.
    pub leases: Vec<LeaseId>,
    /// Their new time to live.
    pub valid_until_ms: u64,
}

/// `ctl.dealer.<dealer>.topup`: write this top-up into the log, once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TopUpLease {
    /// The lease.
    pub lease: LeaseId,
    /// Top-ups of a lease count from 1.
    pub grant: u32,
    /// Minor units.
    pub amount_minor: Amount,
}

/// `ctl.dealer.<dealer>.close`: write the closing record, and forget the key. Answered again with the same record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CloseLease {
    /// The lease.
    pub lease: LeaseId,
    /// The region whose stream holds the log, for a dealer that never heard of the lease.
    pub log_region: RegionId,
    /// The fencing epoch.
    pub epoch: u32,
    /// Why.
    pub reason: CloseReason,
}

/// The answer of `open`, `topup` and `close`: the record that now stands in the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Appended {
    /// It.
    pub record: Record,
}

/// `rpc.core.dealer.<dealer>.sync`: a dealer that (re)started asks for its leases, page by page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SyncRequest {
    /// The dealer that asks.
    pub dealer: DealerId,
    /// Leases after this one, in the order of ids; `None` for the first page.
    pub after: Option<LeaseId>,
}

/// One page of a dealer's open leases.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SyncReply {
    /// The leases; an empty page is the end.
    pub leases: Vec<OpenLease>,
}
