//! Seeds at rest: ChaCha20-Poly1305 under a key of the lease's own, derived from the room's key-encryption key.
//!
//! Promise: a stored seed opens only with a key of the ring and only as the seed of its own lease and commitment. Two
//! leases never share a key, so a repeated nonce can't happen. The key's id is stored with the row: a new key is put
//! first in the ring, and the older ones go on opening what they sealed.

use std::fmt;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{ChaCha20Poly1305, Key, Nonce};
use fairness::{Seed, commit, mac, sha256};
use ids::LeaseId;
use zeroize::Zeroizing;

use crate::SeedsError;

/// Key-encryption keys: the first seals, all open.
pub struct KeyRing {
    current: Zeroizing<[u8; 32]>,
    older: Vec<Zeroizing<[u8; 32]>>,
}

/// A seed as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedSeed {
    /// The lease it serves.
    pub lease: LeaseId,
    /// C.
    pub commit: [u8; 32],
    /// Which key-encryption key.
    pub(crate) key_id: [u8; 8],
    pub(crate) nonce: [u8; 12],
    pub(crate) ciphertext: Vec<u8>,
}

impl KeyRing {
    /// A ring that seals with `current` and also opens what `older` sealed.
    #[must_use]
    pub fn new(current: Zeroizing<[u8; 32]>, older: Vec<Zeroizing<[u8; 32]>>) -> Self {
        Self { current, older }
    }

    pub(crate) fn seal(&self, lease: LeaseId, seed: &Seed, nonce: [u8; 12]) -> Result<SealedSeed, SeedsError> {
        let commit = commit(seed);
        let associated = associated(lease, &commit);
        let ciphertext = cipher(&self.current, lease)
            .encrypt(&Nonce::from(nonce), Payload { msg: seed.as_bytes(), aad: &associated })
            .map_err(|_| SeedsError::Corrupt(lease))?;
        Ok(SealedSeed { lease, commit, key_id: key_id(&self.current), nonce, ciphertext })
    }

    pub(crate) fn open(&self, sealed: &SealedSeed) -> Result<Seed, SeedsError> {
        let corrupt = SeedsError::Corrupt(sealed.lease);
        let mut keys = std::iter::once(&self.current).chain(&self.older);
        let Some(key) = keys.find(|key| key_id(key) == sealed.key_id) else { return Err(corrupt) };
        let associated = associated(sealed.lease, &sealed.commit);
        let payload = Payload { msg: &sealed.ciphertext, aad: &associated };
        let Ok(opened) = cipher(key, sealed.lease).decrypt(&Nonce::from(sealed.nonce), payload) else {
            return Err(corrupt);
        };
        let opened = Zeroizing::new(opened);
        let Ok(bytes) = <[u8; 32]>::try_from(opened.as_slice()) else { return Err(corrupt) };
        let seed = Seed::from_bytes(bytes);
        if commit(&seed) == sealed.commit { Ok(seed) } else { Err(corrupt) }
    }
}

impl fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyRing({} keys)", self.older.len().saturating_add(1))
    }
}

fn key_id(key: &[u8; 32]) -> [u8; 8] {
    let digest = sha256(&[b"house-edge key id v1", key]);
    let mut id = [0; 8];
    id.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
    id
}

fn cipher(key: &[u8; 32], lease: LeaseId) -> ChaCha20Poly1305 {
    let of_lease = Zeroizing::new(mac(key, &[b"house-edge seed at rest v1", &lease.to_bytes()]));
    ChaCha20Poly1305::new(&Key::from(*of_lease))
}

fn associated(lease: LeaseId, commit: &[u8; 32]) -> Vec<u8> {
    [lease.to_bytes().as_slice(), commit].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring(bytes: &[u8]) -> KeyRing {
        let mut keys = bytes.iter().map(|byte| Zeroizing::new([*byte; 32]));
        KeyRing::new(keys.next().unwrap(), keys.collect())
    }

    #[test]
    fn a_sealed_seed_opens_with_its_key_even_after_a_newer_one_came() {
        let (lease, seed) = (LeaseId::from_bytes([1; 16]), Seed::from_bytes([9; 32]));
        let sealed = ring(&[1]).seal(lease, &seed, [5; 12]).unwrap();
        assert_eq!(ring(&[1]).open(&sealed).unwrap().as_bytes(), seed.as_bytes());
        assert_eq!(ring(&[2, 1]).open(&sealed).unwrap().as_bytes(), seed.as_bytes());
        assert!(matches!(ring(&[2]).open(&sealed), Err(SeedsError::Corrupt(_))));
        assert!(!sealed.ciphertext.windows(8).any(|window| window == [9; 8]));
    }

    #[test]
    fn a_seed_moved_to_another_lease_or_changed_does_not_open() {
        let sealed = ring(&[1]).seal(LeaseId::from_bytes([1; 16]), &Seed::from_bytes([9; 32]), [5; 12]).unwrap();
        let moved = SealedSeed { lease: LeaseId::from_bytes([2; 16]), ..sealed.clone() };
        let recommitted = SealedSeed { commit: [0; 32], ..sealed.clone() };
        let mut flipped = sealed.clone();
        flipped.ciphertext[3] ^= 1;
        for bad in [moved, recommitted, flipped] {
            assert!(matches!(ring(&[1]).open(&bad), Err(SeedsError::Corrupt(_))));
        }
    }
}
