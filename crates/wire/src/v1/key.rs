//! Players' session keys: WebCrypto Ed25519, or P-256 where a browser lacks it (fairness.md, "Who holds what").
//!
//! Verifying costs about 45 us (Ed25519) or 150 us (P-256). A key or signature that can't be parsed verifies nothing.

use ed25519_dalek::VerifyingKey;
use p256::ecdsa::signature::Verifier;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::hex::{Hex, HexBytes};

/// An Ed25519 signature, or a P-256 one as `r || s`.
pub type Signature = Hex<64>;

/// The public half of the key that a client made for its session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "alg", content = "public", rename_all = "lowercase", deny_unknown_fields)]
pub enum ClientKey {
    /// RFC 8032, the 32 bytes of the public key.
    Ed25519(Hex<32>),
    /// ECDSA with SHA-256 on P-256, the public key as an uncompressed or compressed SEC1 point.
    P256(HexBytes),
}

/// A client key that parsed, ready to verify many signatures.
#[derive(Clone, Debug)]
pub enum Verifies {
    /// Strict Ed25519: no small-order keys, no malleable signatures.
    Ed25519(VerifyingKey),
    /// ECDSA on P-256.
    P256(Box<p256::ecdsa::VerifyingKey>),
}

/// The key's bytes are no point of its curve.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a public key of the named algorithm")]
pub struct KeyError;

impl ClientKey {
    /// The parsed key.
    ///
    /// # Errors
    /// [`KeyError`] when the bytes are no key, or a weak one.
    pub fn parse(&self) -> Result<Verifies, KeyError> {
        match self {
            Self::Ed25519(public) => match VerifyingKey::from_bytes(&public.0) {
                Ok(key) if !key.is_weak() => Ok(Verifies::Ed25519(key)),
                _ => Err(KeyError),
            },
            Self::P256(point) => p256::ecdsa::VerifyingKey::from_sec1_bytes(&point.0)
                .map(|key| Verifies::P256(Box::new(key)))
                .map_err(|_| KeyError),
        }
    }
}

impl Verifies {
    /// Whether `signature` is this key's over `message`.
    #[must_use]
    pub fn accepts(&self, message: &[u8], signature: &Signature) -> bool {
        match self {
            Self::Ed25519(key) => {
                key.verify_strict(message, &ed25519_dalek::Signature::from_bytes(&signature.0)).is_ok()
            }
            Self::P256(key) => p256::ecdsa::Signature::from_slice(&signature.0)
                .is_ok_and(|signature| key.verify(message, &signature).is_ok()),
        }
    }
}

#[cfg(test)]
mod tests {
    use ed25519_dalek::{Signer, SigningKey};

    use super::*;

    #[test]
    fn each_algorithm_accepts_its_own_signature_and_no_other() {
        let signing = SigningKey::from_bytes(&[7; 32]);
        let key = ClientKey::Ed25519(Hex(signing.verifying_key().to_bytes())).parse().unwrap();
        let signature = Hex(signing.sign(b"bet").to_bytes());
        assert!(key.accepts(b"bet", &signature));
        assert!(!key.accepts(b"bets", &signature));
        assert!(!key.accepts(b"bet", &Hex([0; 64])));

        let signing = p256::ecdsa::SigningKey::from_slice(&[7; 32]).unwrap();
        let point = signing.verifying_key().to_sec1_point(true);
        let key = ClientKey::P256(HexBytes(point.as_bytes().to_vec())).parse().unwrap();
        let signature: p256::ecdsa::Signature = signing.sign(b"bet");
        let signature = Hex(signature.to_bytes().into());
        assert!(key.accepts(b"bet", &signature));
        assert!(!key.accepts(b"bets", &signature));
    }

    #[test]
    fn weak_and_malformed_keys_are_refused() {
        let identity = std::array::from_fn(|i| u8::from(i == 0));
        assert!(ClientKey::Ed25519(Hex(identity)).parse().is_err());
        assert!(
            ClientKey::P256(HexBytes(vec![2; 33])).parse().is_err()
                || ClientKey::P256(HexBytes(vec![])).parse().is_err()
        );
        assert!(ClientKey::P256(HexBytes(vec![])).parse().is_err());
    }
}
