//! A session's signing key: Ed25519, or P-256 as browsers without Ed25519 use it.

use ed25519_dalek::Signer;
use wire::v1::{ClientKey, Hex, HexBytes, Signature};

/// The private half.
#[derive(Debug)]
pub enum SessionKey {
    /// RFC 8032.
    Ed25519(Box<ed25519_dalek::SigningKey>),
    /// ECDSA on P-256 with SHA-256.
    P256(Box<p256::ecdsa::SigningKey>),
}

impl SessionKey {
    /// An Ed25519 key of 32 secret bytes.
    #[must_use]
    pub fn ed25519(secret: [u8; 32]) -> Self {
        Self::Ed25519(Box::new(ed25519_dalek::SigningKey::from_bytes(&secret)))
    }

    /// A P-256 key of 32 secret bytes; `None` for the few that are no scalar.
    #[must_use]
    pub fn p256(secret: [u8; 32]) -> Option<Self> {
        p256::ecdsa::SigningKey::from_slice(&secret).ok().map(|key| Self::P256(Box::new(key)))
    }

    /// The public half, as it goes into the lease.
    #[must_use]
    pub fn public(&self) -> ClientKey {
        match self {
            Self::Ed25519(key) => ClientKey::Ed25519(Hex(key.verifying_key().to_bytes())),
            Self::P256(key) => ClientKey::P256(HexBytes(key.verifying_key().to_sec1_point(false).as_bytes().to_vec())),
        }
    }

    /// The signature over `message`.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> Signature {
        match self {
            Self::Ed25519(key) => Hex(key.sign(message).to_bytes()),
            Self::P256(key) => {
                let signature: p256::ecdsa::Signature = key.sign(message);
                Hex(signature.to_bytes().into())
            }
        }
    }
}
