//! The client's hash chain (fair1 section 4): c_(r-1) = H(L("fair1.chain") || c_r), c_0 = client_seed.
//!
//! Promise: whoever knows c_r can't find c_(r+1), so a server that has seen every nonce so far can't foresee the next key.
//! Cost: a chain for n deals is n hashes and 32 n bytes at the client.

use crate::hash::{Bytes32, CHAIN, sha256};
use crate::open::ClientMode;

/// c_(r-1) of c_r.
#[must_use]
pub fn previous(nonce: &Bytes32) -> Bytes32 {
    sha256(&[&CHAIN, nonce])
}

/// Whether `nonce` is the client nonce that the mode asks for.
///
/// `before` is the nonce of the deal before, or for the first deal the client seed; modes 0 and 1 don't look at it.
#[must_use]
pub fn nonce_follows(mode: ClientMode, before: &[u8], nonce: &Bytes32) -> bool {
    match mode {
        ClientMode::Server | ClientMode::Static => *nonce == [0; 32],
        ClientMode::Chain => previous(nonce).as_slice() == before,
    }
}

/// A client's whole chain, made backwards from a secret end.
#[derive(Clone)]
pub struct ClientChain {
    seed: Bytes32,
    nonces: Vec<Bytes32>,
}

impl ClientChain {
    /// A chain that lasts `deals` deals. `end` must be 32 fresh random bytes that only the client knows.
    #[must_use]
    pub fn new(end: Bytes32, deals: u32) -> Self {
        let mut nonces = Vec::new();
        let mut link = end;
        for _ in 0..deals {
            nonces.push(link);
            link = previous(&link);
        }
        nonces.reverse();
        Self { seed: link, nonces }
    }

    /// c_0: the client seed of the opening.
    #[must_use]
    pub fn client_seed(&self) -> Bytes32 {
        self.seed
    }

    /// c_r: the nonce of a deal, numbered from 1; none beyond the chain's end.
    #[must_use]
    pub fn nonce(&self, deal: u64) -> Option<Bytes32> {
        let index = usize::try_from(deal.checked_sub(1)?).ok()?;
        self.nonces.get(index).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_walks_from_the_client_seed_to_its_end() {
        let chain = ClientChain::new([9; 32], 5);
        let mut before = chain.client_seed();
        for deal in 1..=5 {
            let nonce = chain.nonce(deal).unwrap();
            assert!(nonce_follows(ClientMode::Chain, &before, &nonce));
            assert!(!nonce_follows(ClientMode::Chain, &nonce, &before));
            assert!(!nonce_follows(ClientMode::Static, &before, &nonce));
            before = nonce;
        }
        assert_eq!(before, [9; 32]);
        assert_eq!((chain.nonce(0), chain.nonce(6)), (None, None));
    }

    #[test]
    fn a_chain_of_no_deals_is_its_seed() {
        let chain = ClientChain::new([9; 32], 0);
        assert_eq!((chain.client_seed(), chain.nonce(1)), ([9; 32], None));
    }

    #[test]
    fn without_a_chain_the_nonce_is_zeros() {
        for mode in [ClientMode::Server, ClientMode::Static] {
            assert!(nonce_follows(mode, b"whatever", &[0; 32]));
            assert!(!nonce_follows(mode, b"whatever", &[1; 32]));
        }
    }
}
