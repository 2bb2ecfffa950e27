//! A lease's key, encrypted to the one dealer that will hold it: HPKE base mode (RFC 9180) with X25519, HKDF-SHA256 and
//! ChaCha20-Poly1305, the lease id and O as associated data.

use fairness::LeaseKey;
use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::{Kem, X25519HkdfSha256};
use hpke::{Deserializable, OpModeS, Serializable, single_shot_seal_with_rng};
use ids::LeaseId;
use wire::v1::dealer::SealedKey;
use wire::v1::{Hex, HexBytes};

use crate::SeedsError;
use crate::randomness::{Drawn, Randomness};

/// Encrypts KL to the dealer whose X25519 public key is `dealer`.
///
/// # Errors
/// [`SeedsError::BadDealerKey`], or no randomness.
pub fn seal_lease_key(
    randomness: &Randomness,
    dealer: &Hex<32>,
    lease: LeaseId,
    open: &Hex<32>,
    key: &LeaseKey,
) -> Result<SealedKey, SeedsError> {
    let public = <X25519HkdfSha256 as Kem>::PublicKey::from_bytes(&dealer.0).map_err(|_| SeedsError::BadDealerKey)?;
    let mut drawn = Drawn::new(randomness.bytes()?);
    let (enc, ciphertext) = single_shot_seal_with_rng::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
        &OpModeS::Base,
        &public,
        SealedKey::INFO,
        key.as_bytes(),
        &SealedKey::associated(lease, open),
        &mut drawn,
    )
    .map_err(|_| SeedsError::BadDealerKey)?;
    if drawn.ran_dry() {
        return Err(SeedsError::NoRandomness("the key exchange asked for more than was drawn".to_owned()));
    }
    Ok(SealedKey { enc: Hex(enc.to_bytes().into()), ciphertext: HexBytes(ciphertext) })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use clock::ManualClock;
    use hpke::{OpModeR, single_shot_open};
    use parking_lot::Mutex;

    use super::*;
    use crate::generator::Generator;
    use crate::source::Hardware;

    type PrivateKey = <X25519HkdfSha256 as Kem>::PrivateKey;

    fn open(secret: &PrivateKey, sealed: &SealedKey, lease: LeaseId, o: &Hex<32>) -> Option<Vec<u8>> {
        let enc = <X25519HkdfSha256 as Kem>::EncappedKey::from_bytes(&sealed.enc.0).unwrap();
        single_shot_open::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
            &OpModeR::Base,
            secret,
            &enc,
            SealedKey::INFO,
            &sealed.ciphertext.0,
            &SealedKey::associated(lease, o),
        )
        .ok()
    }

    #[test]
    fn only_the_dealer_opens_it_and_only_for_its_lease() {
        let generator = Generator::start(Hardware::Absent, Arc::new(ManualClock::at(1))).unwrap();
        let randomness = Randomness(Arc::new(Mutex::new(generator)));
        let (secret, public) = X25519HkdfSha256::derive_keypair(&[3; 32]);
        let (stranger, _) = X25519HkdfSha256::derive_keypair(&[4; 32]);
        let (lease, o, key) = (LeaseId::from_bytes([1; 16]), Hex([2; 32]), LeaseKey::from_bytes([7; 32]));
        let dealer = Hex(public.to_bytes().into());
        let sealed = seal_lease_key(&randomness, &dealer, lease, &o, &key).unwrap();
        let again = seal_lease_key(&randomness, &dealer, lease, &o, &key).unwrap();
        assert_ne!(sealed.enc, again.enc);
        assert_eq!(open(&secret, &sealed, lease, &o).unwrap(), [7; 32]);
        assert_eq!(open(&stranger, &sealed, lease, &o), None);
        assert_eq!(open(&secret, &sealed, LeaseId::from_bytes([9; 16]), &o), None);
        assert_eq!(open(&secret, &sealed, lease, &Hex([9; 32])), None);
    }
}
