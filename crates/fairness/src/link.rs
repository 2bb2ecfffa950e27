//! The chain of settled deals and their blinded log entries (fair1 sections 6 and 7).
//!
//! Promise: a link binds everything about a deal and the link before it; an entry shows nothing of the deal to whoever lacks KL.
//! Cost: one hash a link, one MAC a blind. Nothing can fail.

use crate::hash::{BLIND, Bytes16, Bytes32, ENTRY, FINAL, LEAF, OFFER, concat, mac, sha256};
use crate::keys::{LeaseKey, Seed};

/// One settled deal, as fair1 links it. Amounts are minor units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The lease.
    pub lease_id: Bytes16,
    /// The deal's number, from 1.
    pub deal: u64,
    /// B_r.
    pub bet: Bytes32,
    /// D_r.
    pub draws: Bytes32,
    /// SHA-256 of the outcome bytes that the game returned; zeros for a void deal.
    pub outcome: Bytes32,
    /// What was staked.
    pub stake_minor: u64,
    /// What was won.
    pub win_minor: u64,
    /// The dealer's time of the bet, milliseconds since the Unix epoch.
    pub played_ms: u64,
    /// The edge that served the deal.
    pub edge: Bytes16,
    /// The link before; for deal 1 the opening's hash O.
    pub prev: Bytes32,
}

impl Entry {
    /// link_r = H(L("fair1.entry") || lease_id || deal || B_r || D_r || outcome || stake || win || played_ms || edge || prev).
    #[must_use]
    pub fn link(&self) -> Bytes32 {
        sha256(&[
            &ENTRY,
            &self.lease_id,
            &self.deal.to_be_bytes(),
            &self.bet,
            &self.draws,
            &self.outcome,
            &self.stake_minor.to_be_bytes(),
            &self.win_minor.to_be_bytes(),
            &self.played_ms.to_be_bytes(),
            &self.edge,
            &self.prev,
        ])
    }
}

/// blind_r = MAC(KL, L("fair1.blind") || deal u64).
#[must_use]
pub fn blind(lease: &LeaseKey, deal: u64) -> Bytes32 {
    mac(lease.as_bytes(), &[&BLIND, &deal.to_be_bytes()])
}

/// Log entry kind 2, an opening: 0x02 || O || C.
#[must_use]
pub fn open_entry(open: &Bytes32, commit: &Bytes32) -> [u8; 65] {
    concat(&[&[0x02], open, commit])
}

/// Log entry kind 3, a deal: 0x03 || H(L("fair1.leaf") || blind_r || link_r).
#[must_use]
pub fn deal_entry(blind: &Bytes32, link: &Bytes32) -> [u8; 33] {
    concat(&[&[0x03], &sha256(&[&LEAF, blind, link])])
}

/// Log entry kind 4, a close: 0x04 || O || deals u64 || last_link || H(L("fair1.final") || S).
///
/// The last link of a lease without deals is O.
#[must_use]
pub fn close_entry(open: &Bytes32, deals: u64, last_link: &Bytes32, seed: &Seed) -> [u8; 105] {
    concat(&[&[0x04], open, &deals.to_be_bytes(), last_link, &sha256(&[&FINAL, seed.as_bytes()])])
}

/// Log entry kind 7, an offer: 0x07 || C || H(L("fair1.offer") || lease_id || C || offer_ms u64).
///
/// fair1 gives the kind and leaves the layout open: this is the project's. The hash is over what the core signs.
#[must_use]
pub fn offer_entry(lease_id: &Bytes16, commit: &Bytes32, offer_ms: u64) -> [u8; 65] {
    concat(&[&[0x07], commit, &sha256(&[&OFFER, lease_id, commit, &offer_ms.to_be_bytes()])])
}

/// Leaf hash of an entry, RFC 6962 section 2.1: H(0x00 || entry).
#[must_use]
pub fn leaf_hash(entry: &[u8]) -> Bytes32 {
    sha256(&[&[0x00], entry])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commit::offer_message;

    #[test]
    fn leaf_hashes_are_those_of_rfc_6962() {
        // The empty leaf of the test vectors of RFC 6962's reference implementation.
        assert_eq!(hex::encode(leaf_hash(b"")), "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
    }

    #[test]
    fn entries_carry_their_kind_and_their_parts_in_order() {
        let open = open_entry(&[1; 32], &[2; 32]);
        assert_eq!((open[0], &open[1..33], &open[33..]), (2, [1u8; 32].as_slice(), [2u8; 32].as_slice()));
        let close = close_entry(&[1; 32], 258, &[3; 32], &Seed::from_bytes([4; 32]));
        assert_eq!(
            (close[0], &close[33..41], &close[41..73]),
            (4, [0u8, 0, 0, 0, 0, 0, 1, 2].as_slice(), [3u8; 32].as_slice())
        );
        assert_eq!(close[73..], sha256(&[b"fair1.final\0\0\0\0\0", &[4; 32]]));
        let offer = offer_entry(&[5; 16], &[2; 32], 7);
        assert_eq!((offer[0], &offer[1..33]), (7, [2u8; 32].as_slice()));
        assert_eq!(offer[33..], sha256(&[&offer_message(&[5; 16], &[2; 32], 7)]));
    }
}
