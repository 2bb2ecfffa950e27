//! The two primitives of fair1, SHA-256 and HMAC-SHA-256 over fixed-width parts, and every label.
//!
//! Promise: a label is 16 bytes by its type, so no two layouts can run into each other. Cost: one hash. Nothing can fail.

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

/// 32 bytes: a hash, a key, a digest of a component or a seed.
pub type Bytes32 = [u8; 32];
/// 16 bytes: a lease id or an edge id.
pub type Bytes16 = [u8; 16];

pub(crate) const COMMIT: Bytes16 = *b"fair1.commit\0\0\0\0";
pub(crate) const OFFER: Bytes16 = *b"fair1.offer\0\0\0\0\0";
pub(crate) const OPEN: Bytes16 = *b"fair1.open\0\0\0\0\0\0";
pub(crate) const CLIENT_SEED: Bytes16 = *b"fair1.cseed\0\0\0\0\0";
pub(crate) const CHAIN: Bytes16 = *b"fair1.chain\0\0\0\0\0";
pub(crate) const LEASE: Bytes16 = *b"fair1.lease\0\0\0\0\0";
pub(crate) const ROUND: Bytes16 = *b"fair1.round\0\0\0\0\0";
pub(crate) const DRAWS: Bytes16 = *b"fair1.draws\0\0\0\0\0";
pub(crate) const BET: Bytes16 = *b"fair1.bet\0\0\0\0\0\0\0";
pub(crate) const INTENT: Bytes16 = *b"fair1.intent\0\0\0\0";
pub(crate) const BIND: Bytes16 = *b"fair1.bind\0\0\0\0\0\0";
pub(crate) const ENTRY: Bytes16 = *b"fair1.entry\0\0\0\0\0";
pub(crate) const BLIND: Bytes16 = *b"fair1.blind\0\0\0\0\0";
pub(crate) const LEAF: Bytes16 = *b"fair1.leaf\0\0\0\0\0\0";
pub(crate) const FINAL: Bytes16 = *b"fair1.final\0\0\0\0\0";
pub(crate) const RESEED: Bytes16 = *b"fair1.reseed\0\0\0\0";
pub(crate) const SEED: Bytes16 = *b"fair1.seed\0\0\0\0\0\0";
pub(crate) const PLAYER: Bytes16 = *b"fair1.player\0\0\0\0";

/// SHA-256 of the parts, one after the other with nothing between them.
#[must_use]
pub fn sha256(parts: &[&[u8]]) -> Bytes32 {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part);
    }
    hasher.finalize().into()
}

/// HMAC-SHA-256 (RFC 2104) of the parts, one after the other with nothing between them.
#[must_use]
pub fn mac(key: &Bytes32, parts: &[&[u8]]) -> Bytes32 {
    // RFC 2104: a key shorter than the hash's block of 64 bytes is padded with zeros.
    let mut block = zeroize::Zeroizing::new([0u8; 64]);
    for (to, from) in block.iter_mut().zip(key) {
        *to = *from;
    }
    let mut hmac = Hmac::<Sha256>::new(&(*block).into());
    for part in parts {
        hmac.update(part);
    }
    hmac.finalize().into_bytes().into()
}

/// The pseudonym of a player in an opening: MAC(secret, L("fair1.player") || H(player id)).
///
/// fair1 asks for a MAC pseudonym and leaves its input open: this is the project's. Without the secret, nobody can tell which
/// player a tag belongs to, nor try all ids.
#[must_use]
pub fn player_tag(secret: &Bytes32, player_id: &[u8]) -> Bytes32 {
    mac(secret, &[&PLAYER, &sha256(&[player_id])])
}

/// The parts in an array of exactly `N` bytes; the caller's types guarantee the length.
pub(crate) fn concat<const N: usize>(parts: &[&[u8]]) -> [u8; N] {
    debug_assert_eq!(parts.iter().map(|part| part.len()).sum::<usize>(), N);
    let mut out = [0u8; N];
    for (to, from) in out.iter_mut().zip(parts.iter().flat_map(|part| part.iter())) {
        *to = *from;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_label_is_its_text_padded_with_zeros_and_occurs_once() {
        let labels = [
            COMMIT,
            OFFER,
            OPEN,
            CLIENT_SEED,
            CHAIN,
            LEASE,
            ROUND,
            DRAWS,
            BET,
            INTENT,
            BIND,
            ENTRY,
            BLIND,
            LEAF,
            FINAL,
            RESEED,
            SEED,
            PLAYER,
        ];
        let mut seen = std::collections::BTreeSet::new();
        for label in labels {
            let text = label.iter().take_while(|byte| **byte != 0).count();
            assert!(label[..text].starts_with(b"fair1."));
            assert!(label[text..].iter().all(|byte| *byte == 0));
            assert!(seen.insert(label));
        }
    }

    #[test]
    fn mac_gives_the_known_answers_of_rfc_4231() {
        // Test cases 1 to 4: keys that fit 32 bytes, zero-padded as RFC 2104 does.
        let check = |key: &[u8], data: &[u8], expected: &str| {
            let mut padded = [0u8; 32];
            padded[..key.len()].copy_from_slice(key);
            assert_eq!(hex::encode(mac(&padded, &[data])), expected);
            let (left, right) = data.split_at(data.len() / 2);
            assert_eq!(hex::encode(mac(&padded, &[left, right])), expected);
        };
        check(&[0x0b; 20], b"Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
        check(
            b"Jefe",
            b"what do ya want for nothing?",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        );
        check(&[0xaa; 20], &[0xdd; 50], "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
        let counting: Vec<u8> = (1..=25).collect();
        check(&counting, &[0xcd; 50], "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b");
    }

    #[test]
    fn player_tags_differ_by_player_and_by_secret() {
        let tag = player_tag(&[1; 32], b"ana");
        assert_ne!(tag, player_tag(&[1; 32], b"bo"));
        assert_ne!(tag, player_tag(&[2; 32], b"ana"));
        assert_eq!(tag, player_tag(&[1; 32], b"ana"));
    }
}
