//! Seed, lease key and round key (fair1 sections 1 and 4), each its own type, wiped when dropped and never printed.
//!
//! Promise: a seed can't be passed where a round key is meant. Stake and payload are not arguments of [`round_key`]: a draw can't
//! depend on the amount wagered. What may go wrong: copies that a caller makes with `as_bytes` are the caller's to wipe.

use core::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::hash::{Bytes32, LEASE, ROUND, mac};

macro_rules! secret {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Zeroize, ZeroizeOnDrop)]
        pub struct $name(Bytes32);

        impl $name {
            /// Takes 32 bytes for this secret.
            #[must_use]
            pub fn from_bytes(bytes: Bytes32) -> Self {
                Self(bytes)
            }

            /// The 32 bytes, to seal, store or show them.
            #[must_use]
            pub fn as_bytes(&self) -> &Bytes32 {
                &self.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(..)"))
            }
        }
    };
}

secret! {
    /// S: the seed of one lease. Known to the seeds room and settlement alone until it is revealed.
    Seed
}
secret! {
    /// KL: what a dealer holds of a lease, until the lease closes.
    LeaseKey
}
secret! {
    /// K_r: the key of one deal's draws, shown once its bet is bound.
    RoundKey
}

/// KL = MAC(S, L("fair1.lease") || O), with O the opening's hash.
#[must_use]
pub fn lease_key(seed: &Seed, open: &Bytes32) -> LeaseKey {
    LeaseKey(mac(seed.as_bytes(), &[&LEASE, open]))
}

/// K_r = MAC(KL, L("fair1.round") || deal u64 || game\[32\] || params\[32\] || client_nonce\[32\]).
///
/// `game` is the SHA-256 of the component's bytes, `params` of the canonical configuration.
#[must_use]
pub fn round_key(lease: &LeaseKey, deal: u64, game: &Bytes32, params: &Bytes32, client_nonce: &Bytes32) -> RoundKey {
    RoundKey(mac(lease.as_bytes(), &[&ROUND, &deal.to_be_bytes(), game, params, client_nonce]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_does_not_print_its_bytes() {
        let shown = format!("{:?} {:?}", Seed::from_bytes([7; 32]), LeaseKey::from_bytes([7; 32]));
        assert_eq!(shown, "Seed(..) LeaseKey(..)");
    }

    #[test]
    fn each_argument_of_a_round_key_changes_it() {
        let key = LeaseKey::from_bytes([1; 32]);
        let base = *round_key(&key, 1, &[2; 32], &[3; 32], &[4; 32]).as_bytes();
        let others = [
            round_key(&LeaseKey::from_bytes([0; 32]), 1, &[2; 32], &[3; 32], &[4; 32]),
            round_key(&key, 2, &[2; 32], &[3; 32], &[4; 32]),
            round_key(&key, 1, &[3; 32], &[2; 32], &[4; 32]),
            round_key(&key, 1, &[2; 32], &[4; 32], &[3; 32]),
        ];
        for other in others {
            assert_ne!(base, *other.as_bytes());
        }
    }
}
