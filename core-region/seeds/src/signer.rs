//! The core's Ed25519 key: it signs offers (fairness.md section 2) and openings (section 3). Cost: about 20 us a signature.

use std::fmt;

use ed25519_dalek::{Signer, SigningKey};
use wire::v1::lease::LeaseOffer;
use wire::v1::{Hex, Signature};

use crate::error::KeyFileError;
use crate::key_file::SecretFile;

/// The core's signing key.
pub struct CoreSigner(SigningKey);

impl CoreSigner {
    /// The key with this secret.
    #[must_use]
    pub fn from_secret(secret: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(secret))
    }

    /// The key in `file`; a new one when there is no file yet.
    ///
    /// # Errors
    /// [`KeyFileError`].
    pub fn load_or_generate(file: &SecretFile) -> Result<Self, KeyFileError> {
        file.load_or_generate().map(|secret| Self::from_secret(&secret))
    }

    /// The public key, as edges, dealers and verifiers are given it.
    #[must_use]
    pub fn public(&self) -> Hex<32> {
        Hex(self.0.verifying_key().to_bytes())
    }

    /// The signature of an offer, whose own signature field is not looked at.
    #[must_use]
    pub fn sign_offer(&self, offer: &LeaseOffer) -> Signature {
        Hex(self.0.sign(&offer.message()).to_bytes())
    }

    /// The signature over O.
    #[must_use]
    pub fn sign_open(&self, open: &Hex<32>) -> Signature {
        Hex(self.0.sign(&open.0).to_bytes())
    }
}

impl fmt::Debug for CoreSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CoreSigner({:?})", self.public())
    }
}
