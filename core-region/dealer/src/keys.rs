//! The dealer's two key pairs: X25519, to which the core seals lease keys (HPKE base mode, RFC 9180), and Ed25519, which signs receipts.

use std::fmt;
use std::path::Path;

use ed25519_dalek::{Signer, SigningKey};
use fairness::LeaseKey;
use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::{Kem, X25519HkdfSha256};
use hpke::{Deserializable, OpModeR, Serializable, single_shot_open};
use ids::LeaseId;
use wire::v1::dealer::SealedKey;
use wire::v1::{Hex, Signature};
use zeroize::Zeroizing;

use crate::{KeyError, key_file};

/// What the dealer keeps to itself.
pub struct DealerKeys {
    open: <X25519HkdfSha256 as Kem>::PrivateKey,
    open_public: Hex<32>,
    sign: SigningKey,
}

impl fmt::Debug for DealerKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DealerKeys").field("hpke_public", &self.open_public).finish_non_exhaustive()
    }
}

impl DealerKeys {
    /// The keys that follow from two secrets of 32 bytes.
    #[must_use]
    pub fn new(hpke: &[u8; 32], signing: &[u8; 32]) -> Self {
        let (open, public) = X25519HkdfSha256::derive_keypair(hpke);
        Self { open, open_public: Hex(public.to_bytes().into()), sign: SigningKey::from_bytes(signing) }
    }

    /// The keys in two files that [`crate::keygen`] made.
    ///
    /// # Errors
    /// [`KeyError`] when one is missing, open to others, or no key.
    pub fn load(hpke: &Path, signing: &Path) -> Result<Self, KeyError> {
        Ok(Self::new(&*key_file::load(hpke)?, &*key_file::load(signing)?))
    }

    /// The public key to which the core seals.
    #[must_use]
    pub const fn hpke_public(&self) -> Hex<32> {
        self.open_public
    }

    /// The public key that receipts verify with.
    #[must_use]
    pub fn signing_public(&self) -> Hex<32> {
        Hex(self.sign.verifying_key().to_bytes())
    }

    /// KL of one lease.
    ///
    /// # Errors
    /// [`KeyError::Sealed`] when it was sealed to another dealer, for another lease or another opening.
    pub fn unseal(&self, sealed: &SealedKey, lease: LeaseId, open: &Hex<32>) -> Result<LeaseKey, KeyError> {
        let enc = <X25519HkdfSha256 as Kem>::EncappedKey::from_bytes(&sealed.enc.0).map_err(|_| KeyError::Sealed)?;
        let opened = single_shot_open::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
            &OpModeR::Base,
            &self.open,
            &enc,
            SealedKey::INFO,
            &sealed.ciphertext.0,
            &SealedKey::associated(lease, open),
        );
        let plain = Zeroizing::new(opened.map_err(|_| KeyError::Sealed)?);
        let key = Zeroizing::new(<[u8; 32]>::try_from(plain.as_slice()).map_err(|_| KeyError::Sealed)?);
        Ok(LeaseKey::from_bytes(*key))
    }

    /// The signature of a receipt: over L("fair1.bind") || O || B_r || played_ms.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> Signature {
        Hex(self.sign.sign(message).to_bytes())
    }
}
